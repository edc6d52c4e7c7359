/**
 * The mark while something plays: a circle and a square that drift in the rests, breathe with the tones and meet where
 * both reach, or rest a finger on their phones. It says where the exercise is, and nothing about anybody but that touch. Only transforms and opacities change.
 */

import {t} from "../../shared/translate.js";

/** @typedef {import("./schedule.js").Timeline} Timeline */
/** @typedef {{apart: number, size: number, turn: number}} Pose `apart` in widths of a shape, between their middles; `turn` is the share of the arc */

const WORDS = {in: t("in"), out: t("out")};
/** Between the middles of the two, in widths: so far at first, so much nearer by the return, so much of a drift. */
const FAR = 1.38, NEARER = 0.14, DRIFT = 0.16, TOUCHING = 0.98;
const SMALL = 0.72, LARGE = 1.14;
/** Rests shorter than this are part of the speaking. */
const SHORTEST_REST_S = 3;
const MEETING_S = 4;
/** The arc's ends, in degrees from its top. */
const ARC_DEGREES = 140;

/** @param {number} share */
const eased = (share) => (1 - Math.cos(Math.PI * Math.min(1, Math.max(0, share)))) / 2;

/**
 * Places of the two shapes at `seconds`. Pure.
 * @param {Timeline} timeline @param {number} seconds
 * @param {{direction: "in" | "out", share: number} | null} phase @param {number} near by a touch of both, from 0 to 1
 * @returns {Pose}
 */
export function poseAt(timeline, seconds, phase, near = 0) {
  const back = timeline.parts.find((part) => part.name === "return")?.start ?? timeline.duration;
  let apart = FAR - NEARER * eased(seconds / back);
  for (const cue of timeline.cues) {
    if (cue.start > seconds) continue;
    const left = cue.end - seconds, done = seconds - cue.start, whole = cue.end - cue.start;
    if (left < 0 || (cue.kind !== "rest" && cue.kind !== "hold") || whole < SHORTEST_REST_S) continue;
    if (cue.move === "reach") apart -= (apart - TOUCHING) * Math.min(eased(done / MEETING_S), eased(left / MEETING_S));
    else apart -= DRIFT * Math.sin((Math.PI * done) / whole) ** 2;
  }
  apart -= (apart - TOUCHING) * eased(near);
  const full = phase ? (phase.direction === "in" ? eased(phase.share) : 1 - eased(phase.share)) : 0.6;
  return {apart, size: SMALL + (LARGE - SMALL) * full, turn: turnAt(timeline, seconds)};
}

/** The share of the arc that is behind: each part has a fifth of it, however long it is. @param {Timeline} timeline @param {number} seconds */
function turnAt({parts, duration}, seconds) {
  if (!parts.length) return Math.min(1, seconds / duration);
  const index = Math.max(0, parts.findLastIndex((part) => part.start <= seconds));
  const {start, end} = parts[index];
  return (index + Math.min(1, Math.max(0, (seconds - start) / (end - start || 1)))) / parts.length;
}

/** @param {HTMLElement} box holds two `.mover`, `.arc-dot` and the word of a breath */
export function createMark(box) {
  const [circle, square] = /** @type {HTMLElement[]} */ ([...box.querySelectorAll(".mover")]);
  const dot = /** @type {HTMLElement} */ (box.querySelector(".arc-dot"));
  const breath = /** @type {HTMLElement} */ (box.querySelector(".breath"));
  const word = /** @type {HTMLElement} */ (box.querySelector(".breath-word"));
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let direction = "";
  /** @type {Map<HTMLElement, string>} */
  const places = new Map();

  /** A place that has not changed is not set again: each one costs a style and a commit. @param {HTMLElement} element @param {string} transform */
  function move(element, transform) {
    if (places.get(element) === transform) return;
    places.set(element, transform);
    element.style.transform = transform;
  }

  /** @param {"in" | "out" | ""} next */
  function turnBreath(next) {
    direction = next;
    breath.hidden = !next;
    breath.dataset.phase = box.dataset.phase = next;
    word.textContent = next ? WORDS[next] : "";
  }

  return {
    /**
     * @param {Timeline} timeline @param {number} seconds
     * @param {{direction: "in" | "out", share: number} | null} phase @param {number} near
     */
    draw(timeline, seconds, phase, near = 0) {
      if ((phase?.direction ?? "") !== direction) turnBreath(phase?.direction ?? "");
      const {apart, size, turn} = poseAt(timeline, seconds, phase, near);
      move(dot, `rotate(${((turn * 2 - 1) * ARC_DEGREES).toFixed(1)}deg)`);
      if (still.matches) {
        move(circle, "");
        move(square, "");
        return;
      }
      const shift = (apart * 50).toFixed(2);
      move(circle, `translate3d(-${shift}%, 0, 0) scale(${size.toFixed(4)})`);
      move(square, `translate3d(${shift}%, 0, 0) scale(${size.toFixed(4)})`);
    },
  };
}
