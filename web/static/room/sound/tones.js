/**
 * Bell and breath tones, made on the phone; the same sounds as in the files. Pure: seconds and a rate in, samples out.
 *
 * "In" rises and is thin, with a little noise; "out" falls and is full. With eyes closed neither can be taken for
 * the other.
 */

import {chirp} from "../alignment/chirp.js";

const LOW_HZ = 165, HIGH_HZ = 247;
const TONE_RMS = 0.058;
const TOUCH_HZ = 110, TOUCH_S = 3, TOUCH_PEAK = 0.12;
const BELL_HZ = 294, BELL_S = 5, BELL_PEAK = 0.08;
/** Of a small bowl: ratio to the fundamental, weight, seconds to fall to 1/e. */
const BELL_PARTIALS = [[1, 1, 1.7], [2.71, 0.42, 1], [5.12, 0.14, 0.5], [1.003, 0.5, 1.8]];

/** @param {string} name "bell", "check", "tick", "touch", "chirp:circle", "in:4.000" or "out:6.000" @param {number} rate @returns {Float32Array} */
export function tone(name, rate) {
  const [kind, seconds] = name.split(":");
  if (kind === "bell") return bell(rate);
  if (kind === "check") return check(rate);
  if (kind === "tick") return tick(rate);
  if (kind === "touch") return touch(rate);
  if (kind === "chirp") return chirp(/** @type {"circle" | "square"} */ (seconds), rate);
  return breath(/** @type {"in" | "out"} */ (kind), Number(seconds), rate);
}

/** @param {number} rate */
function bell(rate) {
  const sound = new Float32Array(Math.round(BELL_S * rate));
  for (let i = 0; i < sound.length; i++) {
    const t = i / rate;
    for (const [ratio, weight, fall] of BELL_PARTIALS) {
      sound[i] += weight * Math.exp(-t / fall) * Math.sin(2 * Math.PI * BELL_HZ * ratio * t);
    }
  }
  ends(sound, rate, 0.06, 1);
  return scaled(sound, BELL_PEAK / peak(sound));
}

/** Two soft notes, so that it is known whether this phone can be heard. @param {number} rate */
function check(rate) {
  const sound = new Float32Array(Math.round(0.7 * rate));
  for (let i = 0; i < sound.length; i++) {
    const t = i / rate;
    const second = t > 0.25 ? Math.sin(2 * Math.PI * HIGH_HZ * 2 * t) * Math.exp(-(t - 0.25) / 0.15) : 0;
    sound[i] = Math.sin(2 * Math.PI * LOW_HZ * 2 * t) * Math.exp(-t / 0.15) + second;
  }
  ends(sound, rate, 0.02, 0.1);
  return scaled(sound, 0.1 / peak(sound));
}

/** Short and with an edge: two of them are told apart by ear from a few milliseconds on. @param {number} rate */
function tick(rate) {
  const sound = new Float32Array(Math.round(0.06 * rate));
  for (let i = 0; i < sound.length; i++) {
    const t = i / rate;
    sound[i] = 0.25 * Math.sin(2 * Math.PI * 1200 * t) * Math.exp(-t / 0.01);
  }
  return sound;
}

/** A low swell that begins at once and takes three seconds to go: somebody's finger is there. @param {number} rate */
function touch(rate) {
  const sound = new Float32Array(Math.round(TOUCH_S * rate));
  for (let i = 0; i < sound.length; i++) {
    const t = i / rate;
    sound[i] = (Math.sin(2 * Math.PI * TOUCH_HZ * t) + 0.3 * Math.sin(4 * Math.PI * TOUCH_HZ * t)) * Math.exp(-t / 1.2);
  }
  ends(sound, rate, 0.03, 0.5);
  return scaled(sound, TOUCH_PEAK / peak(sound));
}

/** @param {"in" | "out"} direction @param {number} seconds @param {number} rate */
function breath(direction, seconds, rate) {
  const sound = new Float32Array(Math.max(1, Math.round(seconds * rate)));
  const low = Math.log(LOW_HZ), high = Math.log(HIGH_HZ), rising = direction === "in";
  const hiss = rising ? createHiss(rate) : null;
  let phase = 0, power = 0;
  for (let i = 0; i < sound.length; i++) {
    const u = i / sound.length;
    const glide = u * u * (3 - 2 * u);
    phase += (2 * Math.PI * Math.exp(low + (high - low) * (rising ? glide : 1 - glide))) / rate;
    const full = hiss
      ? 0.6 * Math.sin(phase) + 0.55 * Math.sin(2 * phase) + 0.18 * Math.sin(4 * phase) + 0.14 * hiss()
      : Math.sin(phase) + 0.35 * Math.sin(phase / 2) + 0.12 * Math.sin(3 * phase);
    sound[i] = full * Math.sin(Math.PI * u) ** 0.7;
  }
  ends(sound, rate, 0.15, 0.25);
  for (const sample of sound) power += sample * sample;
  return scaled(sound, TONE_RMS / Math.sqrt(power / sound.length || 1));
}

/** Noise between about 1.2 and 4.5 kHz, of about unit size, the same each time. @param {number} rate */
function createHiss(rate) {
  const down = Math.exp((-2 * Math.PI * 1200) / rate), up = 1 - Math.exp((-2 * Math.PI * 4500) / rate);
  let seed = 3, before = 0, high = 0, smooth = 0;
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    const white = seed / 2 ** 30;
    high = down * (high + white - before);
    before = white;
    smooth += up * (high - smooth);
    return smooth;
  };
}

/** Raised-cosine ends: nothing starts or stops with a click. @param {Float32Array} sound @param {number} rate
 * @param {number} attack @param {number} release */
function ends(sound, rate, attack, release) {
  const last = sound.length - 1;
  const half = sound.length >> 1, n = Math.min(half, Math.round(attack * rate)), m = Math.min(half, Math.round(release * rate));
  for (let i = 0; i < n; i++) sound[i] *= 0.5 - 0.5 * Math.cos((Math.PI * i) / n);
  for (let i = 0; i < m; i++) sound[last - i] *= 0.5 - 0.5 * Math.cos((Math.PI * i) / m);
}

/** @param {Float32Array} sound */
function peak(sound) {
  return sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-9);
}

/** @param {Float32Array} sound @param {number} by */
function scaled(sound, by) {
  return sound.map((sample) => sample * by);
}
