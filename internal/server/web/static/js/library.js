// Templates: finding one while an answer is written, and how one will read in the
// editor of the settings.

import { all, announce, ask, find, on, paced, toast } from "./dom.js";
import { insertTemplate } from "./composer.js";

const typing = 120; // between two looks at the list
const resting = 400; // until somebody who types is offered something
const longest = 200; // of what is looked for, in characters

const area = () => find("#composer textarea");
const list = () => find("#library");
const hints = () => find("#library-hints");
const open = () => list() && !list().hidden;
const choices = () => all(".template-choice", list());
const address = (q, hint) => `/ui/conversations/${find("#composer").dataset.conversation}/library?q=${encodeURIComponent(q.slice(0, longest))}${hint}`;

let chosen = 0, asked = "", waits = 0, inserted = "";

// show asks for what fits; an answer that comes late is followed by another one.
const show = paced(typing, async () => {
  const box = list();
  if (!box || box.hidden) return;
  const q = asked;
  const answer = await ask("GET", address(q, ""), { target: box, swap: "innerHTML", source: box });
  if (!answer.ok || box.hidden || box !== list()) return;
  choose(0);
  announce(choices().length > 0 ? `${box.getAttribute("aria-label")}: ${choices().length}` : box.textContent.trim());
});

function look(q) {
  asked = q;
  quiet();
  list().hidden = false;
  area().setAttribute("aria-controls", "library");
  show();
}

function close() {
  if (!open()) return;
  list().hidden = true;
  list().replaceChildren();
  area()?.removeAttribute("aria-activedescendant");
}

function choose(n) {
  const all = choices();
  if (all.length === 0) { area().removeAttribute("aria-activedescendant"); return; }
  chosen = (n + all.length) % all.length;
  all.forEach((choice, i) => choice.setAttribute("aria-selected", String(i === chosen)));
  area().setAttribute("aria-activedescendant", all[chosen].id);
  all[chosen].scrollIntoView({ block: "nearest" });
}

/** Puts a template into the answer, filled in for the open conversation. */
async function insert(id) {
  const box = area(), conversation = Number(find("#composer").dataset.conversation);
  close();
  quiet();
  const answer = await fetch("/v1/templates/preview", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ template: Number(id), conversation, draw: Math.floor(Math.random() * 2 ** 31) }),
  }).catch(() => null);
  if (!answer?.ok) { toast(find("#words")?.dataset.noAnswer); return; }
  const { text, files } = await answer.json();
  if (box !== area()) return; // another conversation was opened meanwhile
  inserted = text;
  insertTemplate(id, text, files);
}

// Suggestions.

function quiet() {
  clearTimeout(waits);
  const box = hints();
  if (box && !box.hidden) { box.hidden = true; box.replaceChildren(); }
}

function suggest() {
  clearTimeout(waits);
  const text = area().value.trim();
  if (text.length < 3 || text.length > longest || text === inserted.trim()) { quiet(); return; }
  waits = setTimeout(async () => {
    const box = hints();
    if (!box || area()?.value.trim() !== text) return;
    const answer = await ask("GET", address(text, "&hint=yes"), { target: box, swap: "innerHTML", source: box, latest: true });
    box.hidden = !answer.ok || box.children.length === 0 || open() || area()?.value.trim() !== text;
  }, resting);
}

function keys(event) {
  if (event.target !== area() || event.isComposing) return;
  const stop = () => { event.preventDefault(); event.stopImmediatePropagation(); };
  if (event.altKey && !event.ctrlKey && !event.metaKey && hints()?.hidden === false) {
    const button = event.code.startsWith("Digit") ? all("button", hints())[Number(event.code.slice(5)) - 1] : null;
    if (button) { stop(); insert(button.dataset.template); }
    return;
  }
  if (!open() || event.ctrlKey || event.metaKey || event.altKey) return;
  switch (event.key) {
    case "ArrowDown": stop(); choose(chosen + 1); break;
    case "ArrowUp": stop(); choose(chosen - 1); break;
    case "Escape": stop(); close(); break;
    case "Enter":
    case "Tab": {
      const choice = choices()[chosen];
      if (choice) { stop(); insert(choice.dataset.template); }
    }
  }
}

/** Listens in the composer. */
export function startLibrary() {
  document.addEventListener("keydown", keys, true); // before what else the keys do
  on("input", "#composer textarea", (_, box) => {
    if (box.value.startsWith("/") && !box.value.includes("\n")) { look(box.value.slice(1)); return; }
    close();
    suggest();
  });
  on("click", "[data-library]", () => {
    const box = area();
    box.focus();
    if (open()) close();
    else look(box.value.replace(/^\//, ""));
  });
  on("mousedown", "#library", (event) => event.preventDefault()); // the words keep the focus
  on("click", "#library [data-template], #library-hints [data-template]", (_, choice) => insert(choice.dataset.template));
  on("focusout", "#composer", (event, form) => { if (!form.contains(event.relatedTarget)) close(); });
}

/** Shows in the editor how the text will read. */
export function startTemplateEditor() {
  const text = find("#template-text");
  if (!text) return;
  let draw = 0;
  const preview = paced(300, async () => {
    const target = find("#template-preview"); // asked for from outside of the form, whose files it would take along
    await ask("POST", "/ui/templates/preview", { target, swap: "innerHTML", values: { text: text.value, conversation: find("#template-sample").value, draw } });
  });
  text.addEventListener("input", preview);
  on("change", "#template-sample", preview);
  on("click", "[data-redraw]", () => { draw++; preview(); });
  on("click", "[data-insert]", (_, button) => {
    text.focus();
    if (!document.execCommand("insertText", false, button.dataset.insert)) text.setRangeText(button.dataset.insert, text.selectionStart, text.selectionEnd, "end");
    preview();
  });
}
