/** Root of an exercise's page: from what it is, to the player, to the end of it. */

import {createAnswers} from "../../player/consent-answers.js";
import {createBalance} from "../../player/controls/balance.js";
import {createChips} from "../../player/controls/choice-buttons.js";
import {canKeepAwake, keepAwake} from "../../shared/wake-lock.js";
import {createDark} from "../../player/stage/dark.js";
import {copyOf} from "../../offline/copy-index.js";
import {follow} from "../../player/stage/frames.js";
import {createKeepButton} from "../../offline/keep-button.js";
import {createLockScreen} from "../../player/controls/media-session.js";
import {createMark} from "../../player/stage/mark.js";
import {registerWorker, canKeep} from "../../offline/offline.js";
import {forgetPlace, recallPlace, rememberPlace} from "../../player/resume-point.js";
import {createOwnSound} from "../../player/controls/own-sound.js";
import {createPlayer} from "../../player/player.js";
import {createPreview} from "../../player/controls/preview.js";
import {createProgress} from "../../player/stage/progress.js";
import {createPrompts} from "../../player/stage/prompts.js";
import {createQuietControls} from "../../player/controls/quiet-controls.js";
import {createRefusal, GOOD_ANSWER} from "../../player/refusal.js";
import {createUndo} from "../../player/controls/undo.js";
import {lineStart, momentAt, moments, nextPartStart, partAt, passedWithoutConsent, phaseAt, resumeAt, returnStart} from "../../player/stage/schedule.js";
import {createSettings} from "../../shared/device-storage/settings.js";
import {listenToWishes} from "../../shared/device-storage/remembered.js";
import {sameButReading, sameChoices} from "../../offline/cache-policy.js";
import {t} from "../../shared/translate.js";

const OPENING = t("Quiet first. The voice comes by itself.");
/** @type {import("../../player/stage/schedule.js").Moment} */
const UNBEGUN = {at: 0, cue: -1, text: null, tone: "rest", breath: null, decision: null, asks: false};

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const article = at("exercise");
const exerciseId = location.pathname.split("/").at(-2) ?? "";
const audio = /** @type {HTMLAudioElement} */ (at("audio"));
const tooMuch = /** @type {HTMLAnchorElement} */ (at("too-much"));
const play = /** @type {HTMLButtonElement} */ (at("play"));

let query = "";
/** @type {import("../../player/stage/schedule.js").Timeline | null} */
let timeline = null;
/** @type {import("../../player/stage/schedule.js").Moment[]} */
let list = [];
/** @type {Set<import("../../player/stage/schedule.js").Cue>} */
const agreed = new Set();
/** @type {import("../../player/stage/schedule.js").Cue | null} */
let asking = null;

// ---- which part of the page is shown ----

/** @param {"before" | "playing" | "stopped" | "quiet" | "dark" | "over"} state */
function turnTo(state) {
  article.dataset.state = state;
  const shown = {before: "before", playing: "player", stopped: "stopped", quiet: "resting", over: "over"};
  for (const [name, id] of Object.entries(shown)) at(id).hidden = name !== state;
  if (at("dark")) at("dark").hidden = state !== "dark";
  // While something plays it stops it; at every other moment it leads to the grounding exercise.
  if (state === "playing") tooMuch.setAttribute("role", "button");
  else tooMuch.removeAttribute("role");
  at("left").hidden = at("more").hidden = state !== "playing";
  openSheet(false);
  undo.over();
  at(state === "dark" ? "dark" : `${shown[state]}-title`)?.focus();
  window.scrollTo(0, 0);
}

// ---- the sound ----

const undo = createUndo();
const refusal = createRefusal();
const prompts = createPrompts(at("stage"), OPENING);
const mark = createMark(at("pair"));
const progress = createProgress(at("parts"), at("left"), at("skip"));
const player = createPlayer(audio, {
  onState(state) {
    if (state === "ended") return end(true);
    if (state !== "paused") hideTrouble();
    if (refusal.isSaying) return; // it rests for that, and nobody paused it
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
const balance = createBalance(audio, {voice: at("voice-level"), background: at("bed-level")}, {
  goesOn: article.dataset.intoDark !== undefined,
  setVoice: (level) => player.setLevel(level),
  // The same place of a file without the background, which the page has of its own from now on.
  onOwn: () => player.swap(`audio.mp3?${balance.fileQuery}`),
});
const ownSound = createOwnSound({button: at("own-sound"), note: at("own-sound-note")}, () => stayAwake());
const dark = at("dark") ? createDark({screen: at("dark"), minutes: at("dark-minutes")}, balance, () => turnTo("over")) : null;
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
  showControls();
  play.focus({preventScroll: true});
  scrollTo(0, 0); // the stage of an exercise that starts by itself lies in a page that scrolls
  forgetPlace();
  player.begin(`audio.mp3?${balance.fileQuery}`, from); // in the tap itself: phones ask for that
  prompts.show(UNBEGUN);
  if (at("both") || ownSound.on) stayAwake(); // it will ask, and has to be seen; or it stops when the screen locks
  needTimeline();
}

// ---- the screen ----

const showControls = createQuietControls(article, () => !audio.paused && at("sheet").hidden && at("trouble").hidden);

/** @param {boolean} open */
function openSheet(open) {
  at("sheet").hidden = !open;
  at("more").setAttribute("aria-expanded", String(open));
}

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
    if (!response.ok) return body?.error?.message ?? t("The exercise didn’t load.");
    if (wanted !== query) return "";
    timeline = body;
    list = moments(body);
    redraw();
    return "";
  } catch {
    return t("The exercise didn’t load. There may be no connection at the moment.");
  }
}

/** The copy that is kept of this exercise with other choices than these. @param {string} wanted */
async function otherCopy(wanted) {
  const copy = await copyOf(exerciseId).catch(() => null);
  return copy && !sameChoices(copy.query, wanted) ? copy : null;
}

/** @param {string} kept the query of what is kept */
function takeKept(kept) {
  at("kept-instead").hidden = sameButReading(kept, query);
  choose(kept);
  if (article.dataset.state === "playing") player.begin(`audio.mp3?${query}`); // as it is kept, background and all
  return planned;
}

/** @param {number} seconds */
function draw(seconds) {
  if (!timeline || article.dataset.state !== "playing" || refusal.isSaying) return;
  const moment = momentAt(list, seconds);
  prompts.show(moment);
  mark.draw(timeline, seconds, phaseAt(moment.breath, seconds));
  ask(moment.decision);
  progress.draw(timeline, seconds);
  lockScreen.show(partAt(timeline, seconds), timeline.parts);
  if (moment.cue !== lastCue) keepPlace(moment);
  if (!audio.seeking && passedWithoutConsent(timeline, audio.currentTime, agreed)) refuse();
}
const redraw = follow(audio, draw);

let lastCue = -1;

/** @param {import("../../player/stage/schedule.js").Moment} moment the one that stands there now */
function keepPlace({cue, at: began}) {
  lastCue = cue;
  if (timeline) rememberPlace({id: exerciseId, query, at: Math.max(began, audio.currentTime)});
}

// ---- consent ----

const answers = createAnswers([...at("stage").querySelectorAll("[data-decision]")], {
  onBoth(both) {
    if (!asking) return;
    if (both) agreed.add(asking); else agreed.delete(asking);
  },
  onNo: refuse,
});

/** @param {import("../../player/stage/schedule.js").Cue | null} decision */
function ask(decision) {
  if (decision === asking) return;
  asking = decision;
  if (!decision) return answers.close();
  agreed.delete(decision); // gone back to, it is asked anew
  refusal.prepare(query);
  answers.ask(decision.answers);
}

/** A no is answered before the way changes; behind a locked screen it changes at once. */
function refuse() {
  if (document.hidden || !timeline) return toReturn();
  answers.close();
  asking = null;
  prompts.show({...UNBEGUN, cue: -3, text: {circle: GOOD_ANSWER, square: GOOD_ANSWER}, tone: "voice"});
  refusal.say(audio.volume, toReturn);
  player.pause();
}

function toReturn() {
  if (timeline) player.goTo(returnStart(timeline));
}

/** "Go to the return", which the same button takes back for some seconds. */
function skip() {
  if (undo.take() || !timeline || refusal.isSaying) return;
  const from = lineStart(list, audio.currentTime), words = at("skip").textContent;
  toReturn();
  undo.offer({
    show() { drawSkip(t("Go on after all"), true); },
    hide() { drawSkip(words, false); },
    back() { player.goTo(from); },
  });
}

/** @param {string} words @param {boolean} undoes */
function drawSkip(words, undoes) {
  at("skip").textContent = words;
  at("skip").classList.toggle("undoes", undoes);
  at("skip").dataset.undoes = undoes ? "yes" : "";
  redraw();
}

/** Pause, or go on; while a no is answered it goes where that leads, and waits there. */
function pauseOrGoOn() {
  if (!refusal.isSaying) return player.toggle();
  refusal.finish();
  player.pause();
}

// ---- stopping and ending ----

function stop() {
  const from = lineStart(list, audio.currentTime);
  refusal.cancel();
  balance.rest();
  player.stop();
  lockScreen.clear();
  forgetPlace();
  turnTo("stopped");
  undo.offer({
    show() { at("go-on").hidden = false; },
    hide() {
      if (document.activeElement === at("go-on")) at("stopped-title").focus();
      at("go-on").hidden = true;
    },
    back() { begin(from); },
  });
}

/** @param {boolean} [wentThrough] it came to its end, and was not ended by hand */
function end(wentThrough = false) {
  player.stop();
  lockScreen.clear();
  forgetPlace();
  if (!wentThrough || !dark) {
    balance.rest();
    return turnTo("over");
  }
  maySleep = true;
  lookAgain();
  turnTo("dark");
  dark.begin();
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
  at("go-on").addEventListener("click", () => undo.take());
  at("stay").addEventListener("click", () => turnTo("quiet"));
  at("more").addEventListener("click", () => openSheet(at("sheet").hidden));
  play.addEventListener("click", pauseOrGoOn);
  at("back").addEventListener("click", () => player.back());
  at("skip").addEventListener("click", skip);
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
  at("end").addEventListener("click", () => end());
  at("end-quiet").addEventListener("click", () => end());
  toggles(at("split"), (on) => {
    prompts.split(on);
    article.dataset.split = String(on);
    at("turn").hidden = !on;
    if (on) stayAwake();
    else if (at("turn").getAttribute("aria-pressed") === "true") at("turn").click(); // one screen has one way up
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
  else if (event.target instanceof Element && event.target.closest("input")) return;
  else if (event.key === "ArrowLeft") player.back();
  else if (event.key === " " && event.target === tooMuch) stop();
  else if (event.key === " " && !onControl) pauseOrGoOn();
  else return;
  event.preventDefault();
}

function listenToConsent() {
  if (!at("both")) return;
  createAnswers([at("both")], {
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
listenToWishes(document, exerciseId);
const preview = createPreview(at("settings"), at("settings").closest("details"));
/** @type {() => void} */
let drawKeepButton = () => {};
const drawChips = createChips(at("chips"), at("settings"), preview ? () => preview.play() : undefined);
const choose = createSettings(at("settings"), (chosen) => {
  query = chosen;
  timeline = null;
  drawChips();
  balance.choose(chosen);
  for (const link of document.querySelectorAll("[data-file]")) link.setAttribute("href", `${link.dataset.file}?${query}`);
  planned = fetchTimeline();
  // a pace may ask for a longer exercise: said where it was chosen
  planned.then((sentence) => { if (query === chosen) at("settings-problem").textContent = sentence; });
  drawKeepButton();
});
offerToResume();
if (at("keep")) drawKeepButton = createKeepButton(at("keep"), () => query);
registerWorker();
// Asked for in need: it starts by itself where the browser lets it, with a large button where not.
if (article.dataset.atOnce !== undefined) begin();
