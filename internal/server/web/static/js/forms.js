// The forms of templates, buttons and menus: what is filled in, what is wrong
// with it, and how it looks to the buyer. The limits come with the form and are
// judged by the server again.

import { all, find, on } from "./dom.js";

const nearLimit = 0.8;
const length = (s) => [...s].length;
const clone = (form, name) => find(`template[data-new=${name}]`, form).content.firstElementChild.cloneNode(true);
const part = (root, name) => find(`[data-part=${name}]`, root);
const value = (root, name) => part(root, name)?.value.trim() ?? "";
const list = (root, name) => find(`[data-list=${name}]`, root);

/** Begins a form, with what was typed into it before. */
export function start(form, before) {
  if (form.dataset.form === "template") {
    all("[data-variable]", form).forEach((input, i) => { input.value = before?.variables[i] ?? ""; });
  } else {
    for (const name of ["header", "body", "footer"]) part(form, name).value = before?.[name] ?? "";
    if (form.dataset.form === "buttons") for (const title of before?.buttons ?? ["", ""]) addButton(form, title);
    else {
      part(form, "menu-button").value = before?.menu.button ?? form.dataset.menuButton;
      for (const section of before?.menu.sections ?? [{ rows: [{ title: "" }, { title: "" }] }]) addSection(form, section);
    }
  }
  changed(form);
}

function addButton(form, title = "") {
  const one = clone(form, "button");
  part(one, "button").value = title;
  list(form, "buttons").append(one);
  return one;
}

function addRow(form, rows, { title = "", description = "" } = {}) {
  const one = clone(form, "row");
  part(one, "row").value = title;
  part(one, "hint").value = description;
  rows.append(one);
  return one;
}

function addSection(form, { title = "", rows = [{}] } = {}) {
  const one = clone(form, "section");
  part(one, "section").value = title;
  list(form, "sections").append(one);
  for (const row of rows) addRow(form, list(one, "rows"), row);
  return one;
}

/** Gives what a form says, as the server takes it. */
export function collect(form) {
  if (form.dataset.form === "template") {
    return { name: form.dataset.name, language: form.dataset.language, variables: all("[data-variable]", form).map((input) => input.value.trim()) };
  }
  const out = { kind: form.dataset.form, header: value(form, "header"), body: value(form, "body"), footer: value(form, "footer") };
  if (out.kind === "buttons") out.buttons = all("[data-part=button]", form).map((input) => input.value.trim());
  else {
    const sections = all(".composed-section", form);
    out.menu = {
      button: value(form, "menu-button"),
      sections: sections.map((section) => ({
        title: sections.length > 1 ? value(section, "section") : "",
        rows: all(".composed-row", section).map((row) => ({ title: value(row, "row"), description: value(row, "hint") })),
      })),
    };
  }
  return out;
}

// What is wrong.

// count shows how much room is left in a field, near its limit and past it.
function count(input) {
  const most = Number(input.dataset.most || Infinity), n = length(input.value.trim());
  const counter = find(".counter", input.closest(".field"));
  counter.hidden = n < most * nearLimit;
  counter.textContent = `${n}/${most}`;
  counter.classList.toggle("over", n > most);
  return n <= most;
}

/** Tells whether a form may be sent. whole says also what is missing, and goes there. */
export function judge(form, whole = false) {
  // Marked before the focus moves: leaving a field judges again, without whole.
  if (whole) for (const input of all("[data-variable]", form)) input.dataset.left = "yes";
  const trouble = form.dataset.form === "template" ? judgeTemplate(form) : judgeInteractive(form, whole);
  const error = find(".composer-error", form);
  if (form.dataset.form !== "template") {
    error.textContent = trouble?.words ?? "";
    error.hidden = !trouble;
  }
  if (trouble && whole) trouble.input?.focus();
  return !trouble;
}

function judgeTemplate(form) {
  let first = null;
  for (const input of all("[data-variable]", form)) {
    const text = input.value.trim();
    let wrong = "";
    if (!count(input)) wrong = " ";
    else if (!text) { if (input.dataset.left) wrong = input.dataset.missing; }
    else if (input.dataset.format && input.dataset.format !== "text" && !text.startsWith("https://")) wrong = input.dataset.address;
    const line = find(".field-error", input.closest(".field"));
    line.textContent = wrong;
    line.hidden = !wrong.trim();
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (wrong || !text) first ??= { input, words: wrong };
  }
  return first;
}

function judgeInteractive(form, whole) {
  const d = form.dataset;
  const inputs = all("[data-part]", form);
  for (const input of inputs) input.removeAttribute("aria-invalid");
  const wrong = (input, words) => { input?.setAttribute("aria-invalid", "true"); return { input, words }; };
  const long = inputs.filter((input) => !count(input));
  if (long.length > 0) return wrong(long[0], d.tooLong.replace("{}", find("[data-label]", long[0].closest(".field")).textContent));
  const buttons = all("[data-part=button]", form), seen = new Set();
  for (const input of buttons) {
    const text = input.value.trim();
    if (text && seen.has(text)) return wrong(input, d.sameButton);
    seen.add(text);
  }
  if (!whole) return null;
  const empty = (name) => all(`[data-part=${name}]`, form).find((input) => !input.value.trim());
  if (empty("body")) return wrong(empty("body"), d.sayBody);
  if (empty("button")) return wrong(empty("button"), d.sayButton);
  if (empty("menu-button")) return wrong(empty("menu-button"), d.sayMenuButton);
  if (all(".composed-section", form).length > 1 && empty("section")) return wrong(empty("section"), d.saySection);
  if (empty("row")) return wrong(empty("row"), d.sayRow);
  return null;
}

// How it looks.

function changed(form) {
  if (form.dataset.form === "template") {
    all("[data-variable]", form).forEach((input, i) => {
      for (const place of all(`[data-fills="${i}"]`, form)) {
        place.textContent = input.value.trim() || place.dataset.place;
        place.classList.toggle("filled", input.value.trim() !== "");
      }
    });
  } else {
    numbers(form);
    preview(form);
  }
  judge(form);
}

// numbers names buttons and rows by their place and shows what may be added or taken away.
function numbers(form) {
  for (const name of ["button", "row"]) {
    all(`[data-part=${name}]`, form).forEach((input, i) => {
      const label = find("[data-label]", input.closest(".field"));
      label.textContent = label.dataset.label.replace("{}", i + 1);
    });
  }
  const buttons = all("[data-part=button]", form), rows = all("[data-part=row]", form), sections = all(".composed-section", form);
  const full = { button: buttons.length >= Number(form.dataset.buttons), row: rows.length >= Number(form.dataset.rows), section: sections.length >= Number(form.dataset.sections) || rows.length >= Number(form.dataset.rows) };
  for (const add of all("[data-add]", form)) add.disabled = full[add.dataset.add];
  for (const remove of all("[data-remove-one]", form)) {
    const one = remove.closest(".composed-one");
    const alone = one.matches("[data-section-title]") ? sections.length < 2 : one.matches(".composed-row") ? rows.length < 2 : buttons.length < 2;
    remove.disabled = alone;
    const label = find("[data-label]", one).textContent;
    remove.setAttribute("aria-label", `${form.dataset.remove}: ${label}`);
  }
  const left = find("[data-rows-left]", form);
  if (left) left.textContent = form.dataset.rowsWords.replace("{}", `${rows.length}/${form.dataset.rows}`);
  find("[data-list=sections]", form)?.classList.toggle("single", sections.length < 2);
}

function preview(form) {
  const said = collect(form), choices = find(".preview-choices", form);
  const put = (name, text) => { const box = find(`.preview-${name}`, form); box.textContent = text; box.hidden = text === ""; };
  put("header", said.header);
  put("footer", said.footer);
  put("body", said.body);
  find(".preview-bubble", form).classList.toggle("nothing", !said.body && !said.header && !said.footer);
  const choice = (kind, text) => { const one = clone(form, kind); find("span", one).textContent = text || "…"; return one; };
  if (said.kind === "buttons") { choices.replaceChildren(...said.buttons.map((text) => choice("choice", text))); return; }
  const menus = said.menu.sections.map((section) => {
    const box = clone(form, "choices");
    find("b", box).textContent = section.title;
    find("b", box).hidden = section.title === "";
    find("ul", box).replaceChildren(...section.rows.map((row) => {
      const item = document.createElement("li");
      item.textContent = row.title || "…";
      if (row.description) { const small = document.createElement("small"); small.textContent = row.description; item.append(small); }
      return item;
    }));
    return box;
  });
  choices.replaceChildren(choice("opener", said.menu.button), ...menus);
}

/** Listens for what is typed into the forms; kept is told of every change. */
export function follow(kept) {
  const after = (form) => { changed(form); kept(form); };
  on("input", "#panel form", (_, form) => after(form));
  on("focusout", "#panel [data-variable]", (_, input) => { if (input.value) input.dataset.left = "yes"; judge(input.form); });
  on("click", "#panel [data-add]", (_, button) => {
    const form = button.form, what = button.dataset.add;
    const one = what === "button" ? addButton(form) : what === "row" ? addRow(form, list(button.closest(".composed-section"), "rows")) : addSection(form);
    after(form);
    find(what === "section" ? "[data-part=section]" : "input", one).focus();
  });
  on("click", "#panel [data-remove-one]", (_, button) => {
    const form = button.form, one = button.closest(".composed-one");
    const gone = one.matches("[data-section-title]") ? one.closest(".composed-section") : one;
    const section = one.closest(".composed-section");
    const next = find("input", gone.nextElementSibling ?? gone.previousElementSibling ?? form);
    gone.remove();
    if (section?.isConnected && !find(".composed-row", section)) section.remove();
    after(form);
    next?.focus();
  });
}
