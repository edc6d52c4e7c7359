/** Root of an exercise's page: from what it is, to the player, to the end of it. */

import {createAnswers} from "../player/consent-answers.js";
import {canKeepAwake, keepAwake} from "../shared/wake-lock.js";
import {createBreath} from "../player/breath.js";
import {copyOf} from "../offline/copy-index.js";
import {follow} from "../player/frames.js";
import {createKeeping} from "../offline/keep-button.js";
import {createLockScreen} from "../player/media-session.js";
import {beginKeeping, canKeep} from "../offline/offline.js";
import {forgetPlace, recallPlace, rememberPlace} from "../player/resume-point.js";
import {createPlayer} from "../player/player.js";
import {createPreview} from "../player/preview.js";
import {createProgress} from "../player/progress.js";
import {createPrompts} from "../player/prompts.js";
import {lineStart, momentAt, moments, nextPartStart, partAt, passedWithoutConsent, phaseAt, resumeAt, returnStart} from "../player/schedule.js";
import {createSettings} from "../shared/settings.js";
import {sameButReading, sameChoices} from "../offline/cache-policy.js";
import {t} from "../shared/translate.js";

const OPENING = t("Quiet first. The voice comes by itself.");
/** @type {import("../player/schedule.js").Moment} */
const UNBEGUN = {at: 0, cue: -1, text: null, tone: "rest", breath: null, decision: null};

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const article = at("exercise");
const exerciseId = location.pathname.split("/").at(-2) ?? "";
const audio = /** @type {HTMLAudioElement} */ (at("audio"));
const tooMuch = /** @type {HTMLAnchorElement} */ (at("too-much"));
const play = /** @type {HTMLButtonElement} */ (at("play"));

let query = "";
/** @type {import("../player/schedule.js").Timeline | null} */
let timeline = null;
/** @type {import("../player/schedule.js").Moment[]} */
let list = [];
/** @type {Set<import("../player/schedule.js").Cue>} */
const agreed = new Set();
/** @type {import("../player/schedule.js").Cue | null} */
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
    lockScreen.place(audio);
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
  // After a call, the line that it broke into is said again.
  onReturn() {
    if (timeline) player.goTo(lineStart(list, audio.currentTime));
  },
});
const lockScreen = createLockScreen(
  {title: article.querySelector("h1").textContent, artwork: article.dataset.artwork},
  {
    play: () => player.play(),
    pause: () => player.pause(),
    back: () => player.back(),
    next() {
      const start = timeline && nextPartStart(timeline, audio.currentTime);
      if (start) player.goTo(start);
    },
  },
);

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

/** @param {number} [from] seconds */
function begin(from = 0) {
  preview?.stop();
  turnTo("playing");
  play.focus();
  forgetPlace();
  player.begin(`audio.mp3?${query}`, from); // in the tap itself: phones ask for that
  prompts.show(UNBEGUN);
  if (at("both")) stayAwake(); // it will ask, and has to be seen
  needTimeline();
}

// ---- the screen ----

let maySleep = false;
let lookAgain = () => {};

/** From now on the prompts matter: until the end, or until the screen is let go. */
function stayAwake() {
  at("sleep").hidden = !canKeepAwake;
  lookAgain = keepAwake(() => !audio.paused && !maySleep);
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

/** With no network only the choices that are kept can be heard, so those are taken; this many ms are waited for it. */
const NETWORK_MS = 4000;

/** @returns {Promise<string>} */
async function fetchTimeline() {
  const wanted = query;
  try {
    const other = canKeep ? await otherCopy(wanted) : null;
    const limit = other ? AbortSignal.timeout(NETWORK_MS) : undefined;
    const response = await fetch(`timeline.json?${wanted}`, {signal: limit}).catch((error) => {
      if (!other || wanted !== query) throw error;
      return null;
    });
    if (!response) return takeKept(other?.query ?? "");
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

/** What is kept of this exercise with other choices than these. @param {string} wanted */
async function otherCopy(wanted) {
  const copy = await copyOf(exerciseId).catch(() => null);
  return copy && !sameChoices(copy.query, wanted) ? copy : null;
}

/** @param {string} kept the query of what is kept */
function takeKept(kept) {
  at("kept-instead").hidden = sameButReading(kept, query);
  choose(kept);
  if (article.dataset.state === "playing") player.begin(`audio.mp3?${query}`);
  return planned;
}

/** @param {number} seconds */
function draw(seconds) {
  if (!timeline || article.dataset.state !== "playing") return;
  const moment = momentAt(list, seconds);
  prompts.show(moment);
  breath.draw(phaseAt(moment.breath, seconds));
  ask(moment.decision);
  progress.draw(timeline, seconds);
  lockScreen.show(partAt(timeline, seconds), timeline.parts);
  if (moment.cue !== lastCue) keepPlace(moment.cue);
  if (passedWithoutConsent(timeline, audio.currentTime, agreed)) player.goTo(returnStart(timeline));
}
const redraw = follow(audio, draw);

let lastCue = -1;

/** @param {number} cue the one whose words stand there now */
function keepPlace(cue) {
  lastCue = cue;
  if (timeline) rememberPlace({id: exerciseId, query, at: audio.currentTime});
}

// ---- consent ----

const answers = createAnswers(at("decision"), {
  onBoth(both) {
    if (!asking) return;
    if (both) agreed.add(asking); else agreed.delete(asking);
  },
  onNo() {
    // Where the question is whether both are back, a no is a longer break, and has a page of its own.
    if (!article.dataset.longerBreak) return toReturn();
    player.stop();
    lockScreen.clear();
    forgetPlace();
    location.assign(article.dataset.longerBreak);
  },
});

/** @param {import("../player/schedule.js").Cue | null} decision */
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
  lockScreen.clear();
  forgetPlace();
  turnTo("stopped");
}

function end() {
  player.stop();
  lockScreen.clear();
  forgetPlace();
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
  at("begin").addEventListener("click", () => begin());
  at("resume").addEventListener("click", () => begin(resumeFrom));
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
    if (on) stayAwake();
  });
  toggles(at("sleep"), (on) => {
    maySleep = on;
    lookAgain();
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
  for (const event of ["seeked", "pause"]) audio.addEventListener(event, () => lockScreen.place(audio));
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
    onBoth(both) { at("begin").disabled = at("resume").disabled = !both; },
    onNo() {
      at("both").hidden = true;
      at("begin").hidden = true;
      at("resume").hidden = true;
      at("quieter").hidden = false;
      at("quieter").focus();
    },
  });
}

// ---- after a reload ----

let resumeFrom = 0;

/** Offers to go on from the line at which the page was left. */
async function offerToResume() {
  const place = recallPlace(exerciseId, query);
  if (!place || (await planned) || !timeline || article.dataset.state !== "before") return;
  resumeFrom = resumeAt(timeline, list, place.at);
  at("resume").hidden = resumeFrom <= 0;
}

// ---- start ----

document.documentElement.classList.add("js");
audio.controls = false;
listenToControls();
listenToConsent();
const preview = createPreview(at("settings"), at("settings").closest("details"));
/** @type {() => void} */
let drawKeeping = () => {};
const choose = createSettings(at("settings"), (chosen, summary) => {
  query = chosen;
  timeline = null;
  at("settings-line").textContent = summary;
  for (const link of document.querySelectorAll("[data-file]")) link.setAttribute("href", `${link.dataset.file}?${query}`);
  planned = fetchTimeline();
  // a pace may ask for a longer exercise: said where it was chosen
  planned.then((sentence) => { if (query === chosen) at("settings-problem").textContent = sentence; });
  drawKeeping();
});
offerToResume();
if (at("keep")) drawKeeping = createKeeping(at("keep"), () => query);
beginKeeping();
// Asked for in need: it starts by itself where the browser lets it, with a large button where not.
if (article.dataset.atOnce !== undefined) begin();
