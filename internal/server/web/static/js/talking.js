// What colleagues say to one another: notes with those they name, tasks, who is
// there and who types. A note is written in a form of its own and leaves by an
// address of its own: the form of the answer never holds one.

import { all, find, on, toast } from "./dom.js";
import { refreshAll } from "./inbox.js";
import { command } from "./keys.js";

const again = 20_000; // milliseconds until one says again that one is there
const typingAgain = 3000;
const typingEnds = 4000; // after the last letter
const room = crypto.randomUUID?.().slice(0, 8) ?? String(Math.random()).slice(2, 10); // this window

const openID = () => find("#inbox")?.dataset.open ?? "";

/** Calls an operation of the API; gives its answer, or words for what went wrong. */
async function call(method, path, body, options = {}) {
  try {
    const answer = await fetch(`/v1/${path}`, {
      method, headers: body === undefined ? {} : { "Content-Type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body), ...options,
    });
    const json = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
    return { ok: answer.ok, json, words: answer.ok ? "" : (document.documentElement.lang === "en" && json.detail) || find("#words")?.dataset.notSaved || json.detail || "" };
  } catch {
    return { ok: false, json: {}, words: find("#words")?.dataset.noAnswer ?? "" };
  }
}

// Who is there.

let at = ""; // the conversation that others were told of
let typed = 0; // when a letter was typed last
let toldTyping = 0; // when others were told of it
let beat = 0;
const rooms = new Map(); // what is known of others, by conversation

function tell(state = {}) {
  const id = openID();
  clearTimeout(beat);
  if (at && at !== id && !id) call("POST", `conversations/${at}/presence`, { gone: true, window: room }, { keepalive: true });
  at = document.hidden ? "" : id;
  if (!at) return;
  const typing = performance.now() - typed < typingEnds && typed > 0;
  const text = find("#composer textarea")?.value.trim() ?? "";
  toldTyping = typing ? performance.now() : 0;
  call("POST", `conversations/${at}/presence`, { typing, draft: text !== "", window: room, ...state });
  beat = setTimeout(tell, typing ? typingEnds : again);
}

function leave() {
  if (!at) return;
  call("POST", `conversations/${at}/presence`, { gone: true, window: room }, { keepalive: true });
  at = "";
  clearTimeout(beat);
}

function types() {
  typed = performance.now();
  if (!toldTyping || typed - toldTyping > typingAgain) tell();
}

// show says at the open conversation and on the rows who else is there.
function show() {
  const line = find("#presence .presence-line");
  const here = rooms.get(openID());
  if (line && line.textContent !== (here?.line ?? "")) line.textContent = here?.line ?? "";
  for (const row of all("#rows .row, #quick .row")) {
    const known = rooms.get(row.id.slice(1));
    let sign = find(".row-here", row);
    if (!known) { sign?.remove(); continue; }
    if (!sign) {
      sign = document.createElement("span");
      sign.setAttribute("role", "img");
      row.firstElementChild.append(sign);
    }
    sign.className = known.typing ? "row-here types" : "row-here";
    sign.title = known.line;
    sign.setAttribute("aria-label", known.line);
  }
}

// Notes.

const form = () => find("#note-form");
const names = new Map(); // what stands for whom, by name
let shown = 0; // the note that was just written, to be brought into view
let editing = ""; // the note that is changed; "" for a new one
let colleagues = { id: "", list: [] };

async function known() {
  const id = openID();
  if (colleagues.id !== id) {
    const { ok, json } = await call("GET", `conversations/${id}/colleagues`);
    if (!ok) return []; // asked again with the next letter
    colleagues = { id, list: json.items ?? [] };
  }
  return colleagues.list;
}

function noting(is) {
  const body = find("#thread"), box = form();
  if (!body || !box) return false;
  body.dataset.noting = is ? "yes" : "no";
  box.hidden = !is;
  const area = find("textarea", box);
  if (is && !editing && !area.value) take(area, begun(box));
  find("[data-note-open]")?.setAttribute("aria-expanded", String(is));
  if (is) area.focus();
  else { editing = ""; pick([]); }
  return true;
}

// What was begun waits in this window, also when another conversation is opened
// meanwhile: a note is nobody's business before it is saved.
const noteName = (box) => `sellerdesk.note.${box.dataset.conversation}`;

function begun(box) {
  try { return sessionStorage.getItem(noteName(box)) ?? ""; } catch { return ""; }
}

function keepNote(box, text) {
  try {
    if (text.trim()) sessionStorage.setItem(noteName(box), text);
    else sessionStorage.removeItem(noteName(box));
  } catch { /* a private window may refuse: the text is still on the page */ }
}

async function take(area, text) {
  area.value = text;
  if (text.includes("@")) for (const c of await known()) stands(c);
}

function openNote() { return noting(true); }

function closeNote() {
  const area = form() && find("textarea", form());
  if (area && editing) area.value = "";
  noting(false);
  find("#composer:not([hidden]) textarea, [data-note-open]")?.focus();
}

// token writes a text with what stands for those it names: the longest names first,
// so that none is taken for the beginning of another.
function token(text) {
  for (const name of [...names.keys()].sort((a, b) => b.length - a.length)) text = text.replaceAll(`@${name}`, names.get(name));
  return text;
}

async function saveNote() {
  const box = form(), area = find("textarea", box), raw = area.value, text = token(raw.trim());
  if (!text || box.dataset.saving) return;
  box.dataset.saving = "yes";
  const changed = editing;
  const answer = changed ? await call("PATCH", `notes/${changed}`, { text }) : await call("POST", `conversations/${box.dataset.conversation}/notes`, { text });
  delete box.dataset.saving;
  const wrong = find(".composer-error", box);
  wrong.hidden = answer.ok;
  wrong.textContent = answer.words;
  if (!answer.ok) return;
  shown = answer.json.id;
  // What was typed meanwhile stays, also where another conversation was opened, or that one and this again.
  const behind = (now) => (now.startsWith(raw) ? now.slice(raw.length).trimStart() : now);
  const now = form()?.dataset.conversation === box.dataset.conversation && editing === changed ? find("textarea", form()) : null;
  if (!changed) keepNote(box, behind(now ? now.value : begun(box)));
  if (now && !(changed && now.value !== raw)) {
    now.value = behind(now.value);
    if (!now.value) closeNote();
  }
  refreshAll();
}

function edit(button) {
  const box = form();
  if (!box) return;
  for (const line of button.dataset.tokens.split("\n")) {
    const cut = line.lastIndexOf("=");
    if (cut > 0) names.set(line.slice(0, cut), line.slice(cut + 1));
  }
  editing = button.dataset.noteEdit;
  find("textarea", box).value = button.dataset.text;
  noting(true);
}

async function remove(button) {
  if (!confirm(button.dataset.ask)) return;
  const answer = await call("DELETE", `notes/${button.dataset.noteRemove}`);
  if (!answer.ok) toast(answer.words);
  refreshAll();
}

// Whom a note names: the list opens behind "@" and closes with the word.

let chosen = 0;

const asked = (area) => area.value.slice(0, area.selectionStart).match(/(?:^|\s)@([^\s@]{0,30})$/u);

async function suggest(area) {
  const match = asked(area);
  if (!match) { pick([]); return; }
  const words = match[1].toLocaleLowerCase();
  const list = (await known()).filter((c) => c.name.toLocaleLowerCase().split(/\s+/u).some((part) => part.startsWith(words)) || c.name.toLocaleLowerCase().startsWith(words));
  if (asked(area)) pick(list.slice(0, 8));
}

function pick(list) {
  const box = find("#mentions"), area = form() && find("textarea", form());
  if (!box) return;
  chosen = 0;
  box.hidden = list.length === 0;
  area?.setAttribute("aria-expanded", String(list.length > 0));
  box.replaceChildren(...list.map((c, i) => {
    const item = document.createElement("li");
    item.id = `mention-${i}`;
    item.setAttribute("role", "option");
    const name = document.createElement("span");
    name.textContent = c.name;
    name.dir = "auto";
    item.append(name);
    if (c.team) {
      const kind = document.createElement("small");
      kind.textContent = box.dataset.team;
      item.append(kind);
    }
    item.addEventListener("mousedown", (event) => { event.preventDefault(); put(c); });
    item.colleague = c;
    return item;
  }));
  mark();
}

function mark() {
  const items = all("#mentions li"), area = form() && find("textarea", form());
  items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
  if (items[chosen]) area.setAttribute("aria-activedescendant", items[chosen].id);
  else area?.removeAttribute("aria-activedescendant");
}

const stands = (c) => names.set(c.name, c.team ? `@[team:${c.team}]` : `@[${c.user}]`);

function put(c) {
  const area = find("textarea", form()), end = area.selectionStart, begin = area.value.slice(0, end).lastIndexOf("@");
  stands(c);
  area.setRangeText(`@${c.name} `, begin, end, "end");
  pick([]);
}

function noteKeys(event, area) {
  const items = all("#mentions li");
  if (items.length > 0 && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key) && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") pick([]);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length;
      mark();
    } else put(items[chosen].colleague);
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); saveNote(); }
  if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); area.blur(); closeNote(); }
}

// Tasks.

async function setTask(box) {
  const text = find("[name=text]", box).value.trim(), user = find("[name=user]", box).value, due = find("[name=due]", box).value;
  const body = { text };
  if (user) body.user = Number(user);
  if (due) body.due_at = new Date(due).toISOString();
  if (box.dataset.saving) return;
  box.dataset.saving = "yes"; // once, however often Enter is pressed
  const answer = await call("POST", `conversations/${box.dataset.conversation}/tasks`, body);
  delete box.dataset.saving;
  const wrong = find(".composer-error", box);
  wrong.hidden = answer.ok;
  wrong.textContent = answer.words;
  if (!answer.ok) return;
  box.reset();
  box.closest("details").open = false;
  refreshAll();
}

async function fillColleagues(select) {
  if (select.options.length > 1) return;
  const list = await known();
  if (select.options.length > 1) return; // came meanwhile
  for (const c of list) if (c.user) select.add(new Option(c.name, c.user));
}

/** Keeps others and oneself in the picture on the page of the inbox. */
export function startTalking() {
  command("note", openNote);
  document.addEventListener("sellerdesk:presence", ({ detail }) => {
    for (const r of detail) {
      if (r.line) rooms.set(String(r.conversation), r);
      else rooms.delete(String(r.conversation));
    }
    show();
  });
  document.addEventListener("htmx:after:swap", () => {
    show();
    const note = shown && find(`#n${shown}`);
    if (!note) return;
    note.scrollIntoView({ block: "nearest" });
    shown = 0;
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : tell()));
  document.addEventListener("sellerdesk:sent", () => { typed = 0; setTimeout(tell); }); // once the field is empty
  window.addEventListener("pagehide", leave);
  new MutationObserver(() => { typed = 0; tell(); show(); }).observe(find("#inbox"), { attributeFilter: ["data-open"] });
  on("input", "#composer textarea, #note-form textarea", types);
  on("click", "[data-note-open]", openNote);
  on("click", "[data-note-close]", closeNote);
  on("click", "[data-note-edit]", (_, button) => edit(button));
  on("click", "[data-note-remove]", (_, button) => remove(button));
  on("input", "#note-form textarea", (_, area) => {
    if (!editing) keepNote(form(), area.value);
    suggest(area);
  });
  document.addEventListener("keydown", (event) => {
    const area = event.target instanceof Element ? event.target.closest("#note-form textarea") : null;
    if (area) noteKeys(event, area);
  }, true);
  on("submit", "#note-form", (event) => { event.preventDefault(); saveNote(); });
  on("submit", "[data-form=task]", (event, box) => { event.preventDefault(); setTask(box); });
  on("focusin", "[data-colleagues]", (_, select) => fillColleagues(select));
  on("change", "[data-task]", async (_, box) => {
    const answer = await call("PATCH", `tasks/${box.dataset.task}`, { done: box.checked });
    if (!answer.ok) toast(answer.words);
    refreshAll();
  });
  if (!document.hidden) tell();
}
