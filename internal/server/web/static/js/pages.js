// Pages beside the inbox: their live parts and their forms.

import { all, announce, ask, find, on, paced } from "./dom.js";
import { follow } from "./live.js";

const pace = 500;
const look = 2000; // limits of a remote side change without events

/** Keeps the parts marked data-live fresh. */
export function startPages() {
  const refresh = paced(pace, async () => {
    if (document.hidden) return;
    for (const part of all("[data-live]")) {
      await ask("GET", part.dataset.live, { target: part, swap: "innerMorph", source: part });
    }
  });
  if (find("[data-live]")) {
    follow({ changed: ({ accounts, reading }) => { if (accounts.length + reading.length > 0) refresh(); }, lost: refresh });
    setInterval(refresh, look);
  }
}

/** A form that asks the remote side says so on its button and is sent once. */
export function startForms() {
  on("submit", "form", (event, form) => {
    if (["composer", "decide", "filters"].includes(form.id) || form.dataset.form || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = find("button:not([type=button])", form);
    if (button && form.dataset.busy) {
      button.textContent = form.dataset.busy;
      button.setAttribute("aria-busy", "true");
    }
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) for (const form of all("form[data-sent]")) delete form.dataset.sent; });
}

/** Puts an address into the clipboard; where that is not allowed, it is marked to be copied by hand. */
export function startCopies() {
  on("click", "[data-copy]", async (_, button) => {
    const field = find(button.dataset.copy), words = find("span", button), before = words.textContent;
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { return; }
    words.textContent = button.dataset.done;
    announce(button.dataset.done);
    setTimeout(() => { words.textContent = before; }, 2000);
  });
}
