/** The likeness of a sound and a short piece at each place, by FFT. Pure. */

/**
 * Prepares a search for one piece in sounds of one length.
 * @param {Float32Array} wave @param {number} length samples of each sound that it is looked for in
 * @returns {(sound: Float32Array) => Float64Array} the sum of products of the piece and the sound from each place on,
 *   where all of the piece lies within it
 */
export function createSearch(wave, length) {
  const size = 2 ** Math.ceil(Math.log2(length)), turns = turnsOf(size);
  const piece = spectrum(wave, turns);
  return (sound) => {
    const {re, im} = spectrum(sound, turns);
    for (let i = 0; i < size; i++) {
      // Times the conjugate of the piece's, and the conjugate of that: its forward transform is then the inverse one.
      const x = re[i] * piece.re[i] + im[i] * piece.im[i];
      im[i] = re[i] * piece.im[i] - im[i] * piece.re[i];
      re[i] = x;
    }
    transform(re, im, turns);
    return re.subarray(0, Math.max(0, sound.length - wave.length + 1)).map((value) => value / size);
  };
}

/** Cosines and sines of half a turn, in steps of a transform of this size. @param {number} size */
function turnsOf(size) {
  const cos = new Float64Array(size / 2), sin = new Float64Array(size / 2);
  for (let k = 0; k < size / 2; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size);
    sin[k] = -Math.sin((2 * Math.PI * k) / size);
  }
  return {size, cos, sin};
}

/** @typedef {ReturnType<typeof turnsOf>} Turns */

/** @param {Float32Array} samples @param {Turns} turns */
function spectrum(samples, turns) {
  const re = new Float64Array(turns.size), im = new Float64Array(turns.size);
  re.set(samples);
  transform(re, im, turns);
  return {re, im};
}

/** The discrete Fourier transform in place (Cooley and Tukey, radix 2).
 * @param {Float64Array} re @param {Float64Array} im @param {Turns} turns */
function transform(re, im, {size, cos, sin}) {
  reorder(re, im);
  for (let half = 1; half < size; half *= 2) {
    const step = size / (2 * half);
    for (let begin = 0; begin < size; begin += 2 * half) {
      for (let k = 0; k < half; k++) {
        const i = begin + k, j = i + half, c = cos[k * step], s = sin[k * step];
        const x = re[j] * c - im[j] * s, y = re[j] * s + im[j] * c;
        re[j] = re[i] - x;
        im[j] = im[i] - y;
        re[i] += x;
        im[i] += y;
      }
    }
  }
}

/** By the bits of each index, read backwards. @param {Float64Array} re @param {Float64Array} im */
function reorder(re, im) {
  for (let i = 1, j = 0; i < re.length; i++) {
    let bit = re.length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
  }
}
