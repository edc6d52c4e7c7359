/** Root of a partner's page: from the door, over getting ready, to the exercise and its end. */

import {createAsking} from "../../room/private-question.js";
import {keepAwake} from "../../shared/wake-lock.js";
import {createLobby} from "../../room/lobby.js";
import {FAULTS, viewOf} from "../../room/view.js";
import {createSession} from "../../room/session.js";
import {createQuietControls} from "../../player/controls/quiet-controls.js";
import {createUndo, UNDO_MS} from "../../player/controls/undo.js";
import {createTouch, vibration} from "../../room/touch.js";
import {createStage} from "../../player/stage/stage.js";
import {t} from "../../shared/translate.js";

/** Lost for less than this, a connection is nobody's concern. */
const PATIENCE_MS = 2500;
const OFFLINE = t("There is no connection at the moment. The exercise goes on from this phone.");
const AWAY = t("There is no connection at the moment. This page comes back by itself as soon as there is one.");
const PARTNER_AWAY = t("The other phone is away. You can go on, or pause.");
const OWN_ANSWER = t("Each of you answers on your own phone. An answer stays on the phone it was given on.");
const BOTH_YES = t("It begins when both have said yes.");
const GO_ON = t("Go on after all");
const ENTERED = "still-here:entered";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const room = at("room");
const seat = room.dataset.seat;
const tooMuch = /** @type {HTMLAnchorElement} */ (at("too-much"));
const toReturnWords = at("skip").textContent;

/** @type {any} */
let picture = null;
let entered = wasHere();
let closed = false;
let left = false;
let staysQuiet = false;
/** @type {"" | "fresh" | "quiet"} */
let stopped = "";
let pausedHere = false;
let lostSince = 0;

const session = createSession({
  isPartner: true,
  seat,
  isSettled: () => lobby.isAsked,
  isHeard: () => lobby.wordCheck.heard,
  hello: () => {
    const {nearest, let_see} = lobby.today;
    return {nearest: nearest === "plain" ? null : nearest || null, let_see};
  },
  onState(state) {
    lostSince = state === "lost" ? lostSince || performance.now() : 0;
    if (state === "lost") setTimeout(drawConnection, PATIENCE_MS + 50);
    drawConnection();
  },
  onPicture(next) {
    picture = next;
    if (picture.phase !== "grounding" && !session.stopped) stopped = "";
    if (!["ended", "closing"].includes(picture.phase)) left = false;
    pausedHere = false;
    draw();
  },
  onPlan: () => draw(),
  onWay(way) {
    if (way.track) stopped = "";
    stage.follow(way);
    draw();
  },
  onLine: (line) => stage.say(line),
  onTouched: (held) => touch.feel(held),
  onFacts: () => {
    drawConnection();
    if (picture) draw();
  },
  onRefused: tell,
  onClosed(words) {
    closed = true;
    at("closed-words").textContent = words;
    draw();
  },
});
const lobby = createLobby(session, seat, () => { session.report(); draw(); });
const touch = createTouch(at("pair"), seat, {
  now: () => performance.now(),
  later: (act, ms) => setTimeout(act, ms),
  tell: session.touch,
  vibrate: vibration(),
  tone: session.toneOfTouch,
});
const stage = createStage(
  {stage: at("stage"), pair: at("pair"), parts: at("parts"), left: at("left"), skip: at("skip")},
  session, touch, () => shown === "playing" && ["playing", "held"].includes(picture?.phase),
);
const undo = createUndo();
const showControls = createQuietControls(room, mayFade);
const startAsk = createAsking(at("start-ask"), at("start-words"), answer);
const midAsk = createAsking(at("ask"), at("ask-words"), answer);
const restAsk = createAsking(at("rest-ask"), at("rest-words"), answer);

// ---- what is shown ----

const SECTIONS = {
  door: "door", lobby: "lobby", playing: "player", stopped: "stopped", resting: "resting", over: "over", closed: "closed",
};
let shown = "door";

function draw() {
  const now = left ? "over" : viewOf({picture, track: session.way.track, entered, closed, stopped});
  if (now !== "over") staysQuiet = false;
  const view = staysQuiet ? "resting" : now;
  if (view !== shown) turnTo(view);
  if (!picture) return;
  const grounding = session.way.track === "grounding" && view === "playing";
  say(at("exercise-title"), grounding ? t("Feel the floor") : picture.exercise?.title ?? t("A room for two"));
  const ask = picture.ask;
  showStart(ask?.kind === "start" && lobby.isAsked ? ask : null);
  say(at("start-note"), ask?.kind === "start" && ask.answered ? BOTH_YES : OWN_ANSWER);
  // Not beside grounding: it is asked again when that is done, or left.
  midAsk.show(ask && ask.kind !== "start" && session.way.track !== "grounding" ? ask : null);
  restAsk.show(ask?.kind === "resume" ? ask : null);
  at("rest-note").hidden = !ask?.answered;
  at("ask-words").classList.toggle("visually-hidden", ask?.kind === "beat");
  at("go-on").hidden = !(undo.isOpen && view === "stopped" && ask?.kind === "resume");
  if (view === "over") drawOver();
  if (view === "lobby") lobby.draw(picture);
  if (view === "playing") drawPlayer();
  if (!mayFade()) showControls();
}

/** The question that begins it; it comes into sight, since the phone may lie somewhere below. @param {any} ask */
function showStart(ask) {
  const isNew = ask && at("start-ask").hidden;
  startAsk.show(ask);
  if (isNew && shown === "lobby") at("start-ask").scrollIntoView({block: "center"});
}

/** While the exercise goes on and nothing is asked, offered or amiss. Grounding keeps its ways out in sight. */
function mayFade() {
  return shown === "playing" && session.way.track === "main" && ["playing", "held"].includes(picture?.phase)
    && !picture.ask && !picture.offer_close && picture.partner !== "away" && !undo.isOpen && at("wake").hidden;
}

/** @param {string} view */
function turnTo(view) {
  shown = view;
  undo.over();
  room.dataset.state = view;
  for (const [name, id] of Object.entries(SECTIONS)) at(id).hidden = name !== view;
  if (view === "playing") tooMuch.setAttribute("role", "button"); else tooMuch.removeAttribute("role");
  at("left").hidden = view !== "playing";
  at(`${SECTIONS[/** @type {keyof typeof SECTIONS} */ (view)]}-title`)?.focus();
  window.scrollTo(0, 0);
}

function drawPlayer() {
  const {phase, note, offer_close: offered} = picture;
  const grounding = session.way.track === "grounding";
  const playing = phase === "playing" || phase === "held";
  at("controls").hidden = grounding || phase === "closing";
  at("ground-controls").hidden = !grounding;
  at("pause").hidden = !playing;
  at("skip").hidden = !playing;
  if (!playing) undo.over();
  at("ground-too").hidden = phase !== "grounding";
  at("gently").classList.toggle("offered", offered);
  // One status for both alike; nobody is named. In the grounding exercise the screen has its own words.
  // A phone that was stopped by hand hears no close; it reads that this one ends.
  const unheard = phase === "closing" && session.way.track === null;
  const standing = (phase === "grounding" && !grounding) || unheard ? note?.words ?? "" : "";
  stage.stand(standing);
  const vanished = picture.partner === "away" && playing && !grounding;
  say(at("status"), grounding || standing ? "" : pausedHere ? t("Paused") : note?.words ?? (vanished ? PARTNER_AWAY : ""));
  at("left").hidden = !playing;
  drawConnection();
}

/** "Go to the return", which the same button takes back for some seconds. @param {boolean} undoes */
function drawSkip(undoes) {
  say(at("skip"), undoes ? GO_ON : toReturnWords);
  at("skip").classList.toggle("undoes", undoes);
  at("skip").dataset.undoes = undoes ? "yes" : "";
}

function drawOver() {
  const {exercise} = picture;
  if (exercise) say(at("over-title"), t("That was {title}. Nothing more is needed.", {title: exercise.title}));
  at("over-help").hidden = !exercise?.level;
}

function drawConnection() {
  const lost = lostSince > 0 && performance.now() - lostSince > PATIENCE_MS;
  say(at("connection"), lost ? (at("player").hidden ? AWAY : OFFLINE) : "");
  const {fault} = session;
  const silent = entered && !["over", "closed"].includes(shown) && (fault !== null || (shown === "playing" && !session.audible));
  at("wake").hidden = !silent;
  if (!silent) return;
  say(at("wake-words"), FAULTS[fault ?? "waiting"]);
  at("wake-sound").hidden = fault === "voice";
}

/** @param {HTMLElement} element @param {string} words */
function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** @param {string} words */
function tell(words) {
  say(at("connection"), words);
  setTimeout(drawConnection, 6000);
}

// ---- what hands do ----

/** @param {object} command */
async function act(command) {
  const reply = await session.say(command);
  if (!reply.ok && reply.words && !closed) tell(reply.words);
  return reply.ok;
}

/** The room judges whether it can be taken back, and tells no phone whose step it was; so the offer is this page's own. */
async function skip() {
  if (undo.take()) return;
  const asked = picture?.ask?.kind === "beat"; // out of a question it is for good
  if (!await act({type: "skip"}) || asked || !["playing", "held"].includes(picture?.phase)) return;
  undo.offer({show: () => drawSkip(true), hide: () => drawSkip(false), back: () => act({type: "undo"})});
}

/** @param {number} ask @param {boolean} yes */
function answer(ask, yes) {
  if (yes && picture?.ask?.kind === "resume") session.follow();
  act({type: "answer", ask, yes});
}

function enter() {
  session.unlock(true); // in the tap itself: phones ask for that
  entered = true;
  remember();
  draw();
  keepAwake(isInUse);
}

/** Tells whether the screen is to stay on: while something is asked or shown. */
function isInUse() {
  return entered && !["over", "closed"].includes(shown);
}

function stop() {
  stopped = "fresh";
  // Its own sound goes first, then the room is told; then the guide says its line, if this phone is the one to speak.
  const began = performance.now();
  session.stop({type: "too_much"}).then(() => { if (performance.now() - began < UNDO_MS) offerToGoOn(); });
  session.speakHere("stopping_here");
  draw();
}

/**
 * A stop holds for both phones, so taking it back is this person's yes to going on, and no more than that: the other is
 * asked whatever was said here, and hears nothing before a yes of their own.
 */
function offerToGoOn() {
  if (shown !== "stopped") return;
  undo.offer({
    show: draw,
    hide() {
      if (document.activeElement === at("go-on")) at("stopped-title").focus();
      draw();
    },
    back() {
      stopped = "quiet";
      answer(picture.ask.id, true);
      draw();
    },
  });
}

function pause() {
  if (session.link === "open") return act({type: "pause"});
  // No room can be asked now: this phone falls silent, and the other hears of it when there is a connection.
  pausedHere = true;
  session.stop({type: "pause"}).then(() => session.follow());
  draw();
}

function beQuiet() {
  stopped = "quiet";
  act({type: "footing", to: "quiet"});
  draw();
}

function ground() {
  session.ground().then((reply) => { if (!reply.ok && reply.words) tell(reply.words); });
}

function stay(on = true) {
  staysQuiet = on;
  draw();
}

function endHere() {
  if (staysQuiet) return stay(false);
  left = true;
  session.hush();
  act({type: "close"});
  draw();
}

/** The first page in this page's language. */
function homeAddress() {
  return /** @type {HTMLAnchorElement} */ (document.querySelector(".wordmark")).href;
}

// ---- coming back ----

function wasHere() {
  try {
    return sessionStorage.getItem(ENTERED) === room.dataset.room;
  } catch {
    return false;
  }
}

function remember() {
  try {
    sessionStorage.setItem(ENTERED, room.dataset.room);
  } catch {
    // A private window may refuse; the door is shown again then.
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.repeat;
  if (shown === "lobby" && isPlain && lobby.wordCheck.key(event.key)) return event.preventDefault();
  if (shown !== "playing" || event.altKey || event.ctrlKey || event.metaKey) return;
  const onControl = event.target instanceof Element && event.target.closest("button, a, select, input, summary");
  if (event.key === "Escape") stop();
  else if (event.key === " " && event.target === tooMuch) stop();
  else if (event.key === " " && !onControl && !at("pause").hidden) pause();
  else return;
  event.preventDefault();
}

function listen() {
  const taps = {
    enter, pause, quiet: beQuiet, ground, "ground-later": ground, "ground-too": ground, end: endHere, "end-quiet": endHere,
    "ground-end": endHere, "ground-stop": stop,
    "wake-sound": () => session.unlock(true), // two soft notes, so that it is known whether it did
    "go-on": () => undo.take(),
    skip,
    gently: () => act({type: "close"}),
    stay: () => stay(),
    again: () => act({type: "again"}),
    "leave-room": async () => { await session.say({type: "leave"}); location.href = homeAddress(); },
    left: () => stage.toggleExact(),
  };
  for (const [id, tap] of Object.entries(taps)) at(id).addEventListener("click", tap);
  at("aloud").addEventListener("click", () => {
    const on = at("aloud").getAttribute("aria-pressed") !== "true";
    at("aloud").setAttribute("aria-pressed", String(on));
    at("stage").setAttribute("aria-live", on ? "polite" : "off");
  });
  tooMuch.addEventListener("click", (event) => {
    if (shown !== "playing") return;
    event.preventDefault();
    stop();
  });
  document.addEventListener("keydown", onKey);
  // A page that was loaded again may not sound before somebody touches it, anywhere.
  for (const event of ["click", "keydown"]) {
    document.addEventListener(event, ({target}) => {
      if (entered && !session.audible && target !== at("wake-sound")) session.unlock(false);
    }, {capture: true});
  }
}

document.documentElement.classList.add("js");
at("door").hidden = false;
at("dark-note").hidden = "wakeLock" in navigator;
listen();
session.begin();
stage.begin();
if (entered) {
  session.unlock(false); // where a browser lets a page that was loaded again sound without a touch
  keepAwake(isInUse);
}
