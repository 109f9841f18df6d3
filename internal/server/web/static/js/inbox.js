// The three panes: opening, filtering, and what live changes do to them.

import { all, announce, ask, find, movesOf, on, paced, ring, toast } from "./dom.js";
import { follow } from "./live.js";
import { attach, keepDraft } from "./composer.js";
import { follow as followDecision } from "./decide.js";

const pace = 200; // milliseconds between two refreshes: five a second
const tick = 30_000; // waiting times grow

const inbox = () => find("#inbox");
const openID = () => inbox()?.dataset.open ?? "";
const apart = () => find("#messages")?.dataset.apart === "yes"; // the newest messages are not on the page
const query = () => new URL(find("#rows")?.dataset.address ?? "/", location.origin).search;

// Opening and closing.

let opening = null;
let keptUnread = ""; // the conversation that the person wants to find unread again

/** Opens a conversation beside the list. found is the query of an address that names what was searched for (q) and the message to open at (at). */
export async function open(id, { push = true, focus = false, found = "" } = {}) {
  if (!id || id === openID() && push && !found) { if (focus) focusComposer(); return; }
  const mine = opening = {};
  keptUnread = "";
  const asked = new URLSearchParams(query());
  for (const [name, value] of new URLSearchParams(found)) if (name === "at" || name === "q") asked.set(name, value);
  const address = `/conversations/${id}${asked.size > 0 ? `?${asked}` : ""}`;
  keepDraft();
  choose(id);
  inbox().dataset.open = id;
  inbox().dataset.card = "";
  if (push) history.pushState({ id }, "", address);
  const main = find("#main");
  const answer = await ask("GET", address, { target: main, swap: "innerHTML", source: main, latest: true });
  if (opening !== mine) return;
  if (!answer.ok) { // what is still on the page is what keys and events are about
    toast(answer.text || find("#words")?.dataset.noAnswer);
    inbox().dataset.open = find("#thread")?.dataset.conversation ?? "";
    choose(openID());
    if (push) history.replaceState({ id: openID() }, "", openID() ? `/conversations/${openID()}${query()}` : `/${query()}`);
    return;
  }
  shown();
  if (!find("#rail-bell .badge").hidden) ring(); // what one was told of it is looked at now
  if (focus) focusComposer();
  else if (matchMedia("(max-width: 819px)").matches) main.focus({ preventScroll: true });
}

/** Goes back to the list alone. */
export function shut({ push = true } = {}) {
  const id = openID();
  if (!id) return;
  opening = null;
  keepDraft();
  inbox().dataset.open = "";
  choose("");
  if (push) history.pushState({}, "", `/${query()}`);
  const row = find(`#c${id}`), hit = find(`#quick:not([hidden]) [data-hit="${id}"]`);
  if (hit) { find("#main").replaceChildren(); hit.focus(); return; }
  drawList(`/ui/list${query()}`).then(() => { (find(`#c${id}`) ?? row)?.focus(); });
  find("#main").replaceChildren();
}

function choose(id) {
  for (const row of all("#rows [aria-current]")) row.removeAttribute("aria-current");
  find(`#c${id || "-"}`)?.setAttribute("aria-current", "true");
}

// shown runs when a conversation stands on the page.
function shown() {
  count();
  const box = find("#messages");
  if (!box) return;
  if (box.dataset.at) toHit(box);
  else if (box.matches(".reads")) box.dataset.end = "no";
  else toEnd(box);
  // A composer that grows takes its height from the messages, and messages grow
  // when what they show arrives late: the newest stays in view.
  const held = new ResizeObserver(() => stay(box));
  held.observe(box);
  if (!box.matches(".reads")) held.observe(find("#recent", box));
  box.addEventListener("scroll", () => { if (atEnd(box)) find("#scroll-down").hidden = true; }, { passive: true });
  const pictures = all("img", box).filter((img) => !img.complete);
  for (const img of pictures) img.addEventListener("load", () => stay(box), { once: true });
  attach();
  followDecision();
  markRead();
}

const atEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 80;

/** Shows the newest message, and keeps it in view. */
export function toEnd(box) {
  box.scrollTop = box.scrollHeight;
  box.dataset.end = "yes";
  tops.set(box, box.scrollTop);
}

// toHit shows the message that was searched for.
function toHit(box) {
  box.dataset.end = "no";
  markHit();
  find(".found-here", box)?.scrollIntoView({ block: "center" });
  tops.set(box, box.scrollTop);
  find("#scroll-down").hidden = !apart();
}

// markHit marks it again: what comes live knows nothing of it.
function markHit() {
  const at = find("#messages")?.dataset.at;
  if (at) find(`#m${at}`)?.classList.add("found-here");
}

// newest leaves what was searched for and shows the newest messages.
function newest() {
  history.replaceState({ id: openID() }, "", `/conversations/${openID()}${query()}`);
  open(openID(), { push: false });
}

const tops = new WeakMap(); // where boxes stood when they were last looked at

// scrolled learns whether the newest is to stay in view. The event comes late: a
// box that shrank meanwhile is far from its end and nobody went there, so only
// who is higher than before has gone up.
function scrolled(box) {
  if (atEnd(box)) box.dataset.end = "yes";
  else if (box.scrollTop < tops.get(box)) box.dataset.end = "no";
  tops.set(box, box.scrollTop);
}

// stay keeps the newest in view. Who has just gone up is not taken back because the
// event of it has not come yet.
function stay(box) {
  if (box.scrollTop < tops.get(box) && !atEnd(box)) box.dataset.end = "no";
  if (box.dataset.end === "yes") toEnd(box);
}

function markRead() {
  const head = find("#thread-head");
  if (document.hidden || head?.dataset.unread !== "yes" || keptUnread === openID()) return;
  head.dataset.unread = "no";
  marking = mark(openID());
}

let marking = Promise.resolve(); // the mark that is on its way

// mark goes beside what the person does here, which never waits for it. What was done
// meanwhile knows more than its answer.
async function mark(id) {
  const thread = find("#thread"), before = movesOf(thread), current = () => movesOf(thread) === before;
  const answer = await ask("POST", threadAddress(`/ui/conversations/${id}/actions/read`), { source: find("#messages") ?? thread, current });
  if (answer.stale) { touched.add(id); refresh(); return; }
  if (!answer.ok) toast(answer.text);
  count();
}

/** Does something with the open conversation. */
export async function act(action) {
  const id = openID();
  if (!id) return;
  const address = threadAddress(`/ui/conversations/${id}/actions/${action}`), source = find("#thread");
  if (action === "unread") {
    keptUnread = id;
    await marking; // it would be read again
  }
  const answer = await ask("POST", address, { source });
  if (!answer.ok) toast(answer.text);
  count();
}

/** Presses the button of an action, if there is one. */
export function press(action) {
  find(`#thread-head [data-action="${action}"]:not([disabled])`)?.click();
}

// threadAddress adds what the server needs to answer with the same rows and
// messages that are on the page.
export function threadAddress(path) {
  const url = new URL(path, location.origin), own = [...url.searchParams];
  url.search = query();
  for (const [name, value] of own) url.searchParams.set(name, value); // what the action takes
  const box = find("#messages");
  if (box?.dataset.asked) url.searchParams.set("q", box.dataset.asked);
  if (apart()) url.searchParams.set("apart", "yes");
  const first = find("#recent > [id^=m]");
  if (first) url.searchParams.set("from", first.id.slice(1));
  return url.pathname + url.search;
}

/** Puts the cursor where the answer is written. */
export function focusComposer() {
  find("#composer:not([hidden]) textarea")?.focus();
}

// The list.

/** Moves the focus among the rows and opens what it meets on wide screens. */
export function step(by) {
  const rows = all("#quick:not([hidden]) .row, #rows:not([hidden]) .row");
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row === document.activeElement || row.matches("[aria-current]"));
  const row = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  row.focus();
  row.scrollIntoView({ block: "nearest" });
  if (!matchMedia("(max-width: 819px)").matches) openRow(row);
}

// openRow opens what a row of the list, or of what was found, leads to.
function openRow(row) {
  if (!row.dataset.hit) { open(row.id.slice(1)); return; }
  for (const other of all("#quick [aria-current]")) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  open(row.dataset.hit, { found: row.search });
}

const drawList = (address) => ask("GET", address, { target: find(".list"), swap: "innerHTML", source: find(".list"), latest: true });

async function goList(address) {
  const url = new URL(address, location.origin);
  const id = openID();
  history.pushState({ id }, "", (id ? `/conversations/${id}` : "/") + url.search);
  if (id) url.searchParams.set("open", id);
  const answer = await drawList(`/ui/list${url.search}`);
  if (answer.stale) return; // another list was asked for meanwhile
  if (!answer.ok) toast(answer.text);
  count();
  if (!find(".list").contains(document.activeElement)) find(".filter-open")?.focus({ preventScroll: true });
}

// Live changes.

let touched = new Set();
let lookAsked = false;

// resting tells that nobody reads, points into or works through the list, so
// that rows may move.
function resting() {
  const rows = find("#rows");
  const working = openID() && getComputedStyle(find(".list")).display !== "none";
  return rows && !working && rows.scrollTop < 8 && !find(".list").matches(":hover") && !find(".list").contains(document.activeElement);
}

const refresh = paced(pace, async () => {
  if (document.hidden || !inbox()) return;
  const ids = [...touched];
  touched = new Set();
  const whole = resting();
  const look = lookAsked;
  lookAsked = false;
  const id = openID();
  const box = find("#messages");
  const lastBefore = find("#recent > .message:last-of-type")?.id;
  const url = new URL(threadAddress("/ui/refresh"), location.origin);
  if (id) url.searchParams.set("open", id);
  if (whole) url.searchParams.set("whole", "yes");
  else {
    const above = find("#new-above")?.dataset.ids.split(",").filter(Boolean) ?? [];
    const have = ids.filter((n) => find(`#c${n}`));
    const fresh = new Set([...above, ...ids.filter((n) => !find(`#c${n}`))]);
    url.searchParams.set("rows", have.slice(0, 100).join(","));
    url.searchParams.set("new", [...fresh].slice(0, 100).join(","));
    if (look) url.searchParams.set("look", "yes");
  }
  // An answer about what is no longer on the page would put one conversation's lines under
  // another's name, and rows under a filter that they do not match.
  const rows = find("#rows"), thread = find("#thread"), before = movesOf(thread);
  const current = () => movesOf(thread) === before && id === openID() && id === (find("#thread")?.dataset.conversation ?? "") && box === find("#messages") && rows === find("#rows");
  const answer = await ask("GET", url.pathname + url.search, { source: inbox(), current });
  if (!answer.ok) { // it is drawn the next time
    for (const n of ids) touched.add(n);
    lookAsked ||= look;
    if (answer.stale) refresh();
    return;
  }
  count();
  if (!box || id !== openID()) return;
  const last = find("#recent > .message:last-of-type");
  // By now: who went up while the answer was on its way stays there.
  const follows = !box.matches(".reads");
  if (follows) stay(box);
  if (last && last.id !== lastBefore && !(follows && box.dataset.end === "yes")) find("#scroll-down").hidden = false;
  if (last && last.id !== lastBefore && last.dataset.author === "buyer") announce(last.textContent.trim().slice(0, 300));
  attach();
  followDecision(() => open(openID(), { push: false }));
  markRead();
});

/** Draws everything again. */
export function refreshAll() {
  lookAsked = true;
  for (const row of all("#rows .row").slice(0, 100)) touched.add(row.id.slice(1));
  refresh();
}

// count writes the number of those who wait into the title.
function count() {
  const n = Number(find("#rail-badge")?.dataset.count ?? 0);
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = n > 0 ? `(${n}) ${title}` : title;
}

/** Starts the page of the inbox. */
export function start() {
  on("click", ".list .row", (event, row) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    openRow(row);
  });
  on("click", "a.reply[data-open], .their-row", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.dataset.open);
  });
  on("click", ".list .tab, .list .kind, [data-list]", (event, tab) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goList(tab.getAttribute("href"));
  });
  on("submit", "#filters", (event, filters) => {
    event.preventDefault();
    const chosen = [...new FormData(filters)].filter(([, value]) => value !== "");
    goList(`/?${new URLSearchParams(chosen)}`);
  });
  on("change", "select[data-go]", (_, select) => goList(select.value));
  on("click", "[data-back]", (event) => { event.preventDefault(); shut(); });
  on("click", "[data-card-toggle]", () => { inbox().dataset.card = inbox().dataset.card === "open" ? "" : "open"; });
  on("click", "[data-act]", (_, button) => act(button.dataset.act));
  // What is unfolded grows downwards from under the hand.
  on("click", "#messages summary", () => { find("#messages").dataset.end = "no"; });
  on("click", "#scroll-down", () => { if (apart()) { newest(); return; } const box = find("#messages"); toEnd(box); find("#scroll-down").hidden = true; });
  on("click", "#new-above", () => {
    find("#rows").scrollTop = 0;
    drawList(`/ui/list${query()}${query() ? "&" : "?"}open=${openID()}`);
  });
  document.addEventListener("scroll", (event) => {
    if (event.target.id === "messages") scrolled(event.target);
  }, { capture: true, passive: true });
  document.addEventListener("htmx:after:swap", (event) => {
    if (apart() && !find("#messages .newer")) delete find("#messages").dataset.apart;
    markHit();
    if (event.detail?.ctx?.request?.action?.includes("/check") && event.detail.ctx.response?.status < 400) toast(find("#words").dataset.checking);
    const bad = event.detail?.ctx?.response?.status >= 400;
    if (bad && event.target instanceof Element && event.target.closest("#thread")) toast(event.detail.ctx.text);
  });
  keepPlaceWhileOlderLoad();
  // What was written stands at the end.
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.request.method === "POST" && ctx.response?.status < 400 && apart() && /\/messages(\?|$)/.test(ctx.request.action)) setTimeout(newest);
  });
  document.addEventListener("htmx:config:request", (event) => {
    const ctx = event.detail.ctx;
    if (ctx.sourceElement.closest?.("#thread") && ctx.request.method === "POST") {
      ctx.request.action = threadAddress(ctx.request.action);
    }
  });
  window.addEventListener("popstate", () => {
    const id = location.pathname.match(/^\/conversations\/(\d+)/)?.[1];
    if (id) open(id, { push: false, found: location.search });
    else shut({ push: false });
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshAll(); });
  follow({
    changed: ({ conversations, accounts, bell, moved }) => {
      const into = moved[openID()];
      if (into) open(String(into));
      for (const id of conversations) touched.add(String(id));
      if (conversations.length > 0 || accounts.length > 0) refresh();
      else if (bell) ring(); // what is refreshed brings it along
    },
    lost: refreshAll,
  });
  setInterval(refreshAll, tick);
  if (openID()) shown();
  else count();
}

// Older messages come in above; what is being read stays where it is.
function keepPlaceWhileOlderLoad() {
  let before = null;
  document.addEventListener("htmx:before:swap", (event) => {
    const box = find("#messages");
    before = event.detail.ctx.sourceElement?.matches?.(".older:not(.newer)") && box ? { box, height: box.scrollHeight, top: box.scrollTop } : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!before) return;
    before.box.scrollTop = before.top + before.box.scrollHeight - before.height;
    before = null;
  });
}
