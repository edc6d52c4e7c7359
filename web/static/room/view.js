/**
 * Which view of the room a phone shows. Pure.
 *
 * @typedef {"door" | "lobby" | "playing" | "stopped" | "resting" | "over" | "closed"} View
 * @typedef {{phase: string, ask: {kind: string} | null, missing: string[], partner: string}} Picture
 */

import {t} from "../shared/translate.js";

const BEFORE = ["gathering", "preparing", "ready"];

/**
 * @param {{picture: Picture | null, track: string | null, entered: boolean, closed: boolean,
 *   stopped: "" | "fresh" | "quiet"}} now `stopped`: this person said that it is too much, and has chosen or not
 * @returns {View}
 */
export function viewOf({picture, track, entered, closed, stopped}) {
  if (closed) return "closed";
  if (stopped === "fresh") return "stopped";
  if (stopped === "quiet" && picture?.phase !== "ended") return "resting";
  if (!entered) return "door";
  if (!picture || BEFORE.includes(picture.phase)) return "lobby";
  if (picture.phase === "ended") return "over";
  // The room keeps this phone silent: it was stopped by hand, or has finished grounding.
  if (track === null && picture.phase === "grounding") return "resting";
  return "playing";
}

/** Things that this phone still waits for, in the order in which it comes about. */
export const WAITING = {
  sound: [t("Sound is on"), t("Sound is waiting for a tap")],
  unprepared: [t("The exercise is prepared"), t("The exercise is being prepared")],
  clips: [t("The voice is here"), t("The voice is on its way")],
  clock: [t("This phone is in step"), t("This phone is getting in step")],
};

/** The sentence of a phone on its own sound, where it should be heard and is not. @type {Record<string, string>} */
export const FAULTS = {
  waiting: t("This phone’s sound is waiting for a tap."),
  interrupted: t("Something else has this phone’s sound, a call perhaps. When that is over, tap here."),
  stopped: t("This phone’s sound has stopped. Check the headphones or the speaker, then tap here."),
  silent: t("No sound is coming out of this phone. Tap here to start it again."),
  voice: t("Some of the voice is missing on this phone. It is being fetched again."),
};

/**
 * The list of what has to be so before a start: of this phone, and that the other is there.
 * @param {Picture} picture @param {{sound: boolean, clips: boolean, clock: boolean}} facts
 * @returns {{name: string, done: boolean, words: string}[]}
 */
export function readiness(picture, facts) {
  // Of itself the phone knows best.
  const missing = new Set(picture.missing.filter((name) => !(name in facts)));
  for (const name of /** @type {const} */ (["sound", "clips", "clock"])) if (!facts[name]) missing.add(name);
  if (missing.has("unprepared")) missing.add("clips");
  const own = Object.entries(WAITING).map(([name, [yes, no]]) => {
    const done = !missing.has(name);
    return {name, done, words: done ? yes : no};
  });
  return [...own, otherPhone(picture.partner)];
}

/** @param {string} partner */
function otherPhone(partner) {
  const words = {
    absent: t("The other phone has not joined yet"),
    away: t("The other phone has lost its connection"),
    here: t("The other phone is here, and getting ready"),
    ready: t("The other phone is ready"),
  };
  return {name: "partner", done: partner === "ready", words: words[/** @type {keyof typeof words} */ (partner)]};
}
