// The form of the answer: its draft, its limits, its files, and sending once.
// Limits come from the server with every conversation and are judged there
// again; here they only save a round trip.

import { all, ask, find, on, toast } from "./dom.js";
import { refreshAll, step, threadAddress, toEnd } from "./inbox.js";
import { followPanel, panelOpen, sayKept } from "./panel.js";

const nearLimit = 0.8;

/**
 * What the composer on the page is working on: {form, id, mode, parent, message, target, key, files, sending, seen, kept, keeps, left}.
 * parent is the comment that is answered, message the answer that is changed,
 * target the words that name either, kept what the server keeps of the answer to the
 * whole, keeps whether it is being told of it, left what was written of it when another way of writing was chosen.
 */
let state = null;

const form = () => find("#composer");
// Ways to write here, as the server allows them now: reply, answer, reject, edit.
const modes = () => all("#composer-note [data-mode]");
const modeData = (mode) => modes().find((m) => m.dataset.mode === mode)?.dataset ?? {};
// An answer that was given is changed only when a person asks for it.
const usual = () => modes().find((m) => m.dataset.mode !== "edit")?.dataset.mode ?? "";

const limits = () => {
  const d = modeData(state?.mode);
  const number = (s) => (s ? Number(s) : Infinity);
  return {
    least: Number(d.minLength ?? 0), length: number(d.maxLength), files: number(d.filesMax ?? "0"), size: number(d.fileSize),
    total: number(d.totalSize), types: (d.types ?? "").split(",").filter(Boolean),
  };
};
const words = (name) => find("#words")?.dataset[name] ?? "";
const filled = (name, value) => words(name).replace("{}", value);

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

const nobody = { parent: "", message: "", target: "" };

/** Takes over the composer that now stands on the page, if it is another one. */
export function attach() {
  const f = form();
  if (!f) { state = null; return; }
  if (state?.form !== f) {
    if (unkept()) keepNow(written());
    for (const entry of state?.files ?? []) if (entry.address) URL.revokeObjectURL(entry.address); // they would stay in memory
    state = { form: f, id: f.dataset.conversation, mode: usual(), ...nobody, key: freshKey(), files: [], sending: false, seen: 0, kept: "", left: "" };
    const waiting = kept(f);
    fill(readDraft() || waiting);
  } else if (!modes().some((m) => m.dataset.mode === state.mode)) {
    // What was being written can no longer be sent, or can be again: its draft stays.
    if (unkept()) {
      const draft = written();
      keepNow(draft);
      state.kept = draft.text;
    }
    Object.assign(state, nobody, { mode: usual() });
    fill(readDraft() || state.kept);
  }
  showMode();
  followPanel(usual() !== "");
  sayKept(readDraft() || state.kept);
}

// kept takes over what the server keeps of this person's answer, whatever browser
// it was begun in.
function kept(f) {
  if (!plain()) return "";
  state.seen = Number(f.dataset.draftSeen ?? 0);
  for (const file of JSON.parse(f.dataset.draftFiles ?? "[]")) state.files.push({ ...file, wrong: "", address: "" });
  return (state.kept = f.dataset.draft ?? "");
}

// plain tells whether what is written answers the whole: that draft is kept on the
// server, others stay in this browser.
const plain = () => (state.mode === "reply" || state.mode === "answer") && !state.parent && !state.message;

// unkept tells whether the server does not know yet what is written.
const unkept = () => state !== null && plain() && find("textarea", state.form).value !== state.kept;

const newest = () => Number(find("#thread-head")?.dataset.newest ?? 0);

function fill(text) {
  const area = find("textarea", state.form);
  area.value = text;
  grow(area);
}

/** Goes over to another way of writing, or to another line that it is about. */
function compose(mode, { text = "", parent = "", message = "", target = "" } = {}) {
  if (!state) return;
  keepDraft();
  if (plain()) state.left = find("textarea", state.form).value;
  Object.assign(state, { mode, parent, message, target });
  state.key = freshKey();
  fill(begun() || text);
  say("");
  showMode();
  find("textarea", state.form).focus();
}

// untarget takes what is written away from the comment it was meant for, behind
// what stands in the draft for the whole.
function untarget() {
  const area = find("textarea", state.form), text = area.value;
  area.value = "";
  keepDraft();
  compose(usual());
  fill([area.value, text].filter((s) => s.trim()).join("\n"));
  keepDraft();
  judge();
}

// cancel gives up a change of an answer.
function cancel() {
  find("textarea", form()).value = "";
  keepDraft();
  compose(usual());
  if (form().hidden) find("#messages")?.focus();
}

function showMode() {
  const f = state.form, d = modeData(state.mode), area = find("textarea", f);
  f.hidden = !d.mode || panelOpen();
  f.dataset.mode = state.mode;
  for (const button of all("#composer-note [data-compose]")) button.setAttribute("aria-pressed", String(button.dataset.compose === state.mode));
  const target = find(".target", f);
  target.hidden = !state.target;
  find("span", target).textContent = state.target;
  if (d.mode) {
    area.placeholder = d.placeholder;
    area.setAttribute("aria-label", state.target ? `${d.placeholder}. ${state.target}` : d.placeholder);
    find(".send span", f).textContent = d.send;
    find(".mode-hint", f).textContent = d.hint;
    find(".cancel", f).hidden = state.mode !== "edit";
  }
  judge();
}

// Drafts are kept on the server a moment after the last letter. Until they are, and
// where they are about a single line, they stay in this browser.

const keepAfter = 700; // milliseconds
const keepAtMost = 60_000; // milliseconds until one that hangs makes room for the next
let keeping = 0, inOrder = Promise.resolve();

function keepSoon() {
  clearTimeout(keeping);
  keeping = setTimeout(keepNow, keepAfter, written());
}

// written is what is to be kept of the answer as it stands now.
const written = () => ({
  mine: state, name: draftName(state), text: find("textarea", state.form).value, seen: state.seen || newest(),
  files: state.files.filter((e) => e.id && !e.wrong).map((e) => e.id),
});

// keepNow keeps a draft on the server, one after the other, so that none overtakes
// another.
function keepNow({ mine, name, text, files, seen }, keepalive = false) {
  clearTimeout(keeping);
  inOrder = inOrder.then(async () => {
    if (mine.sending) return;
    mine.keeps = true;
    try {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(`/v1/conversations/${mine.id}/draft`, { method: "PUT", headers, body: JSON.stringify({ text, files, seen }), keepalive, signal: AbortSignal.timeout(keepAtMost) });
      if (answer.ok) mine.kept = text;
      if (answer.ok && localStorage.getItem(name) === text) localStorage.removeItem(name);
    } catch { /* it stays in this browser */ }
    mine.keeps = false;
  });
}

const draftName = ({ id, mode, parent, message }) =>
  [`sellerdesk.draft.${id}`, mode === "reply" || mode === "answer" ? "" : mode, parent && `to${parent}`, message && `of${message}`].filter(Boolean).join(".");

function readDraft() {
  try { return localStorage.getItem(draftName(state)) ?? ""; } catch { return ""; }
}

// begun is what was written before in the way that is chosen now. The draft of the whole
// may be with the server already, and gone from this browser.
const begun = () => readDraft() || (plain() ? state.left : "");

/** Keeps what is written, before the composer leaves the page. */
export function keepDraft() {
  const f = form();
  if (!f || !state?.mode || state.form !== f) return;
  const text = find("textarea", f).value;
  if (plain()) {
    if (!unkept()) {
      clearTimeout(keeping);
      try { localStorage.removeItem(draftName(state)); } catch { /* nothing was kept here */ }
      return;
    }
    state.seen = text.trim() ? state.seen || newest() : 0;
    if (!state.sending) keepSoon(); // what is on its way would come back as a draft
  }
  try {
    if (text.trim()) localStorage.setItem(draftName(state), text);
    else localStorage.removeItem(draftName(state));
  } catch { /* a private window may refuse: the text is still on the page */ }
}

function grow(area) {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}

// Files.

// kindOf tells a type by the first bytes, as the server does; the name and what
// the browser believes do not count.
const known = ["image/jpeg", "image/png", "application/pdf", "image/gif", "image/webp"];

async function kindOf(file) {
  const b = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const starts = (...bytes) => bytes.every((value, i) => b[i] === value);
  if (starts(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (starts(0x89, 0x50, 0x4e, 0x47)) return "image/png";
  if (starts(0x25, 0x50, 0x44, 0x46)) return "application/pdf";
  if (starts(0x47, 0x49, 0x46, 0x38)) return "image/gif";
  if (starts(0x52, 0x49, 0x46, 0x46) && b[8] === 0x57 && b[9] === 0x45) return "image/webp";
  // Of the rest the browser only guesses by the name: a guess at one of the
  // above is wrong, others are left to the server.
  return known.includes(file.type) ? "application/octet-stream" : file.type || "application/octet-stream";
}

function sizeText(n) {
  const lang = document.documentElement.lang;
  const unit = n < 1 << 20 ? ["kilobyte", 1024] : ["megabyte", 1 << 20];
  return new Intl.NumberFormat(lang, { style: "unit", unit: unit[0], unitDisplay: "short", maximumFractionDigits: n < 10 * unit[1] ? 2 : 0 }).format(Math.max(n / unit[1], 0.01));
}

const typeText = (types) => types.map((t) => t.split("/")[1].toUpperCase()).join(", ");

/** Adds files; each is judged before it is uploaded. */
async function add(list) {
  const mine = state;
  if (!mine || mine.form.hidden || limits().files === 0) return;
  for (const file of list) {
    const entry = { file, name: file.name, size: file.size, id: 0, wrong: "", address: "" };
    mine.files.push(entry);
    entry.type = await kindOf(file);
    if (entry.type.startsWith("image/")) entry.address = URL.createObjectURL(file);
    judge();
    if (!entry.wrong) upload(mine, entry);
  }
}

async function upload(mine, entry) {
  const body = new FormData();
  body.append("file", entry.file, entry.name);
  try {
    const answer = await fetch("/v1/files", { method: "POST", body });
    const json = await answer.json();
    if (answer.ok) { entry.id = json.id; entry.type = json.type; }
    else entry.failed = (document.documentElement.lang === "en" && json.detail) || words("uploadFailed");
  } catch {
    entry.failed = words("uploadFailed");
  }
  if (mine === state) judge();
}

// judge says of every file and of the text what is wrong with it.
function judge() {
  const f = form();
  if (!f || !state) return;
  const l = limits();
  let total = 0;
  state.files.forEach((entry, i) => {
    total += entry.size;
    entry.wrong = "";
    if (entry.size === 0) entry.wrong = words("emptyFile");
    else if (entry.size > l.size) entry.wrong = filled("tooLarge", sizeText(l.size));
    else if (entry.type && l.types.length > 0 && !l.types.includes(entry.type)) entry.wrong = filled("wrongType", typeText(l.types));
    else if (i >= l.files) entry.wrong = filled("tooMany", l.files);
    else if (total > l.total) entry.wrong = filled("totalTooLarge", sizeText(l.total));
    else if (entry.failed) entry.wrong = entry.failed;
  });
  drawChips(f);
  const length = [...find("textarea", f).value.trim()].length;
  const counter = find(".counter", f);
  const short = length > 0 && length < l.least;
  counter.hidden = length < l.length * nearLimit && !short;
  counter.classList.toggle("over", length > l.length);
  counter.textContent = short ? filled("missing", l.least - length) : length > l.length ? filled("over", length - l.length) : filled("left", l.length - length);
  const waits = state.files.some((e) => e.id === 0 && !e.wrong);
  const wrong = state.files.some((e) => e.wrong) || length > l.length || short;
  const empty = length === 0 && state.files.length === 0;
  find(".send", f).disabled = wrong || waits || empty || state.sending;
}

function drawChips(f) {
  const list = find(".chips", f);
  list.hidden = state.files.length === 0;
  list.replaceChildren(...state.files.map((entry, i) => {
    const chip = document.createElement("li");
    chip.className = entry.wrong ? "chip bad" : "chip";
    if (entry.address && !entry.wrong) {
      const img = document.createElement("img");
      img.src = entry.address;
      img.alt = "";
      chip.append(img);
    } else {
      chip.append(find("#file-icon").content.firstElementChild.cloneNode(true));
    }
    const text = document.createElement("span");
    const name = document.createElement("b");
    name.textContent = entry.name;
    name.dir = "auto";
    const note = document.createElement("small");
    note.textContent = `${sizeText(entry.size)}${entry.wrong ? ` · ${entry.wrong}` : entry.id === 0 ? ` · ${words("uploading")}` : ""}`;
    text.append(name, note);
    const remove = find("#remove-file").content.firstElementChild.cloneNode(true);
    remove.setAttribute("aria-label", `${words("remove")}: ${entry.name}`);
    remove.addEventListener("click", () => {
      if (entry.address) URL.revokeObjectURL(entry.address);
      state.files.splice(i, 1);
      judge();
      find("textarea", f).focus();
    });
    chip.append(text, remove);
    return chip;
  }));
}

// Sending.

// What left and is not known to have arrived, by the name of its draft. Who comes back to
// the conversation meanwhile finds its words again, and must not say them twice.
const leaving = new Map();

// send tells whether the answer is on its way.
async function send() {
  const f = form();
  if (!f || !state || f.hidden || state.sending) return false;
  judge();
  if (find(".send", f).disabled) {
    if (!find("textarea", f).value.trim() && state.files.length === 0) say(words("empty"));
    return false;
  }
  const mine = state;
  const area = find("textarea", f);
  mine.sending = true;
  judge();
  say("");
  clearTimeout(keeping);
  // Of this conversation, also when another is opened before the answer leaves.
  const path = ["edit", "reject"].includes(mine.mode) ? `/ui/conversations/${mine.id}/actions/${mine.mode}` : f.getAttribute("action");
  const address = threadAddress(path), source = find("#thread"), sent = { ...mine, seen: mine.seen || newest(), files: [...mine.files] };
  const values = { text: area.value, key: mine.key, files: mine.files.map((e) => e.id).join(",") };
  const name = draftName(sent), twin = leaving.get(name);
  if (twin?.text === values.text && twin.files === values.files) values.key = mine.key = twin.key;
  leaving.set(name, values);
  if (mine.seen) values.seen = mine.seen;
  if (mine.parent) values.parent = mine.parent;
  if (mine.message) values.message = mine.message;
  if (mine.from && area.value.trim()) values.from = mine.from;
  const answer = await ask("POST", address, { source, values });
  mine.sending = false;
  if (answer.ok) {
    document.dispatchEvent(new Event("sellerdesk:sent"));
    if (leaving.get(name)?.key === values.key) leaving.delete(name);
    let rest = "";
    try { // what was typed meanwhile stays, see keepDraft
      rest = behind(localStorage.getItem(draftName(sent)) ?? "", values.text);
      if (rest.trim()) localStorage.setItem(draftName(sent), rest);
      else localStorage.removeItem(draftName(sent));
    } catch { /* nothing was kept here */ }
    for (const entry of sent.files) if (entry.address) URL.revokeObjectURL(entry.address);
    mine.files = mine.files.filter((entry) => !sent.files.includes(entry)); // what was added meanwhile stays
    mine.from = "";
    mine.key = freshKey();
    mine.seen = 0;
    mine.kept = "";
    if (!sent.parent && !sent.message) mine.left = "";
    // A draft that was on its way while the answer left must not come back behind it.
    if (sent.keeps && draftName(sent) === `sellerdesk.draft.${sent.id}`) keepNow({ mine, name: draftName(sent), text: rest, files: mine.files.map((e) => e.id).filter(Boolean), seen: sent.seen });
  }
  if (mine !== state) {
    if (!answer.ok) toast(answer.text);
    else if (state && !state.sending && draftName(state) === name) { // it came back meanwhile
      const again = find("textarea", state.form);
      fill(behind(again.value, values.text));
      state.kept = "";
      keepDraft();
      judge();
    }
    return answer.ok;
  }
  if (answer.ok) {
    area.value = behind(area.value, values.text);
    grow(area);
    if (area.value) keepDraft();
    if (mine.mode === "edit" || mine.target) { Object.assign(mine, nobody, { mode: usual() }); fill(begun()); }
    attach();
    const box = find("#messages");
    if (box && !box.matches(".reads")) toEnd(box);
    (f.hidden ? box : area)?.focus();
  } else {
    // The key stays: trying again with the same text is the same intent.
    say(answer.text || words("noAnswer"));
    keepDraft();
    if (find("#toast")) find("#toast").hidden = true; // it would say the same
    if (answer.status === 409 && mine.seen) await showNews(mine);
  }
  judge();
  return answer.ok;
}

// behind is what was typed while an answer was on its way.
const behind = (now, sent) => (now.startsWith(sent) ? now.slice(sent.length).trimStart() : now);

// showNews shows what was said while the answer was written; the next try goes.
async function showNews(mine) {
  const seen = mine.seen;
  refreshAll();
  for (let i = 0; i < 30 && newest() <= seen; i++) await new Promise((done) => { setTimeout(done, 100); });
  mine.seen = newest();
  const fresh = all("#recent > [id^=m]").filter((m) => Number(m.id.slice(1)) > seen && !m.matches(".ours"));
  for (const m of fresh) m.classList.add("fresh");
  fresh[0]?.scrollIntoView({ block: "nearest" });
}

function say(text) {
  const box = find(".composer-error", form());
  box.textContent = text;
  box.hidden = text === "";
}

/** Says what a template says, with its files, in place of what was typed. */
export function insertTemplate(id, text, files) {
  if (!state || state.form !== form() || state.form.hidden) return;
  const area = find("textarea", state.form);
  area.focus();
  area.select();
  // By the browser's own editing, so that it can be taken back.
  if (!document.execCommand("insertText", false, text)) area.value = text;
  state.from = id;
  for (const f of limits().files > 0 ? files : []) {
    if (state.files.some((e) => e.id === f.id)) continue;
    state.files.push({ name: f.name ?? "", size: f.size ?? 0, id: f.id, type: f.type, wrong: "", address: f.thumbnail ? `/v1/files/${f.id}/thumbnail` : "" });
  }
  grow(area);
  say("");
  keepDraft();
  judge();
}

/** Listens for everything that happens to the composer. */
export function startComposer() {
  on("submit", "#composer", (event) => { event.preventDefault(); send(); });
  on("input", "#composer textarea", (_, area) => {
    if (state && !area.value.trim()) state.from = "";
    grow(area);
    judge();
    say("");
    keepDraft();
  });
  on("keydown", "#composer textarea", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      send().then((sent) => { if (sent && event.shiftKey) step(1); });
    }
  });
  on("click", "[data-compose]", (_, button) => compose(button.dataset.compose, button.dataset));
  on("click", "#composer .cancel", cancel);
  on("click", "#composer .drop-target", () => (state.mode === "edit" ? cancel() : untarget()));
  on("change", "#composer input[type=file]", (_, input) => { add([...input.files]); input.value = ""; });
  on("paste", "#composer textarea", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length > 0) { event.preventDefault(); add(files); }
  });
  const carries = (event) => event.dataTransfer?.types.includes("Files") && form() && !form().hidden;
  const drop = (shown) => { const box = form() && find(".drop", form()); if (box) box.hidden = !shown; };
  document.addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); drop(true); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop(false); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    drop(false);
    add([...event.dataTransfer.files]);
  });
  document.addEventListener("sellerdesk:panel", () => { if (state?.form === form()) showMode(); });
  window.addEventListener("pagehide", () => {
    keepDraft();
    if (unkept()) keepNow(written(), true);
  });
}
