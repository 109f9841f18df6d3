// What the page can do more with JavaScript: find, copy, and show where one is.
// Without it the page is whole.

const box = document.querySelector("search");
const input = document.querySelector("#find");
const found = document.querySelector("#found");
const nothing = document.querySelector("#nothing");
const parts = [...document.querySelectorAll("main .found")].map((element) => ({
  element,
  text: element.textContent.toLowerCase(),
  link: document.querySelector(`nav a[href="#${CSS.escape(element.id)}"]`)?.closest("li"),
}));
const groups = [...document.querySelectorAll("main .group, main .overview, nav section")];

function find() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { element, text, link } of parts) {
    const fits = words.every((word) => text.includes(word));
    element.hidden = !fits;
    if (link) link.hidden = !fits;
    if (fits) count++;
  }
  for (const group of groups) {
    group.hidden = ![...group.querySelectorAll(".found, li")].some((one) => !one.hidden && !one.closest(".overview li"));
  }
  found.textContent = words.length ? String(count) : "";
  nothing.hidden = count > 0;
}

box.hidden = false;
let waiting;
input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    find();
    if (input.value) scrollTo({ top: 0, behavior: "instant" });
  }, 80);
});
input.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    input.value = "";
    find();
    input.blur();
  }
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    input.focus();
    input.select();
  }
});
// A link to a part that the search hides shows all again.
addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.closest("[hidden]") || target?.hidden) {
    input.value = "";
    find();
    target.scrollIntoView();
  }
});
if (input.value) find(); // what the browser kept over a reload

const { copy, copied } = document.body.dataset;
if (navigator.clipboard) {
  for (const figure of document.querySelectorAll(".code figure")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(figure.querySelector("pre").textContent);
      button.textContent = copied;
      setTimeout(() => (button.textContent = copy), 1500);
    });
    figure.append(button);
  }
}

const nav = document.querySelector("nav");
let current;
const seen = new IntersectionObserver((entries) => {
  const entry = entries.find((one) => one.isIntersecting);
  if (!entry) return;
  current?.removeAttribute("aria-current");
  current = nav.querySelector(`a[href="#${CSS.escape(entry.target.id)}"]`);
  current?.setAttribute("aria-current", "location");
  if (current && getComputedStyle(nav).position === "sticky") {
    const { top, bottom } = current.getBoundingClientRect();
    const frame = nav.getBoundingClientRect();
    if (top < frame.top + 40 || bottom > frame.bottom - 40) nav.scrollTop += top - frame.top - frame.height / 3;
  }
}, { rootMargin: "-72px 0px -70% 0px" });
for (const { element } of parts) seen.observe(element);
