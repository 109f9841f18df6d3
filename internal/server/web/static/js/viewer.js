// Pictures, pages and films of a conversation at their full size. An original is
// asked for when a person opens it, never before.

import { all, find, on } from "./dom.js";

let shown = [];
let at = 0;

/** What stands in a box whose picture cannot be drawn: nothing, of the same size. */
function blank(picture) {
  const width = picture.getAttribute("width") ?? 1, height = picture.getAttribute("height") ?? 1;
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`)}`;
}

/** Turns the box of a small picture that does not load into a clean tile. */
function giveUp(event) {
  const box = event.target.closest?.("[data-view]");
  if (event.target.tagName !== "IMG" || !box || "broken" in box.dataset) return;
  box.dataset.broken = "";
  event.target.src = blank(event.target);
}

function show(i) {
  at = (i + shown.length) % shown.length;
  const link = shown[at], kind = link.dataset.view;
  const picture = find(".viewer-picture"), film = find(".viewer-film");
  zoom(false);
  lose("");
  stop(film);
  picture.removeAttribute("src");
  picture.hidden = kind === "film";
  film.hidden = kind !== "film";
  if (kind === "film") {
    film.src = link.href;
    film.play().catch(() => {}); // the person may start it
  } else {
    draw(picture, link);
  }
  find(".viewer-name").textContent = link.dataset.name;
  const count = find(".viewer-count");
  count.textContent = shown.length > 1 ? fill(count.dataset.of, at + 1, shown.length) : "";
  find(".viewer-load").href = link.href;
  for (const button of all(".viewer-prev, .viewer-next")) button.hidden = shown.length < 2;
}

const fill = (words, ...values) => values.reduce((s, v) => s.replace("{}", v), words);

/** Shows a picture over its small one, which is here already and of its shape. */
function draw(picture, link) {
  const small = find("img", link), page = link.dataset.view === "page";
  const drawn = small && !("broken" in link.dataset);
  for (const side of ["width", "height"]) {
    const pixels = link.dataset[side] ?? (page && drawn ? small[side === "width" ? "naturalWidth" : "naturalHeight"] : "");
    if (pixels) picture.setAttribute(side, pixels);
    else picture.removeAttribute(side);
  }
  picture.style.backgroundImage = drawn && !page ? `url("${small.src}")` : "";
  picture.toggleAttribute("data-paper", page);
  picture.alt = link.dataset.name || small?.alt || "";
  picture.src = page ? small.src : link.href; // of a document, the first page is what there is to see
}

function stop(film) {
  if (!film.hasAttribute("src")) return;
  film.pause();
  film.removeAttribute("src");
  film.load(); // ends the transfer
}

/** Says that what is shown cannot be, by its kind; "" takes the words away. */
function lose(kind) {
  const words = find(".viewer-lost");
  words.hidden = !kind;
  const line = find("span", words);
  line.textContent = kind ? line.dataset[kind] : "";
  if (kind) for (const e of all(".viewer-picture, .viewer-film")) e.hidden = true;
}

function zoom(how) {
  find(".viewer-stage").toggleAttribute("data-zoomed", how);
}

const zoomed = () => find(".viewer-stage").hasAttribute("data-zoomed");

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inFilm = event.target.closest("video");
  const does = {
    ArrowRight: () => !inFilm && show(at + 1), ArrowLeft: () => !inFilm && show(at - 1),
    KeyJ: () => show(at + 1), KeyK: () => show(at - 1), Home: () => show(0), End: () => show(shown.length - 1),
    Equal: () => zoom(true), NumpadAdd: () => zoom(true), Minus: () => zoom(false), NumpadSubtract: () => zoom(false),
    KeyZ: () => zoom(!zoomed()),
  }[event.code];
  if (does && does() !== false) event.preventDefault();
}

function open(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  shown = all("[data-view]", find("#messages") ?? document).filter((e) => !("broken" in e.dataset) || e === link);
  find("#viewer").showModal();
  show(shown.indexOf(link));
}

export function startViewer() {
  const dialog = find("#viewer");
  if (!dialog) return;
  document.addEventListener("error", giveUp, true);
  for (const picture of all("[data-view] img")) { // those that were given up before we listened
    if (picture.complete && picture.naturalWidth === 0 && picture.currentSrc) giveUp({ target: picture });
  }
  on("click", "[data-view]", open);
  on("click", "#viewer [data-step]", (_, button) => show(at + Number(button.dataset.step)));
  dialog.addEventListener("keydown", press);
  dialog.addEventListener("click", (event) => {
    if (event.target.matches(".viewer-picture")) zoom(!zoomed());
    else if (event.target === dialog || (event.target.matches(".viewer-stage") && !zoomed())) dialog.close();
  });
  find(".viewer-picture").addEventListener("error", () => lose("picture"));
  find(".viewer-film").addEventListener("error", (event) => { if (event.target.hasAttribute("src")) lose("film"); });
  dialog.addEventListener("close", () => {
    stop(find(".viewer-film"));
    find(".viewer-picture").removeAttribute("src");
    find(".viewer-picture").style.backgroundImage = "";
    (shown[at]?.isConnected ? shown[at] : document.getElementById(shown[at]?.id))?.focus();
  });
}
