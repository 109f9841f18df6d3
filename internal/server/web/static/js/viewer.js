// Pictures of a conversation at their full size.

import { all, find, on } from "./dom.js";

let shown = [];
let at = 0;

function show(i) {
  at = (i + shown.length) % shown.length;
  const link = shown[at];
  const picture = find(".viewer-picture");
  picture.src = link.href;
  picture.alt = link.dataset.name;
  find(".viewer-load").href = link.href;
  for (const button of all(".viewer-prev, .viewer-next")) button.hidden = shown.length < 2;
}

export function startViewer() {
  const dialog = find("#viewer");
  on("click", "[data-picture]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    shown = all("[data-picture]", find("#messages") ?? document);
    show(shown.indexOf(link));
    dialog.showModal();
  });
  on("click", "#viewer [data-step]", (_, button) => show(at + Number(button.dataset.step)));
  dialog.addEventListener("keydown", (event) => {
    if (event.code === "ArrowRight") show(at + 1);
    if (event.code === "ArrowLeft") show(at - 1);
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { find(".viewer-picture").removeAttribute("src"); shown[at]?.focus(); });
}
