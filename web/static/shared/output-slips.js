/**
 * Notices that an output ran dry, by the context's own time. Pure.
 *
 * While sound is asked for without a gap, the context's time runs ahead of the page's by a constant and at most one block
 * less, so the highest lead of a few readings hardly moves. Where the output runs dry the context stands for that long,
 * and the lead is less by just that from then on: measured to 2 ms, where the output's time stamps took ten seconds to
 * tell the same and were off by up to 17 ms meanwhile. A lead counts as changed when two pieces in a row say so alike.
 */

import {median} from "./output-offset.js";

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
  let peak = -Infinity, looks = 0;
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
     * Takes a reading; by how many ms the sound is later from now on (negative), or 0.
     * @param {{now: number, currentTime: number, baseLatency?: number}} reading
     */
    read({now, currentTime, baseLatency = 0}) {
      if (baseLatency > LONG_BLOCK_S) return 0;
      peak = Math.max(peak, currentTime * 1000 - now);
      looks += 1;
      if (looks < LOOKS) return 0;
      const lead = peak;
      peak = -Infinity;
      looks = 0;
      return judged(lead);
    },

    /** Another output: nothing of before holds. */
    forget() {
      peaks = [];
      peak = -Infinity;
      looks = 0;
      doubted = NaN;
    },
  };
}
