// The menus over an open conversation: whom it belongs to, until when it is put off,
// how much it matters. They are popovers; their buttons post by themselves.

import { all, ask, find, folded, on, toast } from "./dom.js";

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
  const words = folded(typed.trim());
  for (const item of all(".hold-item", menu)) item.hidden = !folded(find("[data-name]", item).textContent).includes(words);
  const none = find(".no-match", menu);
  if (none) none.hidden = items(menu).length > 0;
}

// opens empties a menu before it takes the first key: those of the last time are not to
// be chosen.
function opens(menu) {
  find("input", menu).value = "";
  find(".hold-list", menu).replaceChildren();
  delete menu.dataset.entered;
  menu.setAttribute("aria-busy", "true");
}

async function opened(menu) {
  place(menu);
  if (!menu.dataset.candidates) return;
  const input = find("input", menu), list = find(".hold-list", menu);
  const answer = await ask("GET", menu.dataset.candidates, { target: list, swap: "innerHTML", source: menu, latest: true });
  if (answer.stale) return;
  menu.removeAttribute("aria-busy");
  if (!answer.ok) { toast(answer.text || find("#words")?.dataset.noAnswer); return; }
  narrow(menu, input.value);
  place(menu);
  if ("entered" in menu.dataset && menu.matches(":popover-open")) items(menu)[0]?.click();
}

// walk moves the focus among what can be chosen.
function walk(event, menu) {
  const list = items(menu), by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Enter" && event.target.matches("input[type=search]")) {
    event.preventDefault();
    if (event.isComposing) return;
    if (menu.hasAttribute("aria-busy")) menu.dataset.entered = ""; // chosen as soon as they are there
    else list[0]?.click();
    return;
  }
  if (!by || list.length === 0 || event.target.matches("input:not([type=search])")) return;
  event.preventDefault();
  const at = list.indexOf(document.activeElement);
  const next = at + by;
  if (next < 0) (find("input[type=search]", menu) ?? list[0]).focus();
  else list[Math.min(next, list.length - 1)].focus();
}

/** Starts the menus of the inbox. */
export function startHandling() {
  document.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open" && event.target.matches?.(".hold-menu[data-candidates]")) opens(event.target);
  }, true);
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
    if (!menu) return;
    delete menu.dataset.entered;
    narrow(menu, event.target.value);
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".hold-menu");
    if (menu) walk(event, menu);
  });
}
