/** Root of the page on which a script is written: saves each change, and shows what comes of it. */

import {clockTime, createTimePicture} from "../../room/console/timeline-picture.js";
import {number, t} from "../../shared/translate.js";
import {startCompletion} from "../../script-editor/completion-list.js";
import {createSaver} from "../../script-editor/saver.js";
import {besideLine, stepLines} from "../../script-editor/step-pairs.js";

const QUIET_MS = 500;
const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const draft = byId("draft"), saved = byId("saved"), refusal = byId("refusal");
const english = /** @type {HTMLTextAreaElement} */ (byId("text-en"));
const spanish = /** @type {HTMLTextAreaElement} */ (byId("text-es"));
const undo = /** @type {HTMLButtonElement} */ (byId("undo")), redo = /** @type {HTMLButtonElement} */ (byId("redo"));
const stop = /** @type {HTMLButtonElement} */ (byId("stop-hearing"));
const sound = new Audio();
const base = location.pathname.replace(/\/$/, "");

const texts = () => ({en: english.value, ...(byId("spanish").hidden ? {} : {es: spanish.value})});

/** @param {string} act @param {object} body @param {RequestInit} [more] */
function ask(act, body, more = {}) {
  const headers = {"Content-Type": "application/json"};
  return fetch(`${base}/${act}`, {method: "POST", headers, body: JSON.stringify(body), ...more});
}

/** @param {string} words */
function refuse(words) {
  refusal.textContent = words;
}

const NO_CONNECTION = t("There is no connection at the moment. Try again when there is.");

/** The answer to an act; null where it was refused or nobody answered, which is shown. @param {string} act @param {object} body @returns {Promise<any>} */
async function answerTo(act, body) {
  const answer = await ask(act, body).catch(() => null);
  const told = await answer?.json().catch(() => null); // something between may answer with a page
  const isDone = Boolean(answer?.ok && told);
  refuse(isDone ? "" : told?.error?.message ?? NO_CONNECTION);
  return isDone ? told : null;
}

/** @param {{can_undo: boolean, can_redo: boolean}} state */
function showHistory(state) {
  undo.disabled = !state.can_undo;
  redo.disabled = !state.can_redo;
}

const saver = createSaver({
  rev: Number(draft.dataset.rev),
  texts,
  send: (body, leaving) => ask("save", body, leaving ? {keepalive: true} : {}),
  showState(state) {
    saved.textContent = {saved: t("Saved"), saving: t("Saving"), waiting: t("Not saved yet; it goes on trying")}[state];
  },
  showHistory,
  refused(code, words) {
    refuse(words);
    byId("stale-acts").hidden = code !== "changed_elsewhere";
  },
  accepted: () => refuse(""),
});

/** An act of the service that gives other texts. @param {string} act @param {object} [more] */
async function step(act, more = {}) {
  await saver.settle();
  const told = await answerTo(act, {rev: saver.rev(), ...more});
  if (!told) return;
  english.value = told.texts.en;
  byId("spanish").hidden = told.texts.es === undefined;
  spanish.value = told.texts.es ?? "";
  saver.took(told.rev);
  showHistory(told);
  look();
}

// ---- what comes of it

let looks = 0;

async function look() {
  const mine = ++looks;
  const answer = await ask("look", {texts: texts()}).catch(() => null);
  if (!answer?.ok || mine !== looks) return;
  const found = await answer.json();
  if (mine === looks) show(found);
}

/** @param {any} found */
function show(found) {
  byId("draft-title").textContent = found.title || t("Without a title");
  showChecks(found.problems);
  showReview(found.reviewed);
  const times = found.timelines.map(timesOf);
  if (times.length) byId("times").replaceChildren(...times.map((/** @type {any} */ each) => each.element));
  for (const each of times) each.draw();
  const usual = found.timelines[1] ?? found.timelines[0];
  if (usual) showLines(usual);
}

/** @param {{language: string, line: number, message: string, severity: string}[]} problems */
function showChecks(problems) {
  const against = problems.filter((one) => one.severity !== "clumsy").length;
  byId("checks-sum").textContent = against
    ? t("{count} to fix before it can be published.", {count: against})
    : problems.length ? t("It can be published. A second look is worth it.") : t("The checks found nothing.");
  byId("checks").replaceChildren(...problems.map((one) => {
    const item = document.createElement("li"), go = document.createElement("button");
    item.className = one.severity;
    go.type = "button";
    go.lang = document.documentElement.lang;
    go.textContent = t("line {line}", {line: one.line}) + (one.language === "en" ? "" : " · Español");
    go.addEventListener("click", () => selectLine(one.language === "es" ? spanish : english, one.line));
    item.append(go, ` ${one.message}`);
    return item;
  }));
}

/** @param {Record<string, {initials: string, date: string}>} reviewed by language */
function showReview(reviewed) {
  const marks = Object.entries(reviewed).map(([language, {initials, date}]) =>
    t("{language}: signed by {initials} on {date}.", {language: languageName(language), initials, date}));
  byId("reviewed").textContent = marks.join(" ") || t("No clinician has signed these words.");
}

/** @param {string} language */
function languageName(language) {
  return byId("sign-language").querySelector(`[value="${language}"]`)?.textContent ?? language;
}

/** @param {HTMLTextAreaElement} area @param {number} line */
function selectLine(area, line) {
  const lines = area.value.split("\n");
  const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(from, from + (lines[line - 1] ?? "").length);
  area.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(area).lineHeight));
}

/** @param {any} timeline */
function timesOf(timeline) {
  const element = document.createElement("div"), title = document.createElement("h3");
  element.className = "times-of";
  title.textContent = t("{time} minutes, {seconds} seconds in all", {time: clockTime(timeline.duration), seconds: number(timeline.duration, 1)});
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("role", "img");
  picture.setAttribute("class", "timepicture");
  element.append(title, picture);
  return {element, draw: () => createTimePicture(picture).show(timeline, [])};
}

// ---- hearing it

let hearing = 0;

/** @param {any} timeline */
function showLines(timeline) {
  const spoken = timeline.cues.filter((/** @type {any} */ cue) => cue.kind === "line");
  byId("lines").replaceChildren(...spoken.map((/** @type {any} */ cue, /** @type {number} */ at) => {
    const item = document.createElement("li"), play = document.createElement("button"), time = document.createElement("time");
    play.type = "button";
    time.textContent = clockTime(cue.start);
    const words = document.createElement("span");
    words.lang = "en";
    words.textContent = cue.words;
    play.append(time, words);
    play.addEventListener("click", () => hearFrom(spoken, at));
    item.append(play);
    return item;
  }));
}

/** Each line comes when its time on the timeline has come. @param {any[]} spoken @param {number} at */
async function hearFrom(spoken, at) {
  const mine = ++hearing;
  const began = performance.now() - spoken[at].start * 1000;
  stop.disabled = false;
  byId("heard").textContent = "";
  for (let next = at; next < spoken.length && mine === hearing; next++) {
    const clip = await clipOf(spoken[next].number);
    if (!clip || mine !== hearing) break;
    const early = next === at ? 0 : spoken[next].start * 1000 - (performance.now() - began);
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    if (mine !== hearing) break;
    showHeard(next);
    await playThrough(clip);
  }
  if (mine === hearing) endHearing();
}

/** @param {string} clip */
async function playThrough(clip) {
  sound.src = clip;
  const over = new Promise((resolve) => { sound.onended = sound.onerror = sound.onpause = resolve; });
  await sound.play().catch(() => { byId("heard").textContent = t("Press it again to hear it."); });
  await over;
  URL.revokeObjectURL(clip);
}

/** @param {number} cue */
async function clipOf(cue) {
  const listener = /** @type {HTMLSelectElement} */ (byId("listener")).value;
  const language = /** @type {HTMLSelectElement} */ (byId("hear-language")).value;
  const answer = await ask("hear", {texts: texts(), language, cue, listener}).catch(() => null);
  if (answer?.ok) return URL.createObjectURL(await answer.blob());
  byId("heard").textContent = answer
    ? (await answer.json()).error.message : NO_CONNECTION;
  return null;
}

/** @param {number} at */
function showHeard(at) {
  [...byId("lines").children].forEach((item, place) => item.setAttribute("aria-current", String(place === at)));
}

function endHearing() {
  hearing++;
  sound.pause();
  stop.disabled = true;
  showHeard(-1);
}

// ---- one language beside the other

/** Where a text was scrolled to from here: that is no scrolling of the hand's. @type {WeakMap<HTMLElement, number>} */
const placed = new WeakMap();

/** The line that a hand is at: the caret's while it is in sight, else the first in sight. @param {HTMLTextAreaElement} area @param {number} high */
function lineInHand(area, high) {
  const caret = area.value.slice(0, area.selectionStart).split("\n").length - 1, first = area.scrollTop / high;
  const inSight = document.activeElement === area && caret >= first && caret < first + area.clientHeight / high;
  return inSight ? caret : Math.round(first);
}

/** The other text shows the step that a hand is at in this one, at the same height. @param {HTMLTextAreaElement} area @param {HTMLTextAreaElement} other */
function alignSteps(area, other) {
  const align = () => {
    if (byId("spanish").hidden) return;
    const high = parseFloat(getComputedStyle(area).lineHeight), line = lineInHand(area, high);
    other.scrollTop = area.scrollTop + (besideLine(line, stepLines(area.value), stepLines(other.value)) - line) * high;
    placed.set(other, other.scrollTop);
  };
  for (const event of ["keyup", "click"]) area.addEventListener(event, align);
  area.addEventListener("scroll", () => { if (placed.get(area) !== area.scrollTop) align(); });
}

// ---- what the hands do

/** @type {ReturnType<typeof setTimeout> | undefined} */
let pausing;

function changed() {
  saver.changed();
  clearTimeout(pausing);
  pausing = setTimeout(() => { saver.save(); look(); }, QUIET_MS);
}

for (const area of [english, spanish]) {
  area.addEventListener("input", changed);
  area.addEventListener("blur", () => saver.save());
}
addEventListener("pagehide", () => saver.leave());
undo.addEventListener("click", () => step("undo"));
redo.addEventListener("click", () => step("redo"));
stop.addEventListener("click", endHearing);
byId("add-spanish").addEventListener("click", () => {
  byId("spanish").hidden = false;
  byId("add-spanish").hidden = true;
  spanish.value = english.value.replace(/^(id:.*)$/m, "$1\nlanguage: es");
  changed();
});
alignSteps(english, spanish);
alignSteps(spanish, english);
byId("publish").addEventListener("click", async () => {
  await saver.settle();
  if (await answerTo("publish", {})) saved.textContent = t("Published. It is in the library now.");
});
byId("sign").addEventListener("submit", (event) => {
  event.preventDefault();
  const initials = /** @type {HTMLInputElement} */ (byId("initials")).value.toUpperCase();
  const language = /** @type {HTMLSelectElement} */ (byId("sign-language")).value;
  const now = new Date(), two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  step("sign", {language, initials, date: `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`});
});
byId("load-newer").addEventListener("click", () => location.reload());
byId("keep-as-another").addEventListener("click", async () => {
  const told = await answerTo("copy", {texts: texts()});
  if (told) location.assign(told.address);
});
startCompletion([english, spanish], byId("offers"), changed);
showHistory({can_undo: draft.dataset.undo === "true", can_redo: draft.dataset.redo === "true"});
look();
