// The panel in the place of the text field: templates, messages with buttons,
// messages with a menu. And the window: how long it is open yet, and what is
// left to be sent when it shuts.

import { all, announce, ask, find, gather, on } from "./dom.js";
import { attach } from "./composer.js";
import { refreshAll, step, threadAddress, toEnd } from "./inbox.js";
import { collect, follow as followForm, judge, start as startForm } from "./forms.js";

/** What the panel on the page is working on: {panel, kind, forced, key, sending}. kind is "", "template", "buttons" or "menu". */
let state = null;
let timer = 0; // of the window that is open

// What was typed into forms, for as long as the page lives: by conversation and form.
const typed = new Map();

const panel = () => find("#panel");
const note = () => find("#composer-note");
const may = (kind) => (kind === "template" ? note()?.dataset.template === "yes" : Boolean(note()?.dataset.interactive));

/** Tells whether the panel stands in the place of the text field. */
export const panelOpen = () => Boolean(state?.kind) && state.panel === panel();

const freshKey = () => [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(16)).join("");
const formName = (form) => [find("#composer")?.dataset.conversation, form.dataset.form, form.dataset.name, form.dataset.language].join(" ");

/** Takes over the panel that now stands on the page, and what the server says may be sent. text tells whether plain texts are taken. */
export function followPanel(text) {
  const p = panel();
  clearTimeout(timer);
  if (!p) { state = null; return; }
  if (state?.panel !== p) {
    state = { panel: p, kind: "", forced: false, key: freshKey(), sending: false };
    look();
  }
  for (const opener of all("#composer [data-panel]")) opener.hidden = !may(opener.dataset.panel);
  const forced = !text && may("template");
  const before = state.forced;
  state.forced = forced;
  if (forced && state.kind !== "template") open("template", before);
  else if (state.kind && !may(state.kind)) shut();
  else if (before && !forced && !find("[data-form]", p)) shut();
  p.classList.toggle("forced", forced);
  countDown();
}

/** Says on the line about the window that what was written is kept. */
export function sayKept(text) {
  const words = find("#window .draft-kept");
  if (words) words.hidden = text.trim() === "" || note().dataset.window !== "shut";
}

// look asks once how the window stands, where what is known is old.
async function look() {
  const mine = state;
  if (note()?.dataset.stale !== "yes") return;
  const answer = await ask("GET", threadAddress(state.panel.dataset.window), { source: state.panel });
  if (answer.ok && mine === state) attach();
}

// countDown says every minute, in the last one every second, how long the window
// is open, and looks again when it shuts.
function countDown() {
  const d = note()?.dataset;
  if (d?.window !== "open") return;
  d.ends ??= String(performance.now() + Number(d.left));
  const ends = Number(d.ends);
  const tick = () => {
    const left = ends - performance.now(), line = find("#window > span");
    if (line) line.textContent = d.open.replace("{}", words(Math.max(0, left), d));
    if (left > 0) timer = setTimeout(tick, Math.min(left + 50, left < 61_000 ? 1000 - (performance.now() % 50) : left % 60_000 + 100));
    else {
      announce(state?.panel.dataset.shut ?? "");
      timer = setTimeout(refreshAll, 100);
    }
  };
  tick();
}

function words(left, d) {
  const minutes = Math.floor(left / 60_000), hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${Math.ceil(left / 1000)}\u00a0${d.second}`;
  if (hours === 0) return `${minutes}\u00a0${d.minute}`;
  return minutes % 60 === 0 ? `${hours}\u00a0${d.hour}` : `${hours}\u00a0${d.hour} ${minutes % 60}\u00a0${d.minute}`;
}

// Opening and closing.

async function open(kind, quiet = false) {
  const p = state.panel, mine = state;
  state.kind = kind;
  p.hidden = false;
  p.setAttribute("aria-busy", "true");
  attachText();
  const address = kind === "template" ? p.dataset.templates : `${p.dataset.forms}?kind=${kind}`;
  await load(address, !quiet && !state.forced);
  if (mine === state) p.removeAttribute("aria-busy");
}

async function load(address, focus) {
  const p = state.panel, mine = state;
  const slow = setTimeout(() => { if (mine === state && !p.firstElementChild) say(p, p.dataset.loading); }, 300);
  const keys = focus ? gather() : () => {};
  const answer = await ask("GET", address, { target: p, swap: "innerHTML", source: p });
  clearTimeout(slow);
  const first = mine === state && answer.ok ? find("[data-variable], [data-part=body], [data-find-template], .send", p) : null;
  if (first) {
    const form = find("[data-form]", p);
    if (form) startForm(form, typed.get(formName(form)));
    if (focus) first.focus();
  }
  keys(first);
  if (mine !== state) return;
  if (!answer.ok) failed(p, answer.text, address);
  else if (!first && focus) p.focus();
}

function say(p, text) {
  const line = document.createElement("p");
  line.className = "hint panel-empty";
  line.textContent = text;
  p.replaceChildren(line);
}

function failed(p, text, address) {
  say(p, text || p.dataset.failed);
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button small";
  again.textContent = p.dataset.again;
  again.addEventListener("click", () => load(address, true));
  p.firstElementChild.append(again);
}

function shut() {
  if (!state) return;
  state.kind = "";
  state.panel.hidden = true;
  state.panel.replaceChildren();
  attachText();
}

// attachText shows or hides the text field beside the panel.
const attachText = () => document.dispatchEvent(new CustomEvent("sellerdesk:panel"));

// Sending.

async function send(form) {
  const p = state?.panel, mine = state;
  if (!p || state.sending || !judge(form, true)) return false;
  state.sending = true;
  const button = find(".send", form), error = find(".composer-error", form);
  button.disabled = true;
  error.hidden = true;
  const composed = collect(form), kind = form.dataset.form;
  const values = { key: state.key };
  values[kind === "template" ? "template" : "interactive"] = JSON.stringify(composed);
  const answer = await ask("POST", threadAddress(p.dataset.send), { source: find("#thread"), values });
  mine.sending = false;
  button.disabled = false;
  if (answer.ok) typed.delete(formName(form));
  if (mine !== state) return answer.ok;
  if (!answer.ok) {
    // The key stays: trying again with the same words is the same intent.
    error.textContent = answer.text || find("#words")?.dataset.noAnswer;
    error.hidden = false;
    return false;
  }
  state.key = freshKey();
  if (state.forced) await load(p.dataset.templates, false);
  else shut();
  attach();
  const box = find("#messages");
  if (box) toEnd(box);
  (find("#composer:not([hidden]) textarea") ?? find("[data-find-template]", p) ?? box)?.focus();
  return true;
}

// search narrows the templates to those that have the words.
function search(input) {
  const wanted = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let hits = 0;
  for (const item of all("#template-list > li")) {
    const text = item.textContent.toLocaleLowerCase();
    item.hidden = !wanted.every((word) => text.includes(word));
    if (!item.hidden) hits++;
  }
  find("[data-no-template]", panel()).hidden = hits > 0;
}

/** Puts the cursor into the panel, or opens the templates; false where there are none. */
export function focusPanel() {
  if (panelOpen()) { find("[data-find-template], [data-variable], [data-part=body]", panel())?.focus(); return true; }
  return false;
}

/** Goes from the panel back to the text; false where there is no text to go to. What was filled in is kept. */
export function leavePanel() {
  if (!panelOpen() || state.forced) return false;
  shut();
  find("#composer:not([hidden]) textarea")?.focus();
  return true;
}

/** Opens the templates, where they may be sent. */
export function openTemplates() {
  if (!state || !may("template")) return false;
  if (!focusPanel()) open("template");
  return true;
}

/** Listens for everything that happens to the panel. */
export function startPanel() {
  on("click", "[data-panel]", (_, button) => { if (state) open(button.dataset.panel); });
  on("click", "[data-panel-close]", leavePanel);
  on("click", "#panel [data-address]", (_, row) => load(row.dataset.address, true));
  on("input", "[data-find-template]", (_, input) => search(input));
  on("keydown", "#panel [data-find-template], #panel .template-row", (event, from) => {
    const rows = all("#template-list > li:not([hidden]) .template-row:not([disabled])");
    const at = rows.indexOf(from);
    if (event.key === "Enter" && at < 0) { event.preventDefault(); rows[0]?.click(); }
    if (event.key === "ArrowDown") { event.preventDefault(); rows[at + 1]?.focus(); }
    if (event.key === "ArrowUp") { event.preventDefault(); (rows[at - 1] ?? find("[data-find-template]"))?.focus(); }
  });
  on("submit", "#panel form", (event, form) => { event.preventDefault(); send(form); });
  on("keydown", "#panel form", (event, form) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      send(form).then((sent) => { if (sent && event.shiftKey) step(1); });
    }
  });
  followForm((form) => { if (state) typed.set(formName(form), collect(form)); });
}
