/**
 * Sounds by which phones are brought in step: ticks by the shared clock, to align by ear, and chirps for their
 * microphones. Pure: times in, what is due out.
 *
 * @typedef {import("../transport.js").Due} Due
 */

import {chirpTimes} from "./chirp.js";

export const TICK_MS = 2000;
/** Ticks are placed so far ahead. */
const AHEAD_MS = 6000;

/** @param {string} key @param {string} sound @param {number} at of this phone @returns {Due} */
function signal(key, sound, at) {
  return {event: {key, sound, voice: false, start: 0, end: 0}, at, cut: Infinity};
}

/**
 * The ticks around a moment: one at each even second of the shared clock.
 * @param {number} now @param {{toServer: (ms: number) => number, toLocal: (ms: number) => number}} clock @returns {Due[]}
 */
export function ticks(now, clock) {
  const first = Math.floor(clock.toServer(now) / TICK_MS);
  if (!Number.isFinite(first)) return [];
  const count = Math.ceil(AHEAD_MS / TICK_MS) + 1;
  return Array.from({length: count}, (_, i) => signal(`tick:${first + i}`, "tick", clock.toLocal((first + i) * TICK_MS)));
}

/** The chirps of a phone. @param {import("./chirp.js").Seat} seat @param {number} first of the circle, by this phone @returns {Due[]} */
export function chirps(seat, first) {
  return chirpTimes(seat, first).map((at, round) => signal(`chirp:${round}`, `chirp:${seat}`, at));
}
