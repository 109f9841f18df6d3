// Tags with their picker, and the fields of the card.

import { all, announce, ask, find, folded as small, gather, on, toast } from "./dom.js";

const folded = (words) => small(words.trim()).replace(/\s+/g, " ");
const picker = () => find("#tag-picker");
const form = () => find(".tag-form", picker());
const lines = () => all("#tag-list li");
let opener = null; // gets the focus back

async function open(button) {
  opener = button;
  const typed = gather(), open = find("#inbox")?.dataset.open;
  const answer = await ask("GET", button.dataset.tags, { target: picker(), swap: "innerHTML", source: picker(), latest: true, current: () => open === find("#inbox")?.dataset.open });
  if (answer.ok) {
    picker().showPopover();
    find("#tag-find").focus();
  } else if (!answer.stale) toast(answer.text || find("#words")?.dataset.noAnswer);
  typed(answer.ok ? find("#tag-find") : null);
}

// narrow shows the tags whose names have what is typed, and offers to make one.
function narrow() {
  const typed = folded(find("#tag-find").value);
  let same = false;
  for (const line of lines()) {
    const name = folded(find(".tag", line).textContent);
    line.hidden = !name.includes(typed);
    same ||= name === typed;
  }
  const make = find("#tag-make");
  make.hidden = typed === "" || same;
  make.textContent = make.dataset.words.replace("{}", find("#tag-find").value.trim());
}

async function put(values) {
  const typed = find("#tag-find").value;
  const at = document.activeElement?.value;
  const answer = await ask("POST", form().dataset.address, { target: picker(), swap: values.add && values.make ? "innerHTML" : "none", source: picker(), values: values.add ? { add: values.add } : { remove: values.remove } });
  if (!answer.ok) {
    const wrong = find("#tag-wrong");
    wrong.textContent = answer.text;
    wrong.hidden = false;
    return false;
  }
  if (values.make) find("#tag-find").focus();
  else if (typed && at) { find("#tag-find").select(); }
  return true;
}

async function toggle(box) {
  const done = await put(box.checked ? { add: box.value } : { remove: box.value });
  if (!done) box.checked = !box.checked;
}

const make = () => put({ add: find("#tag-find").value, make: true });

function keys(event) {
  if (!event.target.closest?.("#tag-picker")) return;
  const boxes = all("#tag-list li:not([hidden]) input");
  const at = boxes.indexOf(document.activeElement);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? find("#tag-find") : boxes[Math.min(next, boxes.length - 1)])?.focus();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (at >= 0) boxes[at].click();
    else if (!find("#tag-make").hidden) make();
    else boxes[0]?.click();
  }
}

// keep sends the value of a field.
async function keep(input) {
  const value = input.type === "checkbox" ? (input.checked ? "yes" : "") : input.value;
  const answer = await ask("POST", input.closest("[data-fields]").dataset.fields, { source: input, values: { field: input.name, value } });
  if (answer.ok) input.removeAttribute("aria-invalid");
  else { input.setAttribute("aria-invalid", "true"); toast(answer.text); announce(answer.text); }
}

/** Starts tags and fields. */
export function startLabels() {
  on("click", "[data-tags]", (_, button) => open(button));
  on("input", "#tag-find", narrow);
  on("change", "#tag-list input", (_, box) => toggle(box));
  on("click", "#tag-make", make);
  on("change", "[data-fields] [name]", (_, input) => keep(input));
  document.addEventListener("keydown", keys);
  document.addEventListener("toggle", (event) => {
    if (event.target !== picker() || event.newState !== "closed") return;
    const at = document.activeElement;
    if (at && at !== document.body && !picker().contains(at)) return; // the event comes late: something else was opened
    (opener?.isConnected ? opener : find("[data-tags]"))?.focus();
  }, true);
}
