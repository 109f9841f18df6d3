// The search: its page, and the results beside the list while a person types.

import { all, ask, find, on, paced, toast } from "./dom.js";
import { command } from "./keys.js";

const pace = 150; // milliseconds between two searches while a person types
const kept = "sellerdesk.searches"; // recent searches stay in the browser
const most = 8;

const addressOf = (typed) => (typed ? `/search?q=${encodeURIComponent(typed)}` : "/search");

// Recent searches.

function recent() {
  try { return JSON.parse(localStorage.getItem(kept) ?? "[]").filter((s) => typeof s === "string").slice(0, most); } catch { return []; }
}

function remember(typed) {
  if (typed.length < 2) return;
  keep([typed, ...recent().filter((s) => s !== typed)].slice(0, most));
}

function keep(list) {
  try { localStorage.setItem(kept, JSON.stringify(list)); } catch { /* a full or shut storage keeps nothing */ }
}

function showRecent(asked) {
  const box = find("#recent-searches"), list = recent();
  box.hidden = asked !== "" || list.length === 0;
  find("ul", box).replaceChildren(...list.map((typed) => {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = addressOf(typed);
    link.className = "chip-link";
    link.dir = "auto";
    link.dataset.search = "";
    link.textContent = typed;
    item.append(link);
    return item;
  }));
}

// The page.

function startPage() {
  const form = find("#search"), input = find("#find"), found = find("#found");
  let shown = input.value.trim();
  const work = paced(pace, async () => {
    const typed = input.value.trim();
    if (typed === shown) return;
    const slow = setTimeout(() => found.setAttribute("aria-busy", "true"), 300);
    const focused = document.activeElement?.closest("#found .facet")?.textContent.trim();
    const answer = await ask("GET", addressOf(typed), { target: found, swap: "innerHTML", source: found });
    clearTimeout(slow);
    found.removeAttribute("aria-busy");
    if (!answer.ok) { toast(answer.text || form.dataset.failed); return; }
    shown = typed;
    if (focused) all(".facet", found).find((f) => f.textContent.trim() === focused)?.focus();
    showRecent(typed);
  });
  const go = (typed, push) => {
    input.value = typed;
    if (push && addressOf(typed.trim()) !== location.pathname + location.search) history.pushState({}, "", addressOf(typed.trim()));
    work();
  };
  on("input", "#search #find", () => { history.replaceState({}, "", addressOf(input.value.trim())); work(); });
  on("submit", "#search", (event) => { event.preventDefault(); remember(input.value.trim()); go(input.value, true); });
  on("click", "[data-search]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(new URL(link.href).searchParams.get("q") ?? "", true);
    if (!link.matches(".facet")) input.focus();
  });
  on("click", ".hit", () => remember(input.value.trim()));
  on("click", "[data-forget]", () => { keep([]); showRecent(""); input.focus(); });
  on("click", "[data-facets]", (_, button) => button.setAttribute("aria-expanded", String(find("#search-page").toggleAttribute("data-open"))));
  on("keydown", "#search #find", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); find(".hit", found)?.focus(); }
  });
  window.addEventListener("popstate", () => go(new URL(location.href).searchParams.get("q") ?? "", false));
  showRecent(shown);
  if (/^(обращение|conversation):\d+$/.test(shown)) { input.value += " "; input.focus(); } // the words come now
}

// Beside the list.

function startQuick() {
  const typedNow = () => find("#find")?.value.trim() ?? "";
  const show = () => {
    const on = typedNow() !== "";
    find("#rows").hidden = on;
    find("#quick").hidden = !on;
  };
  const work = paced(pace, async () => {
    const typed = typedNow(), box = find("#quick");
    show();
    if (typed === "" || box.dataset.shown === typed) return;
    const answer = await ask("GET", `/search/quick?q=${encodeURIComponent(typed)}`, { target: box, swap: "innerHTML", source: box });
    if (answer.ok) box.dataset.shown = typed;
    else toast(answer.text || box.dataset.failed);
  });
  on("input", "#find", work);
  on("keydown", "#find", (event) => {
    if (event.key === "Enter") { event.preventDefault(); remember(typedNow()); location.assign(addressOf(typedNow())); }
    if (event.key === "ArrowDown") { event.preventDefault(); find("#quick:not([hidden]) .row, #rows:not([hidden]) .row")?.focus(); }
  });
  on("click", ".quick-row", () => remember(typedNow()));
  window.addEventListener("pageshow", work); // what was typed comes back with the page
}

/** Starts the search of a page. */
export function startSearch() {
  command("search", () => {
    const input = find("#find");
    if (!input) { location.assign("/search"); return true; }
    input.focus();
    input.select();
    return true;
  });
  if (find("#search")) startPage();
  if (find("#quick")) startQuick();
}
