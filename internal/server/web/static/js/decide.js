// The decision on a claim: its comment, its bounds, and asking once more.

import { all, ask, find, on } from "./dom.js";
import { threadAddress } from "./inbox.js";

const form = () => find("#decide");
const chosen = () => find("input[name=decision]:checked", form());
const filled = (name, value) => (find("#words")?.dataset[name] ?? "").replace("{}", value);

function comment() {
  const box = find(`.decide-comment[data-for="${CSS.escape(chosen()?.value ?? "")}"]`, form());
  return box && find("textarea", box);
}

// judge shows what the chosen decision takes and whether it may be sent.
function judge() {
  const f = form();
  if (!f) return;
  const option = chosen(), area = comment();
  for (const box of all(".decide-comment", f)) box.hidden = !area || !box.contains(area);
  const length = area ? [...area.value.trim()].length : 0;
  const least = area ? Number(option.dataset.min) : 0, most = area ? Number(option.dataset.max) : Infinity;
  const counter = find(".counter", f);
  const short = length > 0 && length < least;
  counter.hidden = !short && length < most * 0.8;
  counter.classList.toggle("over", length > most);
  counter.textContent = short ? filled("missing", least - length) : length > most ? filled("over", length - most) : filled("left", most - length);
  find("button[type=submit]", f).disabled = !option || length < least || length > most;
}

// askAgain shows what is about to leave.
function askAgain() {
  const f = form(), option = chosen(), text = comment()?.value.trim() ?? "";
  find("#sure-decide h2").textContent = option.dataset.title;
  const quote = find("#sure-decide blockquote");
  quote.textContent = text;
  quote.hidden = text === "";
  find("#sure-decide", f).showPopover();
}

async function send() {
  const f = form(), button = find("[data-decide]", f), error = find(".composer-error", f);
  if (!f || button.disabled) return;
  button.disabled = true;
  f.dataset.key ||= crypto.getRandomValues(new Uint32Array(4)).join("-");
  const values = { decision: chosen().value, comment: comment()?.value ?? "", key: f.dataset.key };
  const answer = await ask("POST", threadAddress(f.getAttribute("action")), { source: find("#thread"), values });
  button.disabled = false;
  if (!f.isConnected) return;
  find("#sure-decide", f).hidePopover();
  error.textContent = answer.ok ? "" : answer.text || find("#words").dataset.noAnswer;
  error.hidden = answer.ok;
  if (answer.ok) delete f.dataset.key;
  follow();
  if (f.hidden) find("#messages")?.focus();
}

/** Looks whether the decisions that are offered are still those on the page; stale asks to draw them again. */
export function follow(stale = () => {}) {
  const f = form(), note = find("#composer-note");
  if (!f || !note) return;
  if (note.dataset.can === "yes" && note.dataset.options !== f.dataset.options) { stale(); return; }
  f.hidden = note.dataset.can !== "yes";
  judge();
}

/** Listens for everything that happens to a decision. */
export function startDecide() {
  on("submit", "#decide", (event) => { event.preventDefault(); judge(); if (!find("button[type=submit]", form()).disabled) askAgain(); });
  on("change", "#decide", judge);
  on("input", "#decide textarea", judge);
  on("click", "[data-decide]", send);
}
