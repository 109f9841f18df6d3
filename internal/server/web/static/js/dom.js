// Small helpers that every module uses.

/** The first element that matches, or null. */
export const find = (selector, root = document) => root.querySelector(selector);

/** All elements that match, as an array. */
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** A text as it is compared: in small letters, ё as е. */
export const folded = (text) => text.toLocaleLowerCase().replaceAll("ё", "е");

/** Listens on the document for events of elements that match a selector. */
export function on(type, selector, handle) {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) handle(event, element);
  });
}

/** Tells a screen reader something, politely. */
export function announce(words) {
  const box = find("#announcer");
  if (box) box.textContent = words;
}

/**
 * Takes what is typed until the field is there that it is meant for: its letters would be
 * keys of the page. The function it gives ends that, and puts them into the field.
 */
export function gather() {
  let typed = "";
  const take = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.matches?.("textarea, input, select")) return;
    if (event.key === "Backspace") typed = typed.slice(0, -1);
    else if ([...event.key].length === 1) typed += event.key;
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener("keydown", take, true);
  return (field) => {
    window.removeEventListener("keydown", take, true);
    if (!typed || !field?.matches("textarea, input:not([type=radio], [type=checkbox])")) return;
    field.value += typed;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
}

let toastTimer = 0;

/** Shows one sentence at the foot of the page for some seconds. */
export function toast(words) {
  const box = find("#toast");
  if (!box || !words) return;
  box.textContent = words;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 6000);
}

const turns = new WeakMap(); // what each element asked for last, until it is answered
const moves = new WeakMap(); // how often each element asked or was answered

/** A number that is another one after an element asked for something or was answered: what was asked for elsewhere before that is old. */
export const movesOf = (element) => moves.get(element) ?? 0;

/**
 * Asks for a fragment; the parts in it find their places by themselves. One element asks
 * for one thing at a time, in order, since htmx would say of what waits that it failed, and
 * let go of what comes behind it. Of those that say latest a newer one takes the place of an
 * older one. current is asked when the answer is there: if it says no, nothing is drawn, and
 * the outcome is stale.
 */
export async function ask(method, address, { latest = false, current = () => true, ...options } = {}) {
  const source = options.source ?? document.body, before = turns.get(source);
  const mine = { latest, over: false, stop: () => {} };
  const outcome = { ok: false, status: 0, text: "", stale: false };
  if (latest && before?.latest) { before.over = true; before.stop(); }
  const issue = async () => {
    if (before) await before.done.catch(() => {});
    if (mine.over) { outcome.stale = true; return; }
    await htmxAsk(method, address, { ...options, source }, outcome, mine, current);
  };
  mine.done = issue();
  turns.set(source, mine);
  const moved = () => moves.set(source, movesOf(source) + 1);
  moved();
  try { await mine.done; } finally {
    moved();
    if (turns.get(source) === mine) turns.delete(source);
  }
  return outcome;
}

// htmxAsk listens on the document: an element that left the page meanwhile hears nothing
// of its own answer.
async function htmxAsk(method, address, options, outcome, mine, current) {
  const sign = ({ detail: { ctx } }) => { if (ctx.sellerdesk === outcome) mine.stop = () => ctx.request.abort?.(); };
  const keep = (event) => {
    const { ctx } = event.detail;
    if (ctx.sellerdesk !== outcome) return;
    outcome.stale = mine.over || !current();
    if (outcome.stale) event.preventDefault();
    outcome.status = ctx.response.status;
    outcome.ok = ctx.response.status < 400 && !outcome.stale;
    outcome.text = ctx.text ?? "";
    outcome.address = ctx.response.raw?.url ?? "";
  };
  document.addEventListener("htmx:config:request", sign);
  document.addEventListener("htmx:after:request", keep);
  try {
    await window.htmx.ajax(method, address, { swap: "none", target: options.source, ...options, sellerdesk: outcome });
  } finally {
    document.removeEventListener("htmx:config:request", sign);
    document.removeEventListener("htmx:after:request", keep);
  }
}

/** Draws the bell again, after somebody was told of something. */
export const ring = paced(1000, async () => {
  const bell = find("#rail-bell");
  if (bell && !document.hidden) await ask("GET", `/ui/bell${bell.hasAttribute("aria-current") ? "?here=yes" : ""}`, { target: bell, swap: "outerMorph", source: bell });
});

/** Runs work at once, then at most once in the given time, never twice at a time. */
export function paced(milliseconds, work) {
  let running = false, again = false, last = 0, timer = 0;
  const run = async () => {
    timer = 0;
    running = true;
    again = false;
    last = performance.now();
    try { await work(); } finally {
      running = false;
      if (again) call();
    }
  };
  const call = () => {
    if (running) { again = true; return; }
    if (timer) return;
    const wait = last ? Math.max(0, last + milliseconds - performance.now()) : 0;
    if (wait === 0) run();
    else timer = setTimeout(run, wait);
  };
  return call;
}
