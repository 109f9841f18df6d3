// The page where the keys are changed: a key is pressed in the field of its command.

import { all, find, on } from "./dom.js";
import { named } from "./keys.js";

const plain = /^(Shift\+)?(Key[A-Z]|Digit\d|Backquote|Minus|Equal|Bracket(Left|Right)|Backslash|Semicolon|Quote|Comma|Period|Slash)$/;

// caps shows a key as the server will: what it writes now is near enough until then.
const caps = (event) => (event.shiftKey ? "Shift + " : "") + (event.key.length === 1 ? event.key.toUpperCase() : event.code);

/** Listens for keys in the fields. */
export function startBoard() {
  if (!find("[data-board]")) return;
  on("keydown", "[data-press]", (event, input) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const behind = input.nextElementSibling, key = named(event);
    if (["Delete", "Backspace"].includes(event.code)) {
      behind.value = "";
      input.value = "";
    } else if (plain.test(key)) {
      behind.value = (input.hasAttribute("data-go") ? "Go+" : "") + key;
      input.value = (input.hasAttribute("data-go") ? "… + " : "") + caps(event);
    } else return;
    event.preventDefault();
    judge();
  });
  judge();
}

// judge marks keys that two commands have.
function judge() {
  const keys = all("[data-press]").map((input) => ({ input, key: input.nextElementSibling.value }));
  for (const { input, key } of keys) {
    if (key && keys.some((other) => other.input !== input && other.key === key)) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}
