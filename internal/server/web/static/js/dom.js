// Small helpers that every module uses.

/** The first element that matches, or null. */
export const find = (selector, root = document) => root.querySelector(selector);

/** All elements that match, as an array. */
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

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

/** Asks for a fragment; the parts in it find their places by themselves. */
export async function ask(method, address, options = {}) {
  const source = options.source ?? document.body;
  let outcome = { ok: false, status: 0, text: "" };
  const keep = ({ detail: { ctx } }) => {
    if (ctx.request.sellerdesk !== outcome) return;
    outcome.status = ctx.response.status;
    outcome.ok = ctx.response.status < 400;
    outcome.text = ctx.text ?? "";
    outcome.address = ctx.response.raw?.url ?? "";
  };
  const sign = ({ detail: { ctx } }) => { if (ctx.sellerdesk === outcome) ctx.request.sellerdesk = outcome; };
  source.addEventListener("htmx:config:request", sign);
  source.addEventListener("htmx:after:request", keep);
  try {
    await window.htmx.ajax(method, address, { swap: "none", target: source, ...options, source, sellerdesk: outcome });
  } finally {
    source.removeEventListener("htmx:config:request", sign);
    source.removeEventListener("htmx:after:request", keep);
  }
  return outcome;
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
