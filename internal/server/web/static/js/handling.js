// The menus over an open conversation: whom it belongs to, until when it is put off,
// how much it matters. They are popovers; their buttons post by themselves.

import { all, ask, find, on } from "./dom.js";

const gap = 4; // pixels between a menu and its button

// place puts a menu under its button, inside the window.
function place(menu) {
  const button = all(`[popovertarget="${menu.id}"], [popovertarget="more-menu"]`).find((one) => one.checkVisibility() && !menu.contains(one));
  if (!button) return;
  const at = button.getBoundingClientRect();
  menu.style.top = `${Math.max(gap, Math.min(at.bottom + gap, innerHeight - menu.offsetHeight - gap))}px`;
  menu.style.left = `${Math.max(gap, Math.min(at.left, innerWidth - menu.offsetWidth - gap))}px`;
}

const items = (menu) => all(".hold-item", menu).filter((item) => item.checkVisibility());

// narrow leaves those whose name holds what is typed.
function narrow(menu, typed) {
  const words = typed.trim().toLowerCase();
  for (const item of all(".hold-item", menu)) item.hidden = !find("[data-name]", item).textContent.toLowerCase().includes(words);
  const none = find(".no-match", menu);
  if (none) none.hidden = items(menu).length > 0;
}

async function opened(menu) {
  place(menu);
  if (!menu.dataset.candidates) return;
  const input = find("input", menu);
  input.value = "";
  await ask("GET", menu.dataset.candidates, { target: find(".hold-list", menu), swap: "innerHTML", source: menu });
  narrow(menu, input.value);
  place(menu);
}

// walk moves the focus among what can be chosen.
function walk(event, menu) {
  const list = items(menu), by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter" && event.target.matches("input[type=search]") && list.length > 0) { event.preventDefault(); list[0].click(); return; }
  if (!by || list.length === 0 || event.target.matches("input:not([type=search])")) return;
  event.preventDefault();
  const at = list.indexOf(document.activeElement);
  const next = at + by;
  if (next < 0) (find("input[type=search]", menu) ?? list[0]).focus();
  else list[Math.min(next, list.length - 1)].focus();
}

/** Starts the menus of the inbox. */
export function startHandling() {
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.(".hold-menu")) return;
    // What is drawn live leaves an open menu where it is, with what it holds.
    event.target.toggleAttribute("hx-morph-skip", event.newState === "open");
    if (event.newState === "open") opened(event.target);
  }, true);
  // One menu leads to another: two would lie over one another.
  on("click", ".hold-menu [data-then]", (_, item) => {
    item.closest(".hold-menu").hidePopover();
    find(`#${item.dataset.then}`)?.showPopover();
  });
  document.addEventListener("input", (event) => {
    const menu = event.target.closest?.(".hold-menu[data-candidates]");
    if (menu) narrow(menu, event.target.value);
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".hold-menu");
    if (menu) walk(event, menu);
  });
}
