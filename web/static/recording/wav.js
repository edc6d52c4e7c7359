/** Samples as a page handles them: how loud they are, and as a WAV to be sent. Pure. */

const HEADER_BYTES = 44;
const CLIPPED = 0.999;

/** Mean level in dBFS, -90 for silence. @param {Float32Array} samples */
export function levelOf(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.max(-90, 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12));
}

/** The highest sample in dBFS. @param {Float32Array} samples */
export function peakOf(samples) {
  let most = 0;
  for (const sample of samples) most = Math.max(most, Math.abs(sample));
  return Math.max(-90, 20 * Math.log10(most + 1e-9));
}

/** Tells whether something was too loud for the microphone. @param {Float32Array} samples */
export function isClipped(samples) {
  let count = 0;
  for (const sample of samples) if (Math.abs(sample) >= CLIPPED) count += 1;
  return count >= 4;
}

/** The loudness of a room, from pieces measured while nobody spoke: the middle one, so that one creak does no harm.
 * @param {number[]} levels dBFS */
export function roomOf(levels) {
  const sorted = [...levels].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.floor(sorted.length / 2)] : -90;
}

/** Pieces one behind the other. @param {Float32Array[]} pieces */
export function joined(pieces) {
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Channels averaged to one. @param {Float32Array[]} channels */
export function mono(channels) {
  if (channels.length === 1) return channels[0];
  return channels[0].map((_, i) => channels.reduce((sum, channel) => sum + channel[i], 0) / channels.length);
}

/** A WAV, 16 bit and mono. @param {Float32Array} samples @param {number} rate in hertz */
export function wavOf(samples, rate) {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + samples.length * 2));
  /** @param {number} at @param {string} text */
  const letters = (at, text) => [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  letters(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + samples.length * 2, true);
  letters(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  letters(36, "data");
  view.setUint32(40, samples.length * 2, true);
  for (let i = 0; i < samples.length; i += 1) {
    const sample = Math.max(-1, Math.min(1, samples[i]));
    view.setInt16(HEADER_BYTES + i * 2, Math.round(sample * 32767), true);
  }
  return view.buffer;
}

/** Files in the order of their names, "2" before "10". @template {{name: string}} T @param {T[]} files */
export function inOrder(files) {
  return [...files].sort((a, b) => a.name.localeCompare(b.name, undefined, {numeric: true}));
}
