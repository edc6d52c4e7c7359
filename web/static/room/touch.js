/**
 * A touch by way of two phones: a finger that rests on this one's mark is told to the other, and what rests on the other
 * is felt here. By vibration where a hand holds the phone and it has one, else by a low tone; and seen on the mark in
 * any case. A pointer that leaves, a key that rises and a page that is out of view let go.
 *
 * @typedef {import("../player/stage/schedule.js").Cue} Cue
 */

import {t} from "../shared/translate.js";

const LABEL = t("Rest a finger here");
/** It is said again so often as long as it is held; a room takes three seconds of silence for having let go. */
const AGAIN_MS = 1000;
/** What is tapped quickly is said no more often than this. */
const APART_MS = 250;
/** The other phone has let go when nothing was heard of it for so long, its own connection having broken off. */
const LOST_MS = 3500;
/** One felt pulse: long enough for a hand, short enough not to buzz. */
const PULSE_MS = 90;
/** A finger that taps and taps makes no drum of the other phone. */
const PULSES_APART_MS = 600;
/** A tone is as long as this, so it is played again so often. */
const TONE_MS = 3000;
/** So long the two shapes take to draw near, and to part again. */
const NEARING_MS = 1500;

/**
 * Tells whether the exercise is at a touch: from the line that invites to it until its silence is over. Pure.
 * @param {Pick<Cue, "kind" | "start" | "end" | "move">[]} cues by their start @param {number} seconds
 * @param {[start: number, end: number][]} passedOver
 */
export function isAtTouch(cues, seconds, passedOver) {
  return cues.some((cue, index) => {
    if (cue.kind !== "hold" || cue.move !== "touch" || seconds >= cue.end) return false;
    if (passedOver.some(([from, until]) => cue.start >= from && cue.start < until)) return false;
    const invited = cues.slice(0, index).findLast(({kind}) => kind === "line")?.start ?? cue.start;
    return seconds >= invited;
  });
}

/**
 * @param {HTMLElement} mark holds both shapes; it can be touched while a touch is on
 * @param {"circle" | "square"} seat this phone's
 * @param {{now: () => number, later: (act: () => void, ms: number) => unknown, tell: (held: boolean) => void,
 *   vibrate: ((ms: number) => void) | null, tone: () => void}} outside `vibrate`: null where no hand would feel it
 */
export function createTouch(mark, seat, {now, later, tell, vibrate, tone}) {
  const other = seat === "circle" ? "square" : "circle";
  let isOn = false;
  let held = false;
  let said = false;
  let saidAt = -Infinity;
  let isWaiting = false;
  let felt = false;
  /** What was last heard of the other phone, and when. It may come a moment before this phone is at the touch. */
  let theirs = false;
  let heardAt = -Infinity;
  let touches = 0;
  let pulsedAt = -Infinity;
  let near = 0;
  let drawnAt = 0;

  /** Says how it is, at once or as soon as that is not too often; and again as long as it is held. */
  function say() {
    if (!held && !said) return;
    if (now() - saidAt >= (held === said ? AGAIN_MS : APART_MS)) {
      said = held;
      saidAt = now();
      tell(held);
    }
    if (isWaiting || (!held && !said)) return;
    isWaiting = true;
    later(() => { isWaiting = false; say(); }, APART_MS);
  }

  /** @param {boolean} next */
  function hold(next) {
    if (next === held || (next && !isOn)) return;
    held = next;
    mark.dataset[seat] = String(held);
    mark.ariaPressed = String(held);
    say();
  }

  /** One pulse and those after it. @param {number} mine which touch they are of */
  function pulse(mine) {
    if (!felt || mine !== touches) return;
    if (now() - pulsedAt >= PULSES_APART_MS) {
      pulsedAt = now();
      if (vibrate) vibrate(PULSE_MS); else tone();
    }
    later(() => pulse(mine), vibrate ? AGAIN_MS : TONE_MS);
  }

  function feel() {
    const next = isOn && theirs && now() - heardAt < LOST_MS;
    if (next === felt) return;
    felt = next;
    mark.dataset[other] = String(felt);
    if (felt) pulse(++touches);
  }

  /** @param {boolean} next */
  function turn(next) {
    isOn = next;
    feel();
    if (isOn) {
      mark.tabIndex = 0;
      mark.setAttribute("role", "button");
      mark.ariaLabel = LABEL;
      mark.ariaPressed = "false";
      mark.dataset.touch = "on";
      return;
    }
    hold(false);
    for (const name of ["tabindex", "role", "aria-label", "aria-pressed", "data-touch"]) mark.removeAttribute(name);
  }

  function listen() {
    mark.addEventListener("pointerdown", (event) => {
      if (!isOn || event.button > 0) return;
      // Else a finger that slides away would still count as being here.
      if (mark.hasPointerCapture(event.pointerId)) mark.releasePointerCapture(event.pointerId);
      hold(true);
    });
    for (const name of ["pointerup", "pointercancel", "pointerleave", "blur"]) mark.addEventListener(name, () => hold(false));
    mark.addEventListener("keydown", (event) => {
      if (!isOn || ![" ", "Enter"].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation(); // a space pauses elsewhere
      hold(true);
    });
    mark.addEventListener("keyup", (event) => { if ([" ", "Enter"].includes(event.key)) hold(false); });
    // A screen reader and a switch press and let go in one: pressed once it is held, pressed again let go.
    mark.addEventListener("click", (event) => { if (event.detail === 0) hold(!held); });
    mark.addEventListener("contextmenu", (event) => { if (isOn) event.preventDefault(); });
    document.addEventListener("visibilitychange", () => { if (document.hidden) hold(false); });
    for (const name of ["blur", "pagehide"]) addEventListener(name, () => hold(false));
  }

  listen();
  return {
    /** Tells whether the exercise is at a touch now. @param {boolean} next */
    turn(next) {
      if (next !== isOn) turn(next); else feel();
    },

    /** The room tells of the other phone. @param {boolean} next */
    feel(next) {
      theirs = next;
      heardAt = now();
      feel();
    },

    /** How near the shapes are by both touches at `t`, from 0 to 1. @param {number} t */
    nearAt(t) {
      const by = Math.min(1, (t - drawnAt) / NEARING_MS);
      drawnAt = t;
      near = Math.max(0, Math.min(1, near + (held && felt ? by : -by)));
      return near;
    },
  };
}

/** Vibration, where a hand is likely to hold this device. @returns {((ms: number) => void) | null} */
export function vibration() {
  if (!("vibrate" in navigator) || !matchMedia("(pointer: coarse)").matches) return null;
  return (ms) => { navigator.vibrate(ms); };
}
