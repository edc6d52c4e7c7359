/**
 * Chirps by which two phones hear each other: what each plays, when, and what a recording of both says. Pure.
 *
 * The circle's rises and the square's falls, so that a matched filter takes neither for the other. Both are in one recording,
 * so its delay goes out of what lies between them. Of each, the earliest strong arrival counts: what comes later has
 * gone by a wall.
 *
 * @typedef {"circle" | "square"} Seat
 */

import {median} from "../../shared/output-clock/offset.js";
import {createSearch} from "./correlation.js";

export const ROUNDS = 4, EVERY_MS = 3000, APART_MS = 1500;
const CHIRP_S = 0.24, LOW_HZ = 1500, HIGH_HZ = 5500, PEAK = 0.2;
/** A chirp is looked for so far from where it is due. */
const REACH_MS = 650;
/** A peak has to stand out of its surroundings by so much; what arrives so much sooner and is so strong is the direct way. */
const STANDS_OUT = 6, BEFORE_MS = 8, STRONG = 0.6, BESIDE_MS = 20;
/** So many rounds have to agree, to so much. */
const AGREEING = 2, AGREE_MS = 2;

/** The time that all of them take. */
export const LASTING_MS = (ROUNDS - 1) * EVERY_MS + APART_MS + REACH_MS + CHIRP_S * 1000;
/** A recording begins so much before the first is due, at least. */
export const BEFORE_FIRST_MS = REACH_MS;

/** One chirp. @param {Seat} seat @param {number} rate @returns {Float32Array} */
export function chirp(seat, rate) {
  const sound = new Float32Array(Math.round(CHIRP_S * rate));
  const [from, to] = seat === "circle" ? [LOW_HZ, HIGH_HZ] : [HIGH_HZ, LOW_HZ];
  for (let i = 0; i < sound.length; i++) {
    const t = i / rate, u = i / sound.length;
    const phase = 2 * Math.PI * (from * t + ((to - from) * t * u) / 2);
    sound[i] = PEAK * Math.sin(Math.PI * u) ** 2 * Math.sin(phase);
  }
  return sound;
}

/** The times of a phone's chirps. @param {Seat} seat @param {number} first when the circle's first is, in ms */
export function chirpTimes(seat, first) {
  const own = first + (seat === "square" ? APART_MS : 0);
  return Array.from({length: ROUNDS}, (_, round) => own + round * EVERY_MS);
}

/**
 * By how many ms more than planned the other phone's chirps came after the own; null where that is not clear.
 * @param {Float32Array} recording @param {number} rate @param {number} first where in it the circle's first chirp is due,
 *   in ms @param {Seat} own
 */
export function heardApart(recording, rate, first, own) {
  const other = own === "circle" ? "square" : "circle";
  const found = {circle: arrivals(recording, rate, first, "circle"), square: arrivals(recording, rate, first, "square")};
  const apart = found[own].flatMap((at, round) => {
    const theirs = found[other][round];
    return at === null || theirs === null ? [] : [theirs - at];
  });
  if (!apart.length) return null;
  const middle = median([...apart]);
  const agreeing = apart.filter((one) => Math.abs(one - middle) <= AGREE_MS);
  return agreeing.length < AGREEING ? null : agreeing.reduce((a, b) => a + b) / agreeing.length;
}

/** The delay of each chirp of a seat in the recording, in ms; null where it is not found.
 * @param {Float32Array} recording @param {number} rate @param {number} first @param {Seat} seat */
function arrivals(recording, rate, first, seat) {
  const wave = chirp(seat, rate);
  const length = Math.round((2 * REACH_MS * rate) / 1000) + wave.length;
  const search = createSearch(wave, length);
  return chirpTimes(seat, first).map((due) => {
    const from = Math.round(((due - REACH_MS) * rate) / 1000);
    if (from < 0 || from + length > recording.length) return null;
    const at = firstPeak(search(recording.subarray(from, from + length)).map(Math.abs), rate);
    return at === null ? null : ((from + at) * 1000) / rate - due;
  });
}

/** @param {Float64Array} likeness @param {number} rate */
function firstPeak(likeness, rate) {
  const highest = likeness.reduce((best, value, i) => (value > likeness[best] ? i : best), 0);
  const beside = Math.round((BESIDE_MS * rate) / 1000);
  let power = 0, count = 0;
  likeness.forEach((value, i) => {
    if (Math.abs(i - highest) <= beside) return;
    power += value * value;
    count += 1;
  });
  if (!(likeness[highest] > STANDS_OUT * Math.sqrt(power / Math.max(1, count)))) return null;
  const enough = STRONG * likeness[highest];
  for (let i = Math.max(1, highest - Math.round((BEFORE_MS * rate) / 1000)); i < highest; i++) {
    if (likeness[i] >= enough && likeness[i] >= likeness[i - 1] && likeness[i] >= likeness[i + 1]) return i;
  }
  return highest;
}
