/** Root of the therapist's console: what both phones do, where the exercise is, and everything to conduct it with. */

import {BEFORE, REASONS} from "../../room/console/actions.js";
import {createActButtons} from "../../room/console/act-buttons.js";
import {createAlertSound} from "../../room/console/alert-sound.js";
import {createCards, say} from "../../room/console/cards.js";
import {createHandsFree} from "../../room/console/input/hands-free.js";
import {createMoment} from "../../room/console/moment.js";
import {createNextPiece} from "../../room/console/input/next-piece.js";
import {createPanels} from "../../room/console/panels.js";
import {createSayLine} from "../../room/console/input/say-line.js";
import {createSession} from "../../room/session.js";
import {createSessionClock, elapsedWords} from "../../room/console/session-clock.js";
import {createSettings} from "../../room/console/settings.js";
import {createTalk, listenToTalk} from "../../room/console/input/talk.js";
import {createUndo} from "../../player/controls/undo.js";
import {t} from "../../shared/translate.js";

/** End of every title of this site. */
const SITE = document.title.split(" – ").at(-1);
const STEP_MS = 100;
const SAID_MS = 8000;
/** A hand that rested so long begins anew, as in the room (`MOST_S` of server/rooms/core/led_breath.py). */
const ANEW_MS = 8000;

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const now = () => performance.now();

/** @type {any} */
let picture = null;
let wasUnderWay = false;
let saidTimer = 0;
let tappedAt = -Infinity;

const session = createSession({
  isPartner: false,
  onState(state) {
    at("console").dataset.link = state;
    tell(state === "lost" ? t("There is no connection at the moment. The line is finished on both phones, then they rest.") : "");
  },
  onPicture(next) {
    picture = next;
    draw();
  },
  onPlan: drawAnew,
  onWay: drawAnew,
  onLine() {},
  onFacts() {},
  onRefused: (words) => tell(words, true),
  onClosed(words) {
    picture = null;
    at("console").dataset.closed = "true";
    at("phase").textContent = words;
    acts.close(words);
    line.allow(words);
  },
});
document.documentElement.classList.add("js");
const acts = createActButtons({
  perform({id, command}) {
    if (id === "tap") tap(command);
    else if (id === "skip") skip(command);
    else if (id === "undo") undo.take();
    else act(id === "voice" ? {type: "voice", on: !session.way.voice} : command);
  },
  refuse: (why) => tell(why, true),
});
const alertSound = createAlertSound(() => localStorage);
const cards = createCards({toLocal: session.toLocal, now, sound: alertSound});
const moment = createMoment(session);
const panels = createPanels(at("beside"));
const settings = createSettings(act);
const nextPiece = createNextPiece(at("next-piece"), act);
const line = createSayLine({speak: (text) => act({type: "say", text}), tell: (words) => tell(words, true)});
const talk = createTalk({
  say: (on) => act({type: "duck", on}),
  every: (again, ms) => window.setInterval(again, ms),
  cancel: (timer) => window.clearInterval(timer),
  onChange: (on) => at("talk").setAttribute("aria-pressed", String(on)),
});
const handsFree = createHandsFree({press: acts.press, tell: (words) => tell(words, true)});
const undo = createUndo();
const sessionClock = createSessionClock(() => localStorage, at("console").dataset.room, () => Date.now());

// ---- what is so ----

/** @param {string} words @param {boolean} [passing] */
function tell(words, passing = false) {
  clearTimeout(saidTimer);
  say(at("told"), words);
  if (passing) saidTimer = window.setTimeout(() => say(at("told"), ""), SAID_MS);
}

function drawAnew() {
  moment.drawTrack();
  draw();
}

function draw() {
  if (!picture) return;
  const {phase, exercise} = picture;
  if (exercise) {
    say(at("exercise-title"), exercise.title);
    at("send-home").search = String(new URLSearchParams({room: at("console").dataset.room, exercise: exercise.id, length: String(exercise.length)}));
  }
  const isBefore = BEFORE.includes(phase);
  at("console").dataset.before = String(isBefore);
  const isUnderWay = !isBefore && phase !== "ended";
  // As it begins, its lines take the place of what had to be set for it; that comes back with its end, and the card to take home.
  if (isUnderWay !== wasUnderWay && panels.shown === (isUnderWay ? "room" : "script")) panels.show(isUnderWay ? "script" : "room");
  wasUnderWay = isUnderWay;
  nameTab(exercise?.title);
  nextPiece.draw(picture);
  settings.draw(picture);
  acts.draw({...picture, canUndo: undo.isOpen}, session.way);
  acts.relabel("tap", t("Lead breath"), session.way.led !== null);
  acts.relabel("voice", session.way.voice ? t("Voice off") : t("Voice on"), !session.way.voice);
  line.allow(["playing", "paused", "held"].includes(phase) ? "" : phase === "grounding" ? REASONS.not_playing : REASONS.not_started);
  drawMoment();
}

/** The tab says which room it is. @param {string} [title] */
function nameTab(title) {
  document.title = [at("console").dataset.label, title ?? t("Console"), SITE].filter(Boolean).join(" – ");
}

function drawMoment() {
  drawClock();
  if (!picture) return;
  cards.draw(picture);
  moment.draw(picture);
}

function drawClock() {
  say(at("session-clock"), elapsedWords(sessionClock.elapsedMs));
  const time = new Date().toLocaleTimeString(document.documentElement.lang, {hour: "numeric", minute: "2-digit"});
  say(at("wall-clock"), time);
}

// ---- what hands do ----

/** @param {object} command */
async function act(command) {
  const reply = await session.say(command);
  if (!reply.ok && reply.words) tell(reply.words, true);
  return reply.ok;
}

/** The step to the return, which a key of its own takes back for some seconds. @param {object} command */
async function skip(command) {
  if (await act(command)) undo.offer({show: draw, hide: draw, back: () => act({type: "undo"})});
}

/** A turn of the breath: it counts when it is tapped, or not at all. @param {object} command */
async function tap(command) {
  const isFirst = session.way.led === null && now() - tappedAt > ANEW_MS;
  tappedAt = now();
  const {ok, code, words} = await session.sayNow(command);
  if (ok && isFirst) tell(t("Tap again where the breath turns; from there the phones follow."), true);
  else if (!ok) tell(code === "lost" ? t("There is no connection at the moment, so the breath can’t be led.") : words ?? "", true);
}

/** @param {KeyboardEvent} event */
function isTyping({target}) {
  const fields = "input:not([type=checkbox]), textarea, select, [contenteditable]";
  return target instanceof HTMLElement && Boolean(target.closest(fields));
}

/** @param {KeyboardEvent} event */
function isTalkKey(event) {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  return isPlain && event.key.toLowerCase() === "m" && at("keys-on").checked && !isTyping(event);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const typing = isTyping(event);
  if (handsFree.key(event, typing)) return event.preventDefault();
  if (typing && event.key === "Escape") return target?.blur();
  if (typing || !at("keys-on").checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (performKey(event)) event.preventDefault();
}

/** @param {KeyboardEvent} event */
function performKey(event) {
  const plain = {t: line.focus, s: () => panels.show("script"), "?": () => panels.show("keys")};
  const found = plain[/** @type {keyof typeof plain} */ (event.key.toLowerCase())];
  if (found) found();
  return Boolean(found) || line.key(event.key) || acts.key(event);
}

/** A button that says whether something is on. @param {HTMLElement} button @param {boolean} on @param {string} words */
function toggle(button, on, words) {
  button.setAttribute("aria-pressed", String(on));
  say(button, words);
}

function listen() {
  at("listen").addEventListener("click", () => {
    const on = at("listen").getAttribute("aria-pressed") !== "true";
    session.listen(on); // in the tap itself
    toggle(at("listen"), on, on ? t("Listening along") : t("Listen along"));
  });
  const drawSound = () => toggle(at("alert-sound"), alertSound.on, alertSound.on ? t("Alert sounds on") : t("Alert sounds off"));
  at("alert-sound").addEventListener("click", () => {
    alertSound.set(!alertSound.on);
    alertSound.unlock();
    drawSound();
  });
  drawSound();
  at("restart-clock").addEventListener("click", () => {
    sessionClock.restart();
    drawClock();
  });
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, alertSound.unlock, {capture: true});
  document.addEventListener("keydown", onKey);
  listenToTalk(at("talk"), talk, isTalkKey);
}

listen();
session.begin();
setInterval(drawMoment, STEP_MS);
