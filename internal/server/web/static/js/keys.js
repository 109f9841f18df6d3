// Keys work by their place on the keyboard, so that they are the same in the
// Russian and the English layout.

import { all, find, on } from "./dom.js";
import { act, focusComposer, open, press, shut, step } from "./inbox.js";
import { focusPanel, leavePanel, openTemplates } from "./panel.js";

const patience = 1500; // milliseconds between G and the place to go to
const places = { KeyI: "/", KeyP: "/people", KeyS: "/settings" };
let going = -patience; // when G was pressed

const typing = (element) => element?.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") != null;

function handle(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || find("dialog[open], :popover-open")) return;
  if (event.key === "Escape") { leave(event); return; }
  if (typing(event.target)) return;
  if (event.timeStamp - going < patience && places[event.code]) {
    event.preventDefault();
    location.assign(places[event.code]);
    return;
  }
  going = event.code === "KeyG" && !event.shiftKey ? event.timeStamp : -patience;
  const asks = event.key === "?" || (event.code === "Slash" && event.shiftKey);
  const does = asks ? showKeys : actions[event.code];
  if (!does || (event.shiftKey && !asks)) return;
  if (!find("#inbox") && ![showKeys, actions.Slash].includes(does) && !(find("#people") && [actions.KeyJ, actions.KeyK].includes(does))) return;
  if (does(event) !== false) event.preventDefault();
}

const actions = {
  KeyJ: () => (find("#people") ? stepPeople(1) : step(1)),
  KeyK: () => (find("#people") ? stepPeople(-1) : step(-1)),
  Enter: (event) => (event.target.matches?.(".row") ? open(event.target.id.slice(1), { focus: true }) : false),
  KeyR: () => focusPanel() || focusComposer(),
  KeyT: () => openTemplates(),
  KeyE: () => { press("close"); press("reopen"); press("unarchive"); },
  KeyU: () => act("unread"),
  KeyC: () => (find("[data-start]") ? find("[data-start]").click() : false),
  Slash: () => find("#find")?.focus(),
};

// stepPeople moves the focus among the people.
function stepPeople(by) {
  const rows = all(".person-row"), at = rows.indexOf(document.activeElement);
  const row = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

// leave goes one step out: from the panel to the text, from the text or the
// filter to the row, from the conversation to the list.
function leave(event) {
  const row = find("#rows [aria-current]");
  if (find("#inbox")?.dataset.card === "open") find("#inbox").dataset.card = "";
  else if ((!typing(event.target) || event.target.closest("#panel")) && leavePanel()) event.preventDefault();
  else if (typing(event.target)) { event.target.blur(); row?.focus(); } else shut();
}

function showKeys() { find("#keys")?.showModal(); }

export function startKeys() {
  document.addEventListener("keydown", handle);
  on("click", "[data-keys]", showKeys);
  on("click", "[data-dismiss]", (_, button) => button.closest("dialog").close());
  on("click", "dialog.sheet", (event, dialog) => { if (event.target === dialog) dialog.close(); });
}
