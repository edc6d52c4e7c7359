/** Root of an exercise's page: from what it is, to the player, to the end of it. */

import {createAnswers} from "./answers.js";
import {keepAwake} from "./awake.js";
import {createBreath} from "./breath.js";
import {follow} from "./frames.js";
import {clearLockScreen, showOnLockScreen} from "./lockscreen.js";
import {createPlayer} from "./player.js";
import {createProgress} from "./progress.js";
import {createPrompts} from "./prompts.js";
import {momentAt, moments, passedWithoutConsent, phaseAt, returnStart} from "./schedule.js";
import {createSettings} from "./settings.js";
import {t} from "./words.js";

const OPENING = t("Quiet first. The voice comes by itself.");
/** @type {import("./schedule.js").Moment} */
const UNBEGUN = {at: 0, cue: -1, text: null, tone: "rest", breath: null, decision: null};

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const article = at("exercise");
const audio = /** @type {HTMLAudioElement} */ (at("audio"));
const tooMuch = /** @type {HTMLAnchorElement} */ (at("too-much"));
const play = /** @type {HTMLButtonElement} */ (at("play"));

let query = "";
/** @type {import("./schedule.js").Timeline | null} */
let timeline = null;
/** @type {import("./schedule.js").Moment[]} */
let list = [];
/** @type {Set<import("./schedule.js").Cue>} */
const agreed = new Set();
/** @type {import("./schedule.js").Cue | null} */
let asking = null;

// ---- which part of the page is shown ----

/** @param {"before" | "playing" | "stopped" | "quiet" | "over"} state */
function turnTo(state) {
  article.dataset.state = state;
  const shown = {before: "before", playing: "player", stopped: "stopped", quiet: "resting", over: "over"};
  for (const [name, id] of Object.entries(shown)) at(id).hidden = name !== state;
  // While something plays it stops it; at every other moment it leads to the grounding exercise.
  if (state === "playing") tooMuch.setAttribute("role", "button");
  else tooMuch.removeAttribute("role");
  at("left").hidden = state !== "playing";
  at(`${shown[state]}-title`)?.focus();
  window.scrollTo(0, 0);
}

// ---- the sound ----

const prompts = createPrompts(at("stage"), OPENING);
const breath = createBreath(at("breath"));
const progress = createProgress(at("parts"), at("left"), at("skip"));
const player = createPlayer(audio, {
  onState(state) {
    if (state === "ended") return end();
    if (state !== "paused") hideTrouble();
    play.textContent = state === "paused" ? t("Go on") : t("Pause");
    // "Paused" names nobody.
    at("status").textContent = state === "paused" && at("trouble").hidden ? t("Paused") : "";
    if (state === "playing") showOnLockScreen(article.querySelector("h1").textContent, player);
  },
  onLate(late) {
    at("status").textContent = late ? t("One moment. The sound is on its way.") : "";
  },
  onTrouble: showTrouble,
  onRefused() {
    // Only where a page may not start sound by itself: the button does it.
    turnTo("before");
    at("begin").focus();
  },
});

/** @param {string} sentence */
function showTrouble(sentence) {
  at("status").textContent = "";
  at("trouble-text").textContent = sentence;
  at("trouble").hidden = false;
  at("controls").hidden = true;
}

function hideTrouble() {
  at("trouble").hidden = true;
  at("controls").hidden = false;
}

function begin() {
  turnTo("playing");
  play.focus();
  player.begin(`audio.mp3?${query}`); // in the tap itself: phones ask for that
  prompts.show(UNBEGUN);
  if (at("both")) keepAwake(() => !audio.paused); // it will ask, and has to be seen
  needTimeline();
}

/** Sound without its timeline would go past a question of consent in silence, so it does not go on. */
async function needTimeline() {
  const sentence = (await planned) && (await (planned = fetchTimeline()));
  if (!sentence || article.dataset.state !== "playing") return;
  player.pause();
  showTrouble(sentence);
}

// ---- the timeline ----

/** @type {Promise<string>} resolves to what is wrong with the timeline; empty if nothing is */
let planned = Promise.resolve("");

/** @returns {Promise<string>} */
async function fetchTimeline() {
  const wanted = query;
  try {
    const response = await fetch(`timeline.json?${wanted}`);
    const body = await response.json();
    if (!response.ok) return body?.error?.message ?? t("The exercise did not come.");
    if (wanted !== query) return "";
    timeline = body;
    list = moments(body);
    redraw();
    return "";
  } catch {
    return t("The exercise did not come. There may be no connection at the moment.");
  }
}

/** @param {number} seconds */
function draw(seconds) {
  if (!timeline || article.dataset.state !== "playing") return;
  const moment = momentAt(list, seconds);
  prompts.show(moment);
  breath.draw(phaseAt(moment.breath, seconds));
  ask(moment.decision);
  progress.draw(timeline, seconds);
  if (passedWithoutConsent(timeline, audio.currentTime, agreed)) player.goTo(returnStart(timeline));
}
const redraw = follow(audio, draw);

// ---- consent ----

const answers = createAnswers(at("decision"), {
  onBoth(both) {
    if (!asking) return;
    if (both) agreed.add(asking); else agreed.delete(asking);
  },
  onNo: toReturn,
});

/** @param {import("./schedule.js").Cue | null} decision */
function ask(decision) {
  if (decision === asking) return;
  asking = decision;
  if (!decision) return answers.close();
  agreed.delete(decision); // gone back to, it is asked anew
  answers.ask(decision.answers);
}

function toReturn() {
  if (timeline) player.goTo(returnStart(timeline));
}

// ---- stopping and ending ----

function stop() {
  player.stop();
  clearLockScreen();
  turnTo("stopped");
}

function end() {
  player.stop();
  clearLockScreen();
  turnTo("over");
}

// ---- hands ----

/** @param {HTMLElement} button @param {(on: boolean) => void} act */
function toggles(button, act) {
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    act(on);
  });
}

function listenToControls() {
  at("begin").addEventListener("click", begin);
  play.addEventListener("click", () => player.toggle());
  at("back").addEventListener("click", () => player.back());
  at("skip").addEventListener("click", toReturn);
  at("try-again").addEventListener("click", () => {
    hideTrouble();
    play.focus();
    player.retry();
    needTimeline();
  });
  at("left").addEventListener("click", () => {
    progress.toggleExact();
    redraw();
  });
  at("quiet").addEventListener("click", () => turnTo("quiet"));
  at("end").addEventListener("click", end);
  at("end-quiet").addEventListener("click", end);
  toggles(at("split"), (on) => {
    prompts.split(on);
    article.dataset.split = String(on);
    at("turn").hidden = !on;
    if (on) keepAwake(() => !audio.paused);
  });
  toggles(at("turn"), (on) => prompts.turn(on));
  toggles(at("aloud"), (on) => at("stage").setAttribute("aria-live", on ? "polite" : "off"));
  tooMuch.addEventListener("click", (event) => {
    if (article.dataset.state !== "playing") return;
    event.preventDefault();
    stop();
  });
  document.addEventListener("keydown", onKey);
  // A page that the browser kept and brings back is silent.
  addEventListener("pagehide", () => player.pause());
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (article.dataset.state !== "playing" || event.altKey || event.ctrlKey || event.metaKey) return;
  const onControl = event.target instanceof Element && event.target.closest("button, a, select, input, summary");
  if (event.key === "Escape") stop();
  else if (event.key === "ArrowLeft") player.back();
  else if (event.key === " " && event.target === tooMuch) stop();
  else if (event.key === " " && !onControl) player.toggle();
  else return;
  event.preventDefault();
}

function listenToConsent() {
  if (!at("both")) return;
  createAnswers(at("both"), {
    onBoth(both) { at("begin").disabled = !both; },
    onNo() {
      at("both").hidden = true;
      at("begin").hidden = true;
      at("quieter").hidden = false;
      at("quieter").focus();
    },
  });
}

// ---- start ----

document.documentElement.classList.add("js");
audio.controls = false;
listenToControls();
listenToConsent();
createSettings(at("settings"), (chosen, summary) => {
  query = chosen;
  timeline = null;
  at("settings-line").textContent = summary;
  for (const link of document.querySelectorAll("[data-file]")) link.setAttribute("href", `${link.dataset.file}?${query}`);
  planned = fetchTimeline();
});
// Asked for in need: it starts by itself where the browser lets it, with a large button where not.
if (article.dataset.atOnce !== undefined) begin();
