// The palette: what it knows (commands and places) is asked for once and narrowed
// here by words that the server made ready; buyers and conversations are asked for
// while somebody types.

import { all, announce, ask, find, folded, on } from "./dom.js";
import { open } from "./inbox.js";
import { command, run, typing } from "./keys.js";

const rest = 120; // milliseconds without a key before the server is asked
let asked = 0;
let turn = 0; // of asking, so that a late answer does not replace a newer one
let from = null; // what had the focus before

const dialog = () => find("#palette");
const items = () => all('#palette [role="option"]').filter((one) => one.checkVisibility());

async function show() {
  if (dialog().open) { dialog().close(); return; }
  from = document.activeElement;
  dialog().showModal();
  const input = find("#palette-input");
  input.value = "";
  find("#palette-found").replaceChildren();
  input.focus();
  if (!find("#palette-known").firstChild) await ask("GET", "/ui/palette", { target: find("#palette-known"), swap: "innerHTML", source: find("#palette-known") });
  narrow();
}

// narrow shows what fits the words, the first of it chosen.
function narrow() {
  const words = folded(find("#palette-input").value).split(/\s+/).filter(Boolean);
  const open = Boolean(find("#inbox")?.dataset.open);
  for (const group of all("#palette-known [role=group]")) {
    for (const one of all("[role=option]", group)) {
      one.hidden = !words.every((word) => one.dataset.words.includes(` ${word}`)) || ("thread" in one.dataset && !open);
    }
    group.hidden = all("[role=option]:not([hidden])", group).length === 0;
  }
  mark(items()[0]);
}

function mark(one) {
  for (const old of all('#palette [aria-selected="true"]')) old.setAttribute("aria-selected", "false");
  one?.setAttribute("aria-selected", "true");
  one?.scrollIntoView({ block: "nearest" });
  find("#palette-input").setAttribute("aria-activedescendant", one?.id ?? "");
  const none = find("#palette-none");
  none.hidden = Boolean(one) || !find("#palette-known").firstChild;
}

function look() {
  clearTimeout(asked);
  const words = find("#palette-input").value.trim(), mine = ++turn, target = find("#palette-found");
  if (words.length < 2) { target.replaceChildren(); narrow(); return; }
  asked = setTimeout(async () => {
    const answer = await ask("GET", `/ui/palette/found?q=${encodeURIComponent(words)}`, { source: target, latest: true });
    if (mine !== turn || !answer.ok || !dialog().open) return;
    const chosen = find('#palette [aria-selected="true"]');
    // The answer is our own markup, made by the server with all texts escaped.
    const parsed = new DOMParser().parseFromString(answer.text, "text/html");
    target.replaceChildren(...parsed.body.children);
    mark(chosen?.isConnected ? chosen : items()[0]);
    announce(String(items().length));
  }, rest);
}

async function choose(one) {
  if (!one) return;
  const { run: name, themeTo, link, openTo } = one.dataset;
  dialog().close();
  if (name) {
    if (from?.isConnected && !typing(from)) from.focus();
    run(name, null);
  } else if (themeTo !== undefined) {
    const answer = await ask("POST", "/ui/theme", { values: { theme: themeTo }, source: find("#palette-known") });
    if (answer.ok) document.documentElement.dataset.theme = themeTo;
  } else if (openTo && find("#inbox")) open(openTo, { focus: true });
  else location.assign(link);
}

/** Listens for everything that happens to the palette. */
export function startPalette() {
  if (!dialog()) return;
  command("palette", show);
  on("click", "[data-palette]", show);
  on("input", "#palette-input", () => { narrow(); look(); });
  on("click", '#palette [role="option"]', (_, one) => choose(one));
  on("pointermove", '#palette [role="option"]', (_, one) => { if (one.getAttribute("aria-selected") !== "true") mark(one); });
  on("click", "#palette", (event) => { if (event.target === dialog()) dialog().close(); });
  on("keydown", "#palette-input", (event) => {
    const list = items(), at = list.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.code];
    if (to !== undefined) {
      event.preventDefault();
      mark(list[Math.max(0, Math.min(list.length - 1, to))]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      choose(list[at]);
    }
  });
}
