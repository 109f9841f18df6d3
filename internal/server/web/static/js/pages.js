// Pages beside the inbox: their live parts and their forms.

import { all, announce, ask, find, on, paced, ring } from "./dom.js";
import { follow } from "./live.js";

const pace = 500;
const look = 2000; // limits of a remote side change without events
const slow = 30_000; // waiting times grow

/**
 * Keeps the bell and the parts marked data-live fresh. What they wait for stands in data-on:
 * "people", "house" (whatever concerns accounts and webhooks, slowly), "hooks"
 * (what is sent makes no events: it is looked at), or, without it, accounts.
 */
export function startPages() {
  find(".house-menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const waitsFor = find("[data-live]")?.dataset.on ?? "accounts";
  const refresh = paced(pace, async () => {
    if (document.hidden) return;
    for (const part of all("[data-live]")) {
      // A list that somebody points into or works through stays as it is.
      if (part.hasAttribute("data-calm") && (part.matches(":hover") || part.contains(document.activeElement) || find("input:checked", part))) continue;
      await ask("GET", part.dataset.live, { target: part, swap: part.dataset.swap ?? "innerMorph", source: part });
    }
  });
  const missed = () => { ring(); refresh(); };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ring(); });
  if (!find("[data-live]")) {
    if (find("#rail-bell")) follow({ changed: ({ bell }) => { if (bell) ring(); }, lost: ring });
    return;
  }
  const touched = {
    people: ({ conversations, people }) => people || conversations.length > 0,
    house: ({ accounts, hooks }) => hooks || accounts.length > 0,
    hooks: ({ hooks }) => hooks,
    jobs: ({ jobs }) => jobs,
    accounts: ({ accounts, reading }) => accounts.length + reading.length > 0,
  }[waitsFor];
  follow({ changed: (what) => { if (what.bell) ring(); if (touched(what)) refresh(); }, lost: missed });
  setInterval(refresh, waitsFor === "people" || waitsFor === "house" ? slow : look);
  on("pointerout", "[data-calm]", (event, part) => { if (!part.contains(event.relatedTarget)) refresh(); });
}

/** Opens dialogs, and looks for people to merge while their name is typed. */
export function startPeople() {
  on("click", "[data-opens]", (_, button) => {
    const dialog = find(button.dataset.opens);
    dialog.showModal();
    const input = find("[data-candidates]", dialog);
    if (input) { input.focus(); candidates(input); }
  });
  on("input", "[data-candidates]", (_, input) => candidates(input));
  on("keydown", "#note", (event, note) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); note.form.requestSubmit(); }
  });
}

let asked = 0; // candidates are asked for once a person stops typing

function candidates(input) {
  clearTimeout(asked);
  const target = find(`#${input.getAttribute("aria-controls")}`), words = input.value.trim();
  if (target.dataset.shown === words) return; // what was chosen among them stays open
  asked = setTimeout(async () => {
    const answer = await ask("GET", `${input.dataset.candidates}?q=${encodeURIComponent(words)}`, { target, swap: "innerHTML", source: target, latest: true });
    if (answer.ok) target.dataset.shown = words;
  }, 150);
}

/** A form that asks the remote side says so on its button and is sent once. */
export function startForms() {
  on("submit", "form", (event, form) => {
    if (["composer", "decide", "filters"].includes(form.id) || form.dataset.form || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = find("button:not([type=button])", form);
    if (button && form.dataset.busy) {
      button.textContent = form.dataset.busy;
      button.setAttribute("aria-busy", "true");
    }
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) for (const form of all("form[data-sent]")) delete form.dataset.sent; });
}

/** Puts an address into the clipboard; where that is not allowed, it is marked to be copied by hand. */
export function startCopies() {
  on("click", "[data-copy]", async (_, button) => {
    const field = find(button.dataset.copy), words = find("span", button), before = words.textContent;
    if (!field.hasAttribute("aria-hidden")) field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { return; }
    words.textContent = button.dataset.done;
    announce(button.dataset.done);
    setTimeout(() => { words.textContent = before; }, 2000);
  });
}

/** Gives a text as a file, without asking the server for it again. */
export function startSaves() {
  on("click", "[data-save]", (_, button) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([find(button.dataset.save).value], { type: "text/plain" }));
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

/** The start of a chat asks for what the chosen source takes. */
export function startStart() {
  const form = find("[data-start-person]");
  if (!form) return;
  const show = () => {
    const takes = (find("[name=way]:checked", form)?.dataset.takes ?? "").split(" ").filter(Boolean);
    find("[data-bys]", form).hidden = takes.length < 2;
    const chosen = find("[name=by]:checked", form)?.value;
    const by = takes.includes(chosen) || takes.length === 0 ? chosen : takes[0];
    for (const radio of all("[name=by]", form)) radio.checked = radio.value === by;
    for (const box of all("[data-by]", form)) {
      box.hidden = box.dataset.by !== by;
      find("input", box).disabled = box.hidden;
    }
  };
  form.addEventListener("change", show);
  show();
}
