/** Root of the break page: agree on a time, be apart, come back. What it knows stays on this device, until it is over. */

import {leftWords, longer, readBreak, stateAt, untilAfter, untilTime} from "../../shared/break-time.js";
import {eventFile} from "../../shared/calendar.js";
import {clock} from "../../shared/format.js";
import {t} from "../../shared/translate.js";

const KEY = "still-here:break";
/** Milliseconds between looks at the words; they change by the minute. */
const LOOK_MS = 15_000;
const TOO_FAR = t("Choose a time within the next twelve hours.");
const CLOCK = clock();

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const form = /** @type {HTMLFormElement} */ (at("agree"));
let agreed = recall();
let shown = "";
let file = "";

// ---- what is kept, on this device alone ----

function recall() {
  try {
    return readBreak(localStorage.getItem(KEY));
  } catch {
    return null; // no storage: the break lives as long as this page
  }
}

/** @param {import("../../shared/break-time.js").Break | null} next */
function keep(next) {
  agreed = next;
  try {
    if (next) localStorage.setItem(KEY, JSON.stringify(next));
    else localStorage.removeItem(KEY);
  } catch {
    // A private window may refuse; then it is kept by this page alone.
  }
  show();
}

// ---- agreeing ----

/** The time at which it would end as the form stands; null where that cannot be. */
function chosen() {
  const length = /** @type {RadioNodeList} */ (form.elements.namedItem("length")).value;
  return length === "until" ? untilTime(Date.now(), at("until").value) : untilAfter(Date.now(), Number(length));
}

function showChosen() {
  const byTime = /** @type {RadioNodeList} */ (form.elements.namedItem("length")).value === "until";
  at("until-line").hidden = !byTime;
  const until = chosen();
  at("would-be-line").hidden = until === null;
  if (until !== null) at("would-be").textContent = CLOCK.format(until);
  at("trouble").textContent = byTime && until === null && at("until").value ? TOO_FAR : "";
}

function agree() {
  const until = chosen();
  if (until === null) {
    at("trouble").textContent = TOO_FAR;
    at("until").focus();
    return;
  }
  keep({until, uid: randomName(), moved: 0});
}

/** Random, so that it says nothing; made by hand, since plain http has no randomUUID. */
function randomName() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---- showing ----

function show() {
  const now = Date.now();
  const state = stateAt(agreed, now);
  if (state === "before" && agreed) return keep(null);
  for (const name of ["before", "during", "after"]) at(name).hidden = name !== state;
  at("break").dataset.state = state;
  if (state === "before") showChosen();
  if (agreed) {
    at("was-at").textContent = CLOCK.format(agreed.until);
    showLarge(agreed.until);
    at("left").textContent = leftWords(agreed.until - now);
    offerFile(now);
  }
  if (shown && shown !== state) {
    at(`${state}-title`).focus();
    scrollTo(0, 0);
  }
  shown = state;
}

/** The time as the clock here has it, with AM or PM small where there is one. @param {number} until */
function showLarge(until) {
  at("back-at").dateTime = new Date(until).toISOString();
  at("back-at").replaceChildren(...CLOCK.formatToParts(until).map(({type, value}) => {
    if (type !== "dayPeriod") return value;
    const small = document.createElement("span");
    small.className = "half-of-day";
    small.textContent = value;
    return small;
  }));
}

/** @param {number} now */
function offerFile(now) {
  if (!agreed) return;
  const which = `${agreed.uid} ${agreed.moved}`;
  if (at("calendar").dataset.of === which) return;
  if (file) URL.revokeObjectURL(file);
  file = URL.createObjectURL(new Blob([eventFile(agreed, now)], {type: "text/calendar;charset=utf-8"}));
  at("calendar").href = file;
  at("calendar").dataset.of = which;
}

// ---- start ----

document.documentElement.classList.add("js");
form.addEventListener("input", showChosen);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  agree();
});
for (const id of ["longer", "more"]) {
  at(id).addEventListener("click", () => { if (agreed) keep(longer(agreed, Date.now())); });
}
for (const id of ["end", "done"]) at(id).addEventListener("click", () => keep(null));
// Whoever goes on to come back has no more use for it.
at("back")?.addEventListener("click", () => keep(null));
document.addEventListener("visibilitychange", () => { if (!document.hidden) show(); });
setInterval(show, LOOK_MS);
show();
