/**
 * Reading of an output from the context's own time, and when it ran dry. Pure.
 *
 * While sound is asked for without a gap, the context's time runs ahead of the page's by a constant and at most one block
 * less, so the highest lead of a few readings hardly moves. Where the output runs dry the context stands for that long,
 * and the lead is less by just that from then on: measured to 2 ms, where the output's time stamps took ten seconds to
 * tell the same and were off by up to 17 ms meanwhile. A lead counts as changed when two pieces in a row say so alike.
 *
 * The reading of a piece that leads most is the one right after a block was made; whoever goes by the context's time goes by
 * it. The middle of all readings was seen to wander by 20 ms on a busy machine while this one stayed.
 *
 * @typedef {import("./readings.js").OutputReading} OutputReading
 */

import {median} from "./offset.js";

/** Readings of a piece, and how many pieces before it are remembered. */
const LOOKS = 6, PIECES = 10, LEAST_PIECES = 4;
/** Less is none; nor is what the pieces differ by anyway. Where blocks are so long that they differ by more, none is told. */
const LEAST_MS = 8, SPREADS = 6, CALM_MS = 4, MOST_SPREAD_MS = 4;
/** Blocks this long beat against the readings, and tell nothing. */
const LONG_BLOCK_S = 0.04;
/** More is no slip: the context was suspended, or the page slept. */
const MOST_MS = 1000;

export function createSlips() {
  /** @type {number[]} */
  let peaks = [];
  /** @type {OutputReading | null} */
  let foremost = null;
  let looks = 0;
  /** By how much the piece before was off; NaN if it was not. */
  let doubted = NaN;

  /** @param {number} lead */
  function judged(lead) {
    const middle = median([...peaks]), spread = median(peaks.map((one) => Math.abs(one - middle)));
    const limit = Math.max(LEAST_MS, SPREADS * spread + CALM_MS), by = lead - middle;
    if (peaks.length < LEAST_PIECES || spread > MOST_SPREAD_MS || Math.abs(by) <= limit) {
      peaks = [...peaks, lead].slice(-PIECES);
      doubted = NaN;
      return 0;
    }
    const before = doubted;
    doubted = by;
    if (!(Math.abs(by - before) <= limit)) return 0;
    // A piece that was short of readings is too low, never too high.
    const slip = middle + Math.max(by, before) - Math.max(...peaks);
    peaks = peaks.map((one) => one + slip);
    doubted = NaN;
    return Math.abs(slip) <= MOST_MS ? slip : 0;
  }

  return {
    /**
     * Takes a reading. At the end of a piece: the one of it that leads most, and by how many ms the sound is later from now
     * on (negative), or 0.
     * @param {OutputReading} reading
     */
    read(reading) {
      if (!foremost || leadOf(reading) > leadOf(foremost)) foremost = reading;
      looks += 1;
      if (looks < LOOKS) return null;
      const piece = {reading: foremost, slip: (reading.baseLatency ?? 0) > LONG_BLOCK_S ? 0 : judged(leadOf(foremost))};
      foremost = null;
      looks = 0;
      return piece;
    },

    /** Another output: nothing of before holds. */
    forget() {
      peaks = [];
      foremost = null;
      looks = 0;
      doubted = NaN;
    },
  };
}

/** By how much the context is ahead of the page, in ms. @param {OutputReading} reading */
function leadOf({now, currentTime}) {
  return currentTime * 1000 - now;
}
