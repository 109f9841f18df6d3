// Selecting rows of the list, doing one thing to many, and how far jobs are.

import { all, announce, ask, find, gather, on, paced, toast } from "./dom.js";
import { before, command } from "./keys.js";

const pace = 500; // milliseconds between two looks at the jobs
const typingPause = 350; // until texts are judged
const look = 5000; // answers leave without events of their job

const picked = new Set(); // ids of conversations, in the order they were picked
let total = -1; // how many match, when all of them are selected; -1: they are not
let choosing = false; // rows are touched to select them
let anchor = ""; // where a range begins
let filter; // of the list the selection is of
let counted = 0; // of counting all that match, so that a late answer selects nothing

const inbox = () => find("#inbox");
const rows = () => all("#rows .row:not(.filtered)");
const idOf = (row) => row.id.slice(1);
const typed = () => find("#rows")?.dataset.filter;
const everything = () => total >= 0;
const number = (n) => new Intl.NumberFormat(document.documentElement.lang).format(n);
const words = (name, n = "") => find("#bulk-tools").dataset[name].replace("{}", n === "" ? "" : number(n));

// current is the row that a key is about.
function current() {
  const list = rows();
  return list.find((row) => row === document.activeElement) ?? list.find((row) => row.matches("[aria-current]")) ?? list[0];
}

function toggle(row, is) {
  const id = idOf(row);
  if (everything()) { // one is taken out: those that are on the page stay selected
    total = -1;
    picked.clear();
    for (const other of rows()) picked.add(idOf(other));
  }
  if (is ?? !picked.has(id)) picked.add(id);
  else picked.delete(id);
  anchor = id;
  draw();
}

function range(row) {
  const list = rows();
  const from = list.findIndex((other) => idOf(other) === anchor), to = list.indexOf(row);
  if (from < 0) { toggle(row, true); return; }
  for (const other of list.slice(Math.min(from, to), Math.max(from, to) + 1)) picked.add(idOf(other));
  draw();
}

function clear() {
  counted++;
  picked.clear();
  total = -1;
  choosing = false;
  anchor = "";
  draw();
}

// allThatMatch selects the whole list, rows that are not loaded included.
async function allThatMatch() {
  const asked = typed(), mine = ++counted;
  if (asked === undefined) return;
  filter = asked;
  find("#bulk-bar").hidden = false;
  find("#bulk-count").textContent = words("counting");
  const answer = await ask("POST", "/ui/bulk/count", { source: find("#bulk-bar"), values: { filter: asked } });
  if (!answer.ok) { toast(answer.text); draw(); return; }
  if (typed() !== asked || mine !== counted) return; // what was selected meanwhile counts
  const n = Number(answer.text);
  picked.clear();
  total = n;
  draw();
}

// draw shows the selection; rows are drawn by the server, which knows nothing of it.
function draw() {
  const bar = find("#bulk-bar");
  if (!bar) return;
  for (const row of all("#rows .row")) {
    const is = everything() || picked.has(idOf(row));
    if (is === row.classList.contains("picked")) continue;
    row.classList.toggle("picked", is);
    if (is) row.setAttribute("aria-describedby", "picked-word");
    else row.removeAttribute("aria-describedby");
  }
  const n = everything() ? total : picked.size;
  inbox().toggleAttribute("data-picking", choosing || n > 0);
  bar.hidden = !choosing && n === 0 && !everything();
  find("#bulk-count").textContent = everything() ? words("all", total) : words("picked", picked.size);
  find("[data-bulk-all]").hidden = everything() || typed() === undefined;
  for (const button of all("[data-bulk]", bar)) button.disabled = n === 0;
  find("[data-bulk-start]")?.setAttribute("aria-pressed", String(choosing));
}

// settle brings bar and selection back after the list was drawn again.
function settle() {
  const list = find(".list"), foot = find("#bulk-foot");
  if (!list || !foot) return;
  if (foot.parentElement !== list) list.append(foot);
  if (filter !== typed()) { filter = typed(); if (picked.size > 0 || everything()) { clear(); return; } }
  draw();
}

/** Tells what is selected: {ids} or {filter}; null for nothing. */
function selection() {
  if (everything()) return { filter };
  return picked.size > 0 ? { ids: [...picked].join(",") } : null;
}

// The dialog.

const dialog = () => find("#bulk");

/** Opens the dialog of an action for what is selected; false when nothing is. */
export async function openBulk(action, what = selection()) {
  if (!what || !dialog()) return false;
  find("#bulk-more:popover-open")?.hidePopover();
  const keys = gather();
  const answer = await ask("POST", "/ui/bulk/dialog", { target: dialog(), swap: "innerHTML", source: dialog(), values: { action, ...what } });
  if (answer.ok) {
    if (!dialog().open) dialog().showModal();
    find("[autofocus]", dialog())?.focus();
  } else toast(answer.text || find("#words")?.dataset.noAnswer);
  keys(answer.ok ? find("[autofocus]", dialog()) : null);
  return true;
}

function values(form) {
  const out = {};
  for (const [name, value] of new FormData(form)) out[name] = name in out ? `${out[name]},${value}` : value;
  return out;
}

let judging = 0;

function judge() {
  clearTimeout(judging);
  const form = find("#bulk-form");
  if (!find("#bulk-texts", form)) return;
  judging = setTimeout(async () => {
    const target = find("#bulk-samples", form);
    await ask("POST", "/ui/bulk/preview", { target, swap: "innerMorph", source: target, values: values(form) });
  }, typingPause);
}

async function begin(form) {
  const button = find(".primary", form);
  if (!button || button.disabled) return;
  clearTimeout(judging);
  button.disabled = true;
  const answer = await ask("POST", "/ui/bulk", { source: form, values: values(form) });
  button.disabled = false;
  const wrong = find("#bulk-error");
  if (!wrong) return;
  wrong.hidden = answer.ok;
  if (!answer.ok) { wrong.textContent = answer.text || find("#offline span").textContent; return; }
  dialog().close();
  clear();
  hideDismissed();
  find("#bulk-jobs .job-name")?.focus();
}

// renumber names the variants after their places.
function renumber() {
  const box = find("#bulk-texts"), texts = all(".bulk-text", box);
  texts.forEach((text, i) => {
    const area = find("textarea", text);
    area.name = `text-${i}`;
    area.placeholder = box.dataset.name.replace("0", i + 1);
    area.setAttribute("aria-label", area.placeholder);
    find("[data-bulk-remove]", text).hidden = texts.length === 1;
  });
  find("[data-bulk-add]").disabled = texts.length >= Number(box.dataset.most);
}

let written = null; // the variant that was typed into last

function insert(text) {
  const area = written?.isConnected ? written : find("#bulk-texts textarea");
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  judge();
}

function startDialog() {
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "bulk-form") return;
    event.preventDefault();
    begin(event.target);
  }, true);
  on("click", "[data-bulk]", (_, button) => openBulk(button.dataset.bulk, button.dataset.filter === undefined ? undefined : { filter: button.dataset.filter }));
  on("click", "[data-bulk-cancel]", () => dialog().close());
  on("click", "#bulk", (event, box) => { if (event.target === box && !find("textarea", box)) box.close(); });
  on("input", "#bulk-form", judge);
  on("focusin", "#bulk-texts textarea", (_, area) => { written = area; });
  on("click", "[data-bulk-add]", () => {
    const texts = all("#bulk-texts .bulk-text"), fresh = texts[0].cloneNode(true);
    find("textarea", fresh).value = "";
    texts.at(-1).after(fresh);
    renumber();
    find("textarea", fresh).focus();
  });
  on("click", "[data-bulk-remove]", (_, button) => {
    button.closest(".bulk-text").remove();
    renumber();
    find("#bulk-texts textarea").focus();
    judge();
  });
  on("click", "[data-bulk-insert]", (_, button) => insert(button.dataset.bulkInsert));
  on("keydown", "#bulk-form textarea", (event, area) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); area.form.requestSubmit(); }
  });
}

// Jobs.

const dismissed = new Set();
try { for (const id of (sessionStorage.getItem("sellerdesk.jobs") ?? "").split(",").filter(Boolean)) dismissed.add(id); } catch { /* a private window may refuse */ }

function hideDismissed() {
  for (const job of all("#bulk-jobs .job")) job.hidden = dismissed.has(job.dataset.job) && !job.hasAttribute("data-open");
}

function dismiss(job) {
  dismissed.add(job.dataset.job);
  try { sessionStorage.setItem("sellerdesk.jobs", [...dismissed].slice(-50).join(",")); } catch { /* as above */ }
  hideDismissed();
}

const refresh = paced(pace, async () => {
  const panel = find("#bulk-jobs");
  if (!panel || document.hidden) return;
  const open = all(".job[data-open]", panel).map((job) => job.dataset.job);
  const answer = await ask("GET", "/ui/jobs", { source: panel });
  if (!answer.ok) return;
  hideDismissed();
  for (const id of open) {
    const job = find(`#job-${id}:not([data-open])`);
    if (job) announce(`${find(".job-name", job).textContent}: ${find(".pill", job).textContent}`);
  }
});

function startJobs() {
  on("click", "[data-steer]", async (_, button) => {
    const job = button.closest(".job"), id = job.id;
    button.disabled = true;
    const answer = await ask("POST", button.dataset.steer, { source: job });
    if (!answer.ok) { toast(answer.text); button.disabled = false; return; }
    find(`#${id} [data-steer], #${id} .job-name`)?.focus();
  });
  on("click", "[data-job-hide]", (_, button) => dismiss(button.closest(".job")));
  document.addEventListener("sellerdesk:changed", ({ detail }) => { if (detail.jobs) refresh(); });
}

/** Starts what a page has of bulk: selecting in the inbox, jobs everywhere. */
export function startBulking() {
  startJobs();
  if (!find("#bulk-tools")) return;
  startDialog();
  if (!inbox()) return;
  inbox().dataset.picks = "";
  filter = typed();
  command("select", () => { const row = current(); if (!row) return false; toggle(row); row.focus(); return true; });
  command("select_range", () => { const row = current(); if (!row) return false; range(row); return true; });
  command("select_all", () => { allThatMatch(); return true; });
  // While something is selected, keys are about it.
  const many = { reply: "answer", close: "close", tag: "tag", assign: "assign", snooze: "snooze" };
  before((name) => {
    if (!many[name] || !selection()) return false;
    openBulk(many[name]);
    return true;
  });
  on("click", "[data-bulk-start]", () => { choosing = !choosing; if (choosing) draw(); else clear(); });
  on("click", "[data-bulk-all]", allThatMatch);
  on("click", "[data-bulk-clear]", () => { clear(); current()?.focus(); });
  document.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest("#rows .row") : null;
    if (!row || event.button !== 0 || event.ctrlKey || event.metaKey) return;
    const left = row.getBoundingClientRect()[document.dir === "rtl" ? "right" : "left"];
    const box = event.detail > 0 && Math.abs(event.clientX - left) < 30;
    const touched = choosing || (inbox().hasAttribute("data-picking") && matchMedia("(hover: none)").matches);
    if (!box && !touched && !(event.shiftKey && (picked.size > 0 || everything()))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) range(row);
    else toggle(row);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || find("dialog[open], :popover-open") || !inbox().hasAttribute("data-picking")) return;
    event.preventDefault();
    event.stopPropagation();
    clear();
  }, true);
  document.addEventListener("htmx:after:swap", settle);
  settle();
  // What floats over the list stays above what is under it.
  new ResizeObserver(() => find(".list")?.style.setProperty("--foot", `${find("#bulk-foot")?.offsetHeight ?? 0}px`)).observe(find("#bulk-foot"));
  refresh();
  setInterval(() => { if (find("#bulk-jobs .job[data-open]")) refresh(); }, look);
}
