/**
 * Intended loudness of a page's own sound at a moment, so that what an analyser reads can be held against it. Pure.
 *
 * @typedef {{envelope: Float32Array, began: number, offset: number, level: number, ends: number}} Placed a sound that is
 *   scheduled: its level piece by piece, where on the context's clock it began and with how much of it left out, all in
 *   s; `level` is what its gains make of it, `ends` where it is broken off
 */

/** A piece is so long. */
const PIECE_S = 0.05;
/** An analyser and the schedule do not agree to the block: only what is sound all around a moment counts. */
const BEFORE_S = 0.12, AFTER_S = 0.04;

/** Root mean square. @param {Float32Array} samples */
export function rms(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length ? Math.sqrt(sum / samples.length) : 0;
}

/** The level of each piece. @param {Float32Array} samples @param {number} rate */
export function envelopeOf(samples, rate) {
  const size = Math.max(1, Math.round(PIECE_S * rate));
  const levels = new Float32Array(Math.ceil(samples.length / size));
  for (let i = 0; i < levels.length; i++) levels[i] = rms(samples.subarray(i * size, (i + 1) * size));
  return levels;
}

/** The least level that is meant to sound all around a moment of the context's clock. @param {Placed[]} list @param {number} at */
export function expectedLevel(list, at) {
  return Math.max(0, ...list.map((one) => (at + AFTER_S < one.ends ? one.level * least(one, at) : 0)));
}

/** @param {Placed} one @param {number} at */
function least({envelope, began, offset}, at) {
  const first = Math.floor((at - BEFORE_S - began + offset) / PIECE_S);
  const last = Math.floor((at + AFTER_S - began + offset) / PIECE_S);
  if (at - BEFORE_S < began || last >= envelope.length) return 0;
  return Math.min(...envelope.subarray(first, last + 1));
}

/** @type {WeakMap<AudioBuffer, Float32Array>} */
const known = new WeakMap();

/** The level of each piece of a decoded sound, worked out once. @param {AudioBuffer | null} sound */
export function levelsOf(sound) {
  if (!sound) return new Float32Array();
  const levels = known.get(sound) ?? envelopeOf(sound.getChannelData(0), sound.sampleRate);
  known.set(sound, levels);
  return levels;
}
