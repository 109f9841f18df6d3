// Recordings: one plays at a time, and nothing of it is loaded before it is started.

import { all, find, on } from "./dom.js";

const speeds = [1, 1.5, 2];
const kept = "sellerdesk_speed";
const audio = new Audio();
let playing = ""; // id of the player whose recording it is

const player = () => (playing ? document.getElementById(playing) : null);
const parts = (figure) => ({ line: find("input", figure), time: find(".sound-time", figure), button: find(".sound-play", figure), lost: find(".sound-lost", figure) });

function clock(seconds) {
  const s = Math.floor(seconds), two = (n) => String(n).padStart(2, "0");
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

/** How long a recording is: by its head, else by what the browser has found out. */
function lengthOf(figure) {
  return Number(figure.dataset.seconds) || (figure.id === playing && Number.isFinite(audio.duration) ? audio.duration : 0);
}

/** Draws where the recording is. */
function draw() {
  const figure = player();
  if (!figure) { audio.pause(); return; } // it left the page
  const { line, time, button } = parts(figure), length = lengthOf(figure);
  const share = length ? Math.min(audio.currentTime / length, 1) : 0;
  figure.style.setProperty("--at", share);
  line.value = 100 * share;
  tell(figure, audio.currentTime);
  const going = !audio.paused && !audio.ended;
  time.textContent = going || audio.currentTime > 0 ? `${clock(audio.currentTime)} / ${clock(length)}` : clock(length);
  figure.toggleAttribute("data-playing", going);
  button.setAttribute("aria-label", going ? button.dataset.pause : button.dataset.play);
}

function tell(figure, seconds) {
  const { line } = parts(figure);
  line.setAttribute("aria-valuetext", line.dataset.of.replace("{}", clock(seconds)).replace("{}", clock(lengthOf(figure))));
}

/** Makes a recording the one that plays. */
function take(figure) {
  if (figure.id === playing) return;
  rest();
  playing = figure.id;
  parts(figure).lost.hidden = true;
  const bars = find(".sound-bars", figure);
  if (bars && !find(".sound-bars.done", figure)) {
    const done = bars.cloneNode(true);
    done.classList.add("done");
    bars.after(done);
  }
  audio.src = figure.dataset.sound;
  audio.playbackRate = speed();
}

/** Puts the player before back to how it stood. */
function rest() {
  audio.pause();
  const figure = player();
  playing = "";
  if (!figure) return;
  figure.removeAttribute("data-playing");
  figure.style.setProperty("--at", 0);
  const { line, time, button } = parts(figure);
  line.value = 0;
  time.textContent = figure.dataset.seconds ? clock(Math.max(1, Math.round(Number(figure.dataset.seconds)))) : "";
  button.setAttribute("aria-label", button.dataset.play);
}

let chosen = 1; // where the browser keeps nothing
try { chosen = Number(localStorage.getItem(kept)); } catch { /* a private window may refuse */ }

const speed = () => (speeds.includes(chosen) ? chosen : 1);

function showSpeed() {
  for (const button of all(".sound-speed")) {
    button.textContent = `${speed()}×`;
    button.setAttribute("aria-label", `${button.dataset.label}: ${speed()}×`);
  }
}

function toggle(figure) {
  if (figure.id === playing && !audio.paused) { audio.pause(); return; }
  take(figure);
  showSpeed();
  audio.play().catch(() => draw());
}

/** Goes to where the line says. */
function seek(figure, line) {
  const share = Number(line.value) / 100;
  take(figure);
  const go = () => {
    if (figure.id !== playing) return; // another was started meanwhile
    const length = lengthOf(figure);
    if (length) audio.currentTime = share * length;
  };
  if (audio.readyState > 0) go();
  else audio.addEventListener("loadedmetadata", go, { once: true });
}

function fail() {
  const figure = player();
  if (!figure || !audio.getAttribute("src")) return;
  parts(figure).lost.hidden = false;
  figure.removeAttribute("data-playing");
}

export function startSounds() {
  on("click", ".sound-play", (_, button) => toggle(button.closest(".sound")));
  on("input", ".sound-line input", (_, line) => seek(line.closest(".sound"), line));
  on("click", ".sound-speed", () => {
    chosen = speeds[(speeds.indexOf(speed()) + 1) % speeds.length];
    try { localStorage.setItem(kept, chosen); } catch { /* as above */ }
    audio.playbackRate = speed();
    showSpeed();
  });
  for (const type of ["timeupdate", "play", "pause", "ended", "loadedmetadata", "seeked"]) audio.addEventListener(type, draw);
  audio.addEventListener("error", fail);
  showSpeed();
}
