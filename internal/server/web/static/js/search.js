// The search: its page, and the results beside the list while a person types.

import { all, ask, find, on, paced, toast } from "./dom.js";
import { command } from "./keys.js";

const pace = 150; // milliseconds between two searches while a person types
const kept = "sellerdesk.searches"; // recent searches stay in the browser
const most = 8;

const addressOf = (typed, sort = "") => (typed ? `/search?q=${encodeURIComponent(typed)}${sort ? `&sort=${sort}` : ""}` : "/search");

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
  const sortOf = (address) => (new URL(address).searchParams.get("sort") === "relevance" ? "relevance" : "");
  let sort = sortOf(location.href);
  const address = () => addressOf(input.value.trim(), sort);
  let shown = addressOf(input.defaultValue.trim(), sort); // what was typed before the script came is not shown yet
  let early = ""; // what was clicked before the results of the last letters were there
  const nameOf = (link) => find("span", link)?.textContent.trim() ?? "";
  const work = paced(pace, async () => {
    const wanted = address();
    if (wanted === shown) return;
    const slow = setTimeout(() => found.setAttribute("aria-busy", "true"), 300);
    const chosen = document.activeElement?.closest("#found :is(.facet, .search-order a)")?.textContent.trim();
    const answer = await ask("GET", wanted, { target: found, swap: "innerHTML", source: found });
    clearTimeout(slow);
    found.removeAttribute("aria-busy");
    if (!answer.ok) { early = ""; toast(answer.text || form.dataset.failed); return; }
    shown = wanted;
    if (chosen) all(".facet, .search-order a", found).find((link) => link.textContent.trim() === chosen)?.focus();
    showRecent(input.value.trim());
    if (early === "" || wanted !== address()) return;
    const link = all(".facet, .search-chip", found).find((one) => nameOf(one) === early);
    early = "";
    link?.click();
  });
  const follow = (link) => {
    input.value = new URL(link).searchParams.get("q") ?? "";
    sort = sortOf(link);
    work();
  };
  const keepAddress = () => { if (address() !== location.pathname + location.search) history.pushState({}, "", address()); };
  on("input", "#search #find", () => { history.replaceState({}, "", address()); work(); });
  on("submit", "#search", (event) => { event.preventDefault(); remember(input.value.trim()); keepAddress(); work(); });
  on("click", "[data-search]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches(".search-order a")) { sort = sortOf(link.href); keepAddress(); work(); return; } // of what stands in the box by now
    if (address() !== shown && link.matches(".facet, .search-chip")) { early = nameOf(link); work(); return; }
    follow(link.href);
    keepAddress();
    if (!link.matches(".facet")) input.focus();
  });
  on("click", ".hit", () => remember(input.value.trim()));
  on("click", "[data-forget]", () => { keep([]); showRecent(""); input.focus(); });
  on("click", "[data-facets]", (_, button) => button.setAttribute("aria-expanded", String(find("#search-page").toggleAttribute("data-open"))));
  on("keydown", "#search #find", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); find(".hit", found)?.focus(); }
  });
  window.addEventListener("popstate", () => follow(location.href));
  showRecent(input.value.trim());
  if (address() !== shown) history.replaceState({}, "", address());
  work();
  if (/^(обращение|conversation):\d+$/.test(input.value.trim())) { input.value += " "; input.focus(); } // the words come now
}

// Beside the list.

// The hit that is open stays chosen when a further letter draws the results anew.
function keepChosen(box) {
  const at = (address) => new URL(address).searchParams.get("at"), here = at(location.href);
  all(`[data-hit="${find("#inbox").dataset.open}"]`, box).find((hit) => at(hit.href) === here)?.setAttribute("aria-current", "true");
}

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
    if (!answer.ok) { toast(answer.text || box.dataset.failed); return; }
    box.dataset.shown = typed;
    keepChosen(box);
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
