/**
 * The server's clock, as well as a phone can know it from asking. Pure: times are arguments, in milliseconds.
 *
 * The phone sends a probe at its time t0; the server notes t1 right after it came and t2 right before it
 * answers; the answer is here at `now`. Half of what is left of the round trip is taken for each way. Ways of
 * unequal length cannot be seen from either end: a lasting difference shifts the estimate by (up - down) / 2,
 * on every such clock.
 *
 * Use of the result: when a cue is scheduled, ask `toLocal` once and keep that anchor until the next
 * cue. Two answers for one time may differ by what was learned between them, also backwards. That step
 * belongs into the silence between cues; bending a playback rate to hide it can be heard as vibrato. While
 * `quality` is not steady, go on from the anchor that you have.
 *
 * @typedef {{id: number, t0: number}} Probe
 * @typedef {{id: number, t0: number, t1: number, t2: number, epoch: string}} Answer
 * @typedef {{mid: number, offset: number, rtt: number}} Sample middle of an exchange; server minus local
 * @typedef {{origin: number, offset: number, drift: number, sums: [number, number, number]}} Fit
 * @typedef {"steady" | "no-answer" | "few-answers" | "doubtful" | "uncertain" | "stale"} Reason
 * @typedef {{steady: boolean, reason: Reason, rttMin: number, uncertaintyMs: number, probes: number}} Quality
 */

export const DEFAULTS = {
  /** A burst of probes, that far apart, when nothing is known; a row of them while little is; then one now and then. */
  burst: 12,
  burstGapMs: 40,
  early: 120,
  earlyGapMs: 125,
  periodMs: 800,
  /** Milliseconds for which an answer counts. */
  keepMs: 90_000,
  /** The uncertainty of a probe that met no queue: timers and wake-ups. */
  floorMs: 0.4,
  /** The drift expected between two quartz clocks, in millionths (one standard deviation). */
  driftPpm: 40,
  /** Beyond half its round trip an answer contradicts the estimate; this much more is granted to both. */
  slackMs: 2,
  /** An answer that took longer says next to nothing. */
  lateMs: 4000,
  /** Steady: so many answers, so small a standard deviation, the last answer not longer ago than this. */
  steadyAnswers: 8,
  steadyMs: 8,
  staleMs: 15_000,
};

/** @param {Partial<typeof DEFAULTS>} [options] */
export function createClock(options = {}) {
  const o = {...DEFAULTS, ...options};
  /** @type {Map<number, number>} t0 by id of what is on its way */
  const pending = new Map();
  /** @type {Sample[]} */
  let samples = [];
  /** @type {Fit | null} */
  let fit = null;
  /** @type {string | null} */
  let epoch = null;
  let nextId = 1;
  /** Probes yet to be sent at the short distance. */
  let quick = o.burst;
  /** Answers that were used since the beginning. */
  let kept = 0;
  let sentAt = -Infinity;
  let heardAt = -Infinity;
  /** Id of the first probe that was sent after an answer contradicted the estimate; 0 while none does. */
  let doubtFrom = 0;

  function restart() {
    samples = [];
    kept = 0;
    fit = null;
    doubtFrom = 0;
    quick = o.burst;
    // Whatever is still on its way may have crossed the change that made us forget.
    pending.clear();
  }

  function gap() {
    if (quick > 0) return o.burstGapMs;
    return kept > 0 && kept < o.early ? o.earlyGapMs : o.periodMs;
  }

  /** @param {Sample} sample */
  function contradicts(sample) {
    if (sample.rtt < 0) return true;
    return fit !== null && Math.abs(sample.offset - offsetAt(fit, sample.mid)) > sample.rtt / 2 + o.slackMs;
  }

  /** @param {Sample} sample @param {number} now */
  function keep(sample, now) {
    samples = samples.filter((s) => s.mid > now - o.keepMs);
    samples.push(sample);
    kept += 1;
    fit = regression(samples, o.floorMs, o.driftPpm);
  }

  /** @param {number} id @param {Sample} sample @param {number} now */
  function judge(id, sample, now) {
    if (!contradicts(sample)) {
      keep(sample, now);
      // A false alarm: what its burst was for is here already.
      if (doubtFrom) quick = Math.max(0, o.burst - samples.length);
      doubtFrom = 0;
      return "kept";
    }
    if (!doubtFrom) {
      // One may be an accident. The burst that is needed if it is none goes out at once: time is short then.
      doubtFrom = nextId;
      quick = o.burst;
      return "doubted";
    }
    // Probes sent since the first contradiction met the new clock alone, and need not be sent again.
    const usable = id >= doubtFrom && sample.rtt >= 0;
    const since = [...pending].filter(([other]) => other >= doubtFrom);
    const left = quick;
    restart();
    quick = left;
    for (const [other, t0] of since) pending.set(other, t0);
    if (usable) keep(sample, now);
    return "discarded";
  }

  return {
    /** The time at which the next probe is due, `now` if at once. Ask again after each answer. @param {number} now */
    plan(now) {
      const due = sentAt + gap();
      return Math.max(now, Math.min(due, now + o.periodMs));
    },

    /** A probe to be sent at this moment. @param {number} now @returns {Probe} */
    probe(now) {
      for (const [id, t0] of pending) if (now - t0 > o.lateMs) pending.delete(id);
      sentAt = now;
      quick = Math.max(0, quick - 1);
      pending.set(nextId, now);
      return {id: nextId++, t0: now};
    },

    /**
     * Takes the server's answer. Unknown, late, repeated and senseless ones change nothing.
     * @param {Answer} answer @param {number} now
     * @returns {"kept" | "doubted" | "discarded" | "ignored"}
     */
    answer({id, t0, t1, t2, epoch: from}, now) {
      if (pending.get(id) !== t0) return "ignored";
      pending.delete(id);
      const sense = Number.isFinite(t1) && Number.isFinite(t2) && t2 >= t1 && typeof from === "string";
      if (!sense || now - t0 > o.lateMs) return "ignored";
      heardAt = now;
      const took = now - t0 - (t2 - t1);
      // On one's own network the rounding of clocks alone may make it a little less than nothing.
      const rtt = took < -o.slackMs ? took : Math.max(0, took);
      const sample = {mid: t0 + (now - t0) / 2, offset: (t1 - t0 + (t2 - now)) / 2, rtt};
      if (epoch !== null && from !== epoch) {
        // Another server process: its clock has nothing to do with the one before.
        restart();
        epoch = from;
        if (rtt >= 0) keep(sample, now);
        return "discarded";
      }
      epoch = from;
      return judge(id, sample, now);
    },

    /** Forgets all and probes afresh: for a page that comes back into view, whose clock may have slept. */
    restart,

    /** The server's time at a local one; NaN while nothing is known. @param {number} local */
    toServer(local) {
      return fit ? local + offsetAt(fit, local) : NaN;
    },

    /** The local time of a server's one; NaN while nothing is known. @param {number} server */
    toLocal(server) {
      if (!fit) return NaN;
      const elapsed = (server - (fit.origin + fit.offset)) / (1 + fit.drift);
      return fit.origin + elapsed;
    },

    /**
     * Quality of the estimate. `uncertaintyMs` is one standard deviation at `now`, by the answers' own
     * weights; what unequal ways add, up to rttMin / 2, is not in it. Without `now` it speaks of the moment
     * of the last answer.
     * @param {number} [now] @returns {Quality}
     */
    quality(now = heardAt) {
      const rttMin = fit ? leastRtt(samples) : NaN;
      const uncertaintyMs = fit ? deviationAt(fit, now) : Infinity;
      /** @type {Reason} */
      let reason = "steady";
      if (!fit) reason = "no-answer";
      else if (now - heardAt > o.staleMs) reason = "stale";
      else if (doubtFrom) reason = "doubtful";
      else if (samples.length < o.steadyAnswers) reason = "few-answers";
      else if (uncertaintyMs > o.steadyMs) reason = "uncertain";
      return {steady: reason === "steady", reason, rttMin, uncertaintyMs, probes: samples.length};
    },
  };
}

/**
 * A straight line through the offsets, each with the weight that its wait in queues leaves it. The drift is
 * held near zero by what is known of quartz, for twelve answers within half a second say nothing about it.
 * @param {Sample[]} samples @param {number} floorMs @param {number} driftPpm @returns {Fit}
 */
function regression(samples, floorMs, driftPpm) {
  // Counted from the last time and the first offset, for the squares of days would cost digits.
  const origin = samples[samples.length - 1].mid;
  const base = samples[0].offset;
  const quickest = samples.map((s) => s.rtt).sort((a, b) => a - b);
  const least = quickest[0];
  // The quickest waited too, nobody knows how long. Where others were nearly as quick, it can hardly have
  // been long; where it stands alone it was lucky, and to trust it as if it had not waited costs a tenth.
  const lucky = (quickest[samples.length >> 3] - least) / 4;
  let w = 0, wx = 0, wxx = (driftPpm * 1e-6) ** -2, wy = 0, wxy = 0;
  for (const {mid, offset, rtt} of samples) {
    const weight = 1 / (floorMs ** 2 + lucky ** 2 + ((rtt - least) / 2) ** 2);
    const x = mid - origin, y = offset - base;
    w += weight;
    wx += weight * x;
    wxx += weight * x * x;
    wy += weight * y;
    wxy += weight * x * y;
  }
  const det = w * wxx - wx * wx;
  return {
    origin,
    offset: base + (wxx * wy - wx * wxy) / det,
    drift: (w * wxy - wx * wy) / det,
    sums: [wxx / det, wx / det, w / det],
  };
}

/** @param {Sample[]} samples */
function leastRtt(samples) {
  return samples.reduce((least, {rtt}) => Math.min(least, rtt), Infinity);
}

/** @param {Fit} fit @param {number} local */
function offsetAt(fit, local) {
  return fit.offset + fit.drift * (local - fit.origin);
}

/** @param {Fit} fit @param {number} local */
function deviationAt({origin, sums: [xx, x, one]}, local) {
  const at = local - origin;
  return Math.sqrt(xx - 2 * at * x + at * at * one);
}
