/** Root of the therapist's console: what both phones do, where the exercise is, and everything to conduct it with. */

import {ACTS, actOf, keyName, linesAt, phaseWords, phoneWords, shortcut} from "../room/console-actions.js";
import {aboutLeft} from "../shared/format.js";
import {createInvite} from "../room/invite.js";
import {createNextPiece} from "../room/next-piece.js";
import {createSession} from "../room/session.js";
import {clockTime, createTimePicture} from "../room/timeline-picture.js";
import {t} from "../shared/translate.js";

const STEP_MS = 100;
const MAX_WORDS = 30;
const SAID_MS = 8000;
const BEFORE = ["gathering", "preparing", "ready"];

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const tooMuch = /** @type {HTMLAnchorElement} */ (at("too-much"));

/** @type {any} */
let picture = null;
/** @type {import("../room/transport.js").Track | null} */
let track = null;
let present = "";
let saidTimer = 0;

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
  onPlan() {
    drawTrack();
    draw();
  },
  onWay() {
    drawTrack();
    draw();
  },
  onLine() {},
  onFacts() {},
  onRefused: (words) => tell(words, true),
  onClosed(words) {
    picture = null;
    at("console").dataset.closed = "true";
    at("phase").textContent = words;
    for (const button of document.querySelectorAll("#acts button")) /** @type {HTMLButtonElement} */ (button).disabled = true;
  },
});
const invite = createInvite(at("invite"));
const nextPiece = createNextPiece(at("next-piece"), act);
const timepicture = createTimePicture(at("timepicture"));

// ---- what is so ----

/** @param {HTMLElement} element @param {string} words */
function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** @param {string} words @param {boolean} [passing] */
function tell(words, passing = false) {
  clearTimeout(saidTimer);
  say(at("told"), words);
  if (passing) saidTimer = window.setTimeout(() => say(at("told"), ""), SAID_MS);
}

function draw() {
  if (!picture) return;
  if (picture.exercise) say(at("exercise-title"), picture.exercise.title);
  document.title = [at("console").dataset.label, picture.exercise?.title ?? t("Console"), "Still Here"].filter(Boolean).join(" – ");
  at("console").dataset.before = String(BEFORE.includes(picture.phase));
  drawPhones();
  drawSettings();
  drawNotes();
  nextPiece.draw(picture);
  for (const {id, can} of ACTS) at(`act-${id}`).disabled = !can(picture, session.way);
  say(at("act-voice").querySelector(".act-label"), session.way.voice ? t("Voice off") : t("Voice on"));
  at("act-voice").setAttribute("aria-pressed", String(!session.way.voice));
  const underWay = !at("act-lower").disabled;
  at("line-form").inert = !underWay || picture.phase === "grounding";
  if (underWay) tooMuch.setAttribute("role", "button"); else tooMuch.removeAttribute("role");
  drawMoment();
}

function drawPhones() {
  const isBefore = BEFORE.includes(picture.phase);
  for (const [seat, phone] of Object.entries(picture.phones)) {
    const box = at(`phone-${seat}`);
    const lines = phoneWords(phone, isBefore);
    const key = JSON.stringify(lines);
    box.dataset.here = phone.here;
    box.dataset.ready = String(phone.ready);
    if (box.dataset.key === key) continue;
    box.dataset.key = key;
    box.querySelector("ul").replaceChildren(...lines.map((words) => {
      const item = document.createElement("li");
      item.textContent = words;
      return item;
    }));
    const free = /** @type {HTMLButtonElement} */ (box.querySelector("[data-free]"));
    free.hidden = phone.here === "absent" || !(isBefore || picture.phase === "ended");
  }
  const absent = Object.values(picture.phones).filter(({here}) => here === "absent").length;
  const changed = present !== String(absent);
  present = String(absent);
  invite.ask(absent > 0 && isBefore, changed);
  say(at("invite-title"), absent > 1 ? t("Bring the phones in, one after the other") : t("Bring the other phone in"));
}

function drawSettings() {
  const isBefore = BEFORE.includes(picture.phase);
  at("settings").hidden = !(isBefore || picture.phase === "ended");
  at("setting").value = picture.setting === "apart" ? "apart" : picture.speaker;
  at("words").disabled = !picture.exercise;
  at("words").value = picture.exercise?.words ?? "all";
  const offers = picture.exercise ? [] : picture.choices;
  const box = at("choices");
  const key = JSON.stringify(offers);
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.replaceChildren(...offers.map((/** @type {any} */ offer) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "answer";
    button.textContent = offer.title;
    button.addEventListener("click", () => act({type: "choose", exercise: offer.id, length: offer.length}));
    return button;
  }));
}

function drawNotes() {
  const id = picture.exercise?.id ?? "";
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-notes]"))) {
    box.hidden = box.dataset.notes !== id;
  }
}

/** The main track is shown before the start as well, so that it can be looked through. */
function drawTrack() {
  if (!session.plan) return;
  track = session.plan.tracks[session.way.track ?? "main"] ?? session.plan.tracks.main;
  timepicture.show(/** @type {any} */ (track), session.way.track === "main" ? session.way.passed_over : []);
  at("script").replaceChildren(...session.plan.tracks.main.cues
    .filter((/** @type {any} */ cue) => cue.kind === "line")
    .map((/** @type {any} */ cue) => {
      const item = document.createElement("li");
      const time = document.createElement("span");
      time.className = "time";
      time.textContent = clockTime(cue.start);
      item.append(time, ` ${cue.text}`);
      item.dataset.start = String(cue.start);
      return item;
    }));
}

function drawMoment() {
  if (!picture) return;
  const holdLeft = picture.hold_until === null ? 0 : (session.toLocal(picture.hold_until) - performance.now()) / 1000;
  const note = picture.note && !["paused", "held", "grounding", "closing", "ended"].includes(picture.note.code) ? ` ${picture.note.words}` : "";
  say(at("phase"), phaseWords(picture, holdLeft) + note);
  if (!track) return;
  const position = session.position(performance.now());
  const seconds = position ?? (picture.phase === "ended" ? track.duration : 0);
  timepicture.move(seconds);
  const {current, next} = linesAt(track.cues, position ?? -1);
  say(at("now-line"), current?.text ?? (position === null ? t("Nothing is being said.") : t("Quiet, before the first line.")));
  say(at("next-line"), next?.text ?? t("Nothing more."));
  say(at("next-when"), next && position !== null ? t("in {seconds} s", {seconds: Math.max(0, Math.round(next.start - seconds))}) : "");
  say(at("time-left"), picture.phase === "ended" ? "" : position === null ? clockTime(track.duration) : t("{time} of {whole}, {left}", {time: clockTime(seconds), whole: clockTime(track.duration), left: aboutLeft(track.duration - seconds)}));
  markScript(current);
}

/** @param {import("../room/transport.js").Cue | null} current */
function markScript(current) {
  for (const item of /** @type {HTMLElement[]} */ ([...at("script").children])) {
    if (current && item.dataset.start === String(current.start)) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
}

// ---- what hands do ----

/** @param {object} command */
async function act(command) {
  const reply = await session.say(command);
  if (!reply.ok && reply.words) tell(reply.words, true);
  return reply.ok;
}

/** @param {string} id */
function perform(id) {
  const found = ACTS.find((one) => one.id === id);
  if (!found || at(`act-${id}`).disabled) return;
  act(id === "voice" ? {type: "voice", on: !session.way.voice} : found.command);
}

async function sayLine() {
  const field = /** @type {HTMLInputElement} */ (at("line"));
  const text = field.value.trim();
  if (!text) return;
  if (await act({type: "say", text})) {
    field.value = "";
    countWords();
  }
}

function countWords() {
  const words = at("line").value.trim().split(/\s+/).filter(Boolean).length;
  say(at("line-count"), words ? t("{count} of {most} words", {count: words, most: MAX_WORDS}) : "");
  at("line-count").dataset.over = String(words > MAX_WORDS);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const typing = Boolean(target?.closest("input:not([type=checkbox]), textarea, select, [contenteditable]"));
  if (typing && event.key === "Escape") return target?.blur();
  if (!at("keys-on").checked) return;
  if (!typing && event.key === "Escape") return perform("ground-both");
  if (!typing && event.key.toLowerCase() === "t" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    return at("line").focus();
  }
  const found = actOf(event, typing);
  if (!found) return;
  event.preventDefault();
  perform(found.id);
}

function buildActs() {
  for (const {id, key, label, about} of ACTS) {
    const button = document.createElement("button");
    button.type = "button";
    button.id = `act-${id}`;
    button.className = "act";
    button.disabled = true;
    button.title = about;
    const name = document.createElement("span");
    name.className = "act-label";
    name.textContent = label;
    const cap = document.createElement("kbd");
    cap.textContent = keyName(key);
    cap.setAttribute("aria-hidden", "true");
    button.setAttribute("aria-keyshortcuts", shortcut(key));
    button.append(name, cap);
    button.addEventListener("click", () => perform(id));
    document.querySelector(`[data-acts~="${id}"]`)?.append(button);
    const row = document.createElement("div");
    const term = document.createElement("dt"), words = document.createElement("dd");
    const shown = document.createElement("kbd");
    shown.textContent = keyName(key);
    term.append(shown);
    words.textContent = `${label}: ${about}`;
    row.append(term, words);
    at("key-list").append(row);
  }
}

function listen() {
  at("line-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    sayLine();
  });
  at("line").addEventListener("input", countWords);
  at("listen").addEventListener("click", () => {
    const on = at("listen").getAttribute("aria-pressed") !== "true";
    at("listen").setAttribute("aria-pressed", String(on));
    session.listen(on); // in the tap itself
    say(at("listen"), on ? t("Listening along") : t("Listen along"));
  });
  at("setting").addEventListener("change", () => {
    const {value} = at("setting");
    const speaker = value === "apart" ? picture?.speaker ?? "circle" : value;
    act({type: "setting", setting: value === "apart" ? "apart" : "together", speaker});
  });
  at("words").addEventListener("change", () => {
    const {id, length} = picture.exercise;
    act({type: "choose", exercise: id, length, words: at("words").value});
  });
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-free]"))) {
    button.addEventListener("click", () => act({type: "free", seat: button.dataset.free}));
  }
  at("choose-form")?.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const option = at("choose").selectedOptions[0];
    act({type: "choose", exercise: option.value, length: Number(option.dataset.usual)});
  });
  tooMuch.addEventListener("click", (event) => {
    // A therapist is not led away from the couple: here it grounds both.
    event.preventDefault();
    perform("ground-both");
  });
  document.addEventListener("keydown", onKey);
}

document.documentElement.classList.add("js");
tooMuch.textContent = t("Too much: ground both");
buildActs();
listen();
session.begin();
setInterval(drawMoment, STEP_MS);
