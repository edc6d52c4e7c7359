/**
 * From the page's time to the sound card's: when, in AudioContext seconds, is a given `performance.now()`
 * heard. Pure: the caller takes a reading many times a second, judges it (outputclock.js), and passes it on.
 *
 * A single reading is off by several milliseconds, since it is rounded to blocks of sound; their running
 * median is not. The sound of a phone that slept, or that moved to other headphones, jumps against the page's
 * time: what was read before is then worth nothing, and whoever scheduled by it anchors anew. Where it ran dry for a
 * moment it steps by less; that shows as soon as a few readings in a row are beyond all before them.
 *
 * @typedef {{contextTime?: number, performanceTime?: number}} Reading as a browser gives it, in s and in ms
 */

export const DEFAULTS = {
  windowMs: 6000,
  /** Rounding moves a reading by a block or two, up to some 25 ms; a jump is more than that. */
  jumpMs: 50,
  /** So many readings in a row beyond all before them, by more than this, are a step: the sound ran dry, or was let go. */
  stepReadings: 5,
  stepMs: 1,
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
export function createBridge(options = {}) {
  const o = {...DEFAULTS, ...options};
  /** @type {{at: number, context: number, offset: number}[]} */
  let readings = [];
  let middle = NaN;
  /** When the sound was read first. */
  let began = NaN;
  let doubted = false;

  function hasStepped() {
    const offsets = readings.map((r) => r.offset);
    const recent = offsets.splice(-o.stepReadings);
    if (offsets.length < 3 * o.stepReadings) return false;
    return Math.min(...recent) > Math.max(...offsets) + o.stepMs || Math.max(...recent) < Math.min(...offsets) - o.stepMs;
  }

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
      if (Math.abs(reading.offset - middle) > o.jumpMs) {
        // Two in a row: a page that was held up between two clocks makes one bad reading, not more.
        doubted = !doubted;
        if (doubted) return false;
        readings = [reading];
        middle = reading.offset;
        return true;
      }
      doubted = false;
      if (Number.isNaN(began)) began = reading.at;
      readings = readings.filter((r) => r.at > reading.at - o.windowMs);
      readings.push(reading);
      if (hasStepped()) readings = readings.slice(-o.stepReadings);
      middle = median(readings.map((r) => r.offset));
      return false;
    },

    /**
     * The AudioContext's seconds that are heard at this `performance.now()`; NaN before any reading.
     * @param {number} performanceMs
     */
    toContext(performanceMs) {
      return (performanceMs + middle) / 1000;
    },

    /** Milliseconds of the sound for one of the page, by all readings; 1 where both clocks are true, NaN before two. */
    get rate() {
      return 1 + slope(readings.map(({at}) => at), readings.map(({offset}) => offset));
    },

    /** Over how long a time the readings reach, in ms. */
    get spanMs() {
      return readings.length ? readings[readings.length - 1].at - readings[0].at : 0;
    },

    /** Whether there is enough to go by. */
    get ready() {
      if (readings.length < o.readyReadings) return false;
      return readings[readings.length - 1].at - readings[0].at >= o.readySpanMs;
    },

    /** Whether the readings agree with one another, or have had time enough to. */
    get steady() {
      const last = readings.at(-1)?.at ?? NaN, span = last - readings[0]?.at;
      if (last - began > o.patienceMs) return true;
      if (!(span >= o.steadySpanMs)) return false;
      const halves = [readings.filter((r) => r.at < last - span / 2), readings.filter((r) => r.at >= last - span / 2)];
      const [earlier, later] = halves.map((half) => median(half.map((r) => r.offset)));
      return Math.abs(later - earlier) <= o.steadyMs;
    },
  };
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
