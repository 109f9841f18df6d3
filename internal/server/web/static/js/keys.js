// Keys work by their place on the keyboard, so that they are the same in the
// Russian and the English layout. Which key does what stands in the sheet of keys,
// as the person chose; what a command does is registered here by the module that
// can do it. A command that nobody registered clicks the element of the page that
// bears its name as data-command.

import { all, find, on } from "./dom.js";
import { act, focusComposer, open, press, shut, step } from "./inbox.js";
import { focusPanel, leavePanel, openTemplates } from "./panel.js";

const patience = 1500; // milliseconds between the key to go and that of the place
let going = -patience; // when the key to go was pressed
const chosen = new Map(); // commands by key
let off = false; // single keys do nothing

const commands = new Map([
  ["next", () => walk(1)],
  ["previous", () => walk(-1)],
  ["open", (event) => (event?.target.matches?.("#rows .row") ? open(event.target.id.slice(1), { focus: true }) : false)],
  ["reply", () => (find("#thread") ? focusPanel() || focusComposer() : false)],
  ["template", () => (find("#thread") ? openTemplates() : false)],
  ["close", () => { press("close"); press("reopen"); press("unarchive"); }],
  ["unread", () => act("unread")],
  ["start", () => (find("[data-start]") ? find("[data-start]").click() : false)],
  ["search", () => (find("#find") ? find("#find").focus() : false)],
  ["go_inbox", () => location.assign("/")],
  ["go_people", () => location.assign("/people")],
  ["go_settings", () => location.assign("/settings")],
  ["help", () => find("#keys")?.showModal()],
]);

/** Says what a command does: run gets the event, and gives false when it does nothing now. */
export function command(name, run) { commands.set(name, run); }

let ahead = () => false; // see before

/** Asks does before any command; it gives true where the command is done with. */
export function before(does) { ahead = does; }

/** Does what a command says; false when it does nothing now. */
export function run(name, event) {
  if (ahead(name)) return true;
  const does = commands.get(name);
  if (does) return does(event);
  const able = all(`[data-command="${name}"]:not([disabled])`);
  // In a narrow window some menus have no button: the key still opens them.
  const button = able.find((element) => element.checkVisibility({ visibilityProperty: true })) ?? able.find((element) => element.closest(".thread-tools"));
  if (!button) return false;
  if (button.matches("input, select, textarea")) button.focus();
  else button.click();
  return true;
}

/** Tells whether somebody types into an element, so that keys are letters. */
export const typing = (element) => element?.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") != null;

/** Names the key of an event as the sheet does: "KeyR", "Shift+KeyX", "Ctrl+KeyK". */
export function named(event) {
  const code = event.code || (/^[a-z]$/i.test(event.key) ? `Key${event.key.toUpperCase()}` : event.key);
  return (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + code;
}

function handle(event) {
  if (event.altKey || event.isComposing || event.defaultPrevented) return;
  const key = named(event);
  if (chosen.get(key) === "palette") { event.preventDefault(); run("palette", event); return; }
  if (find("dialog[open], :popover-open")) return;
  if (key === "Escape") { leave(event); return; }
  if (typing(event.target)) return;
  const gone = event.timeStamp - going < patience ? chosen.get(`Go+${key}`) : "";
  const name = gone || chosen.get(key) || (event.key === "?" && !event.ctrlKey && !event.metaKey ? "help" : "");
  going = name === "go" && !off ? event.timeStamp : -patience;
  if (!name || name === "go" || (off && !fixed(name))) return;
  if (run(name, event) !== false) event.preventDefault();
}

const fixed = (name) => find(`#keys [data-shortcut="${name}"]`)?.hasAttribute("data-fixed");

// walk moves the focus among the rows of the page.
function walk(by) {
  if (find("#inbox")) return step(by);
  const rows = all(".person-row, [data-walk]").filter((row) => row.checkVisibility());
  const at = rows.indexOf(document.activeElement);
  const row = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  if (!row) return false;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

// leave goes one step out: from the panel to the text, from the text or the
// filter to the row, from the conversation to the list.
function leave(event) {
  const row = find("#rows [aria-current]");
  if (find("#inbox")?.dataset.card === "open") find("#inbox").dataset.card = "";
  else if ((!typing(event.target) || event.target.closest("#panel")) && leavePanel()) event.preventDefault();
  else if (typing(event.target)) { event.target.blur(); row?.focus(); } else shut();
}

/** Starts the keys of a page. */
export function startKeys() {
  for (const line of all("#keys [data-shortcut]")) if (line.dataset.key) chosen.set(line.dataset.key, line.dataset.shortcut);
  off = find("#keys")?.hasAttribute("data-off") ?? false;
  document.addEventListener("keydown", handle);
  on("click", "[data-keys]", () => run("help"));
  on("click", "[data-dismiss]", (_, button) => button.closest("dialog").close());
  on("click", "dialog.sheet", (event, dialog) => { if (event.target === dialog) dialog.close(); });
}
