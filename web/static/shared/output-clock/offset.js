/**
 * From the page's time to the sound card's: when, in AudioContext seconds, is a given `performance.now()`
 * heard. Pure: the caller takes a reading many times a second, judges it (output-clock.js), and passes it on.
 *
 * A single reading is off by several milliseconds, since it is rounded to blocks of sound; their running
 * median is not. The sound of a phone that slept, or that moved to other headphones, jumps against the page's
 * time: what was read before is then worth nothing, and whoever scheduled by it anchors anew. Where it ran dry for a
 * moment it slips (slips.js): what was read before is then right when it is moved by as much, and what is read for a
 * while after is not.
 *
 * @typedef {{contextTime?: number, performanceTime?: number}} Reading as a browser gives it, in s and in ms
 */

import {createRunningQuantile} from "./running-quantile.js";

export const DEFAULTS = {
  /** Of the readings it is the median that counts, or the one that so large a share of them does not lead. */
  share: 0.5,
  /** At first, while an output is still finding its time; and later, when readings that wander for seconds weigh less. */
  windowMs: 6000,
  longWindowMs: 12_000,
  /** Rounding moves a reading by a block or two, up to some 25 ms; a jump is more than that, for so long. */
  jumpMs: 50,
  jumpForMs: 800,
  /** After a slip an output's readings are off for so long. */
  deafMs: 8000,
  /** Ready: so many readings over so long a time. */
  readyReadings: 8,
  readySpanMs: 1000,
  /**
   * Steady: readings over so long a time, of which the middle of the later half is not further from that of the earlier
   * one. A sound that ran dry needs some ten seconds until its readings are right again; who waits longer waits in vain.
   */
  steadySpanMs: 5000,
  steadyMs: 1.5,
  patienceMs: 20_000,
};

/** @param {Partial<typeof DEFAULTS>} [options] */
export function createOffset(options = {}) {
  const o = {...DEFAULTS, ...options};
  /** @type {{at: number, context: number, offset: number}[]} */
  let readings = [];
  let offsets = createRunningQuantile(o.share);
  /** The time at which the sound was read first. */
  let began = NaN;
  /** Since when readings have been beyond a jump; NaN while they are not. */
  let doubtedAt = NaN;
  let deafUntil = -Infinity;
  let wasSteady = false;

  return {
    /**
     * Takes a reading; true if the sound had jumped, and all readings before it are forgotten.
     * @param {Reading} reading
     */
    read({contextTime = NaN, performanceTime = 0}) {
      // Zero stands for "no sound yet". A context that stands still is suspended and says nothing of later.
      if (!performanceTime || !Number.isFinite(contextTime + performanceTime)) return false;
      const last = readings[readings.length - 1];
      const context = contextTime * 1000;
      if (last && (performanceTime <= last.at || context === last.context)) return false;
      const reading = {at: performanceTime, context, offset: context - performanceTime};
      if (Math.abs(reading.offset - offsets.value) > o.jumpMs) {
        // A page that was held up between two clocks makes one bad reading, and a slip is told of within this time.
        if (Number.isNaN(doubtedAt)) doubtedAt = reading.at;
        if (reading.at - doubtedAt < o.jumpForMs) return false;
        readings = [reading];
        offsets = createRunningQuantile(o.share);
        offsets.add(reading.offset);
        doubtedAt = NaN;
        deafUntil = -Infinity;
        wasSteady = false;
        return true;
      }
      doubtedAt = NaN;
      if (reading.at < deafUntil) return false;
      if (Number.isNaN(began)) began = reading.at;
      wasSteady ||= isSteady();
      const windowMs = wasSteady ? o.longWindowMs : o.windowMs;
      while (readings[0]?.at <= reading.at - windowMs) offsets.remove(/** @type {any} */ (readings.shift()).offset);
      readings.push(reading);
      offsets.add(reading.offset);
      return false;
    },

    /**
     * The sound is later by so much from now on (negative), and its readings are not to be believed for a while.
     * @param {number} ms @param {boolean} isDeaf whether what is read after it is worth less than what was before
     */
    slip(ms, isDeaf) {
      for (const reading of readings) reading.offset += ms;
      offsets.move(ms);
      doubtedAt = NaN;
      if (isDeaf && readings.length) deafUntil = readings[readings.length - 1].at + o.deafMs;
    },

    /**
     * The AudioContext's seconds that are heard at this `performance.now()`; NaN before any reading.
     * @param {number} performanceMs
     */
    toContext(performanceMs) {
      return (performanceMs + offsets.value) / 1000;
    },

    /** Milliseconds of the sound for one of the page, by all readings; 1 where both clocks are true, NaN before two. */
    get rate() {
      return 1 + slope(readings.map(({at}) => at), readings.map(({offset}) => offset));
    },

    /** Over how long a time the readings reach, in ms. */
    get spanMs() {
      return readings.length ? readings[readings.length - 1].at - readings[0].at : 0;
    },

    /** Tells whether there is enough to go by. */
    get ready() {
      if (readings.length < o.readyReadings) return false;
      return readings[readings.length - 1].at - readings[0].at >= o.readySpanMs;
    },

    /** Tells whether the readings agree with one another, or have had time enough to. */
    get steady() {
      return isSteady();
    },
  };

  function isSteady() {
    const last = readings.at(-1)?.at ?? NaN;
    if (last - began > o.patienceMs) return true;
    if (!(last - readings[0]?.at >= o.steadySpanMs)) return false;
    const recent = readings.filter((r) => r.at > last - o.windowMs), half = (recent[0].at + last) / 2;
    const halves = [recent.filter((r) => r.at < half), recent.filter((r) => r.at >= half)];
    const [earlier, later] = halves.map((some) => median(some.map((r) => r.offset)));
    return Math.abs(later - earlier) <= o.steadyMs;
  }
}

/** Of the line through the points (least squares). @param {number[]} xs @param {number[]} ys */
function slope(xs, ys) {
  const x0 = mean(xs), y0 = mean(ys);
  let over = 0, under = 0;
  xs.forEach((x, i) => {
    over += (x - x0) * (ys[i] - y0);
    under += (x - x0) ** 2;
  });
  return over / under;
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {number[]} values */
export function median(values) {
  // Without a comparison of its own, sort() takes numbers for text.
  const order = values.sort((a, b) => a - b);
  const half = order.length >> 1;
  return order.length % 2 ? order[half] : (order[half - 1] + order[half]) / 2;
}
