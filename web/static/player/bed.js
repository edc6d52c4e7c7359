/**
 * A background of its own beside the voice, where its loudness is set by hand or where it goes on after the end. Made in
 * the page, so that it needs no network; an <audio> element, so that it goes on when the screen locks.
 */

const RATE_HZ = 12000, LOOP_S = 24, EDGE_S = 1.5;
/** So loud at a level of 1; an exercise's own file has it at a third of that. */
const RMS = 0.03;
export const USUAL_LEVEL = 1 / 3;
const FADE_MS = 900, STEP_MS = 30;

/** One loop, from -1 to 1: "air" is noise between 90 and 700 Hz, "hum" a low chord. @param {string} name */
function loop(name) {
  const count = RATE_HZ * LOOP_S, sound = new Float32Array(count);
  const turn = (2 * Math.PI) / RATE_HZ;
  if (name === "hum") {
    for (const [hz, weight] of [[110, 1], [110.4, 0.8], [164.8, 0.5], [165.3, 0.4], [220.3, 0.2]]) {
      for (let n = 0; n < count; n++) sound[n] += weight * Math.sin(turn * hz * n);
    }
  } else {
    const low = Math.exp(-turn * 320), high = Math.exp(-turn * 90);
    let first = 0, second = 0, rumble = 0;
    for (let n = 0; n < count; n++) {
      first = low * first + (1 - low) * (Math.random() * 2 - 1);
      second = low * second + (1 - low) * first;
      rumble = high * rumble + (1 - high) * second;
      sound[n] = second - rumble;
    }
  }
  let power = 0;
  for (const value of sound) power += value * value;
  const gain = RMS / Math.sqrt(power / count), edge = EDGE_S * RATE_HZ;
  // It falls away and comes again where the loop closes, like a breath; a browser may leave a gap there.
  for (let n = 0; n < count; n++) sound[n] *= gain * Math.sin((Math.PI / 2) * Math.min(1, n / edge, (count - n) / edge));
  return sound;
}

/** @param {Float32Array} sound @param {number} gain */
function wav(sound, gain) {
  const view = new DataView(new ArrayBuffer(44 + sound.length * 2));
  const text = (/** @type {number} */ at, /** @type {string} */ word) => { for (const [n, letter] of [...word].entries()) view.setUint8(at + n, letter.charCodeAt(0)); };
  text(0, "RIFF");
  view.setUint32(4, 36 + sound.length * 2, true);
  text(8, "WAVEfmt ");
  for (const [at, value] of [[16, 16], [24, RATE_HZ], [28, RATE_HZ * 2], [40, sound.length * 2]]) view.setUint32(at, value, true);
  for (const [at, value] of [[20, 1], [22, 1], [32, 2], [34, 16]]) view.setUint16(at, value, true);
  text(36, "data");
  for (let n = 0; n < sound.length; n++) view.setInt16(44 + n * 2, Math.max(-1, Math.min(1, sound[n] * gain)) * 32767, true);
  return new Blob([view], {type: "audio/wav"});
}

export function createBed() {
  const element = new Audio();
  element.loop = true;
  element.dataset.bed = "";
  element.volume = 0.5;
  /** A page that cannot set the volume has the sound itself is made as loud as it is wanted. */
  const settable = element.volume === 0.5;
  let name = "", level = 0, timer = 0;
  /** @type {Float32Array | null} */
  let sound = null;

  /** @param {number} gain */
  function load(gain) {
    if (element.src) URL.revokeObjectURL(element.src);
    element.src = URL.createObjectURL(wav(/** @type {Float32Array} */ (sound), gain));
  }

  /** @param {number} to @param {number} ms @param {() => void} [then] */
  function glide(to, ms, then) {
    clearInterval(timer);
    const from = element.volume, began = performance.now();
    timer = setInterval(() => {
      const share = ms ? Math.min(1, (performance.now() - began) / ms) : 1;
      element.volume = Math.max(0, Math.min(1, from + (to - from) * share));
      if (share < 1) return;
      clearInterval(timer);
      then?.();
    }, STEP_MS);
  }

  return {
    /** @param {string} wanted "air" or "hum" @param {number} loudness 0 to 1 */
    set(wanted, loudness) {
      const other = wanted !== name;
      if (other) {
        name = wanted;
        sound = loop(wanted);
      }
      if (other || (!settable && loudness !== level)) load(settable ? 1 : loudness);
      level = loudness;
      if (!element.paused) glide(level, 150);
    },

    play() {
      if (!sound || !element.paused) return;
      element.volume = 0;
      element.play().then(() => glide(level, FADE_MS), () => {});
    },

    /** Fades and rests. @param {number} [ms] */
    rest(ms = FADE_MS) {
      if (!element.paused) glide(0, ms, () => element.pause());
    },

    get isPlaying() {
      return !element.paused;
    },
  };
}
