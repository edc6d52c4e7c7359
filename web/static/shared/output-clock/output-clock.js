/**
 * The clock of a phone's sound: which reading of it to believe, and what it says. Pure.
 *
 * Three sources, the better first: the output's own time stamps; the context's time with the stated latency; the same
 * with a latency that is usual. Each is followed by an offset of its own all along, so that going over to another is one
 * number that changes: what sounds is not touched, and what is placed for later is placed anew. A source is believed
 * once a second of it agrees with the page's clock in rate and with the others in place. One that contradicts itself is
 * out for a while, and for longer each time.
 *
 * @typedef {import("./readings.js").OutputReading} OutputReading
 * @typedef {"timestamp" | "latency" | "usual"} Source
 */

import {createOffset, median} from "./offset.js";
import {createSlips} from "./slips.js";
import {byLatency, byTimestamp, byUsual, isReadable, possible} from "./readings.js";

/** @type {Source[]} */
const ORDER = ["timestamp", "latency", "usual"];
/** So many readings, or pieces of six, tell how a source does; so much of the latest may be refused. */
const RECENT = {timestamp: 40, latency: 10, usual: 10}, LEAST = 0.5, REFUSED = 0.3;
/** So far a rate may be off: what no sound card is, and what the rounding of readings adds over a short span. */
const RATE_OFF = 0.004, ROUNDING_MS = 20;
/** Jumps within a time that no output makes. */
const JUMPS = 3, JUMPS_MS = 10_000;
/** A stated latency from this on is held against the stamps: they may not leave out most of it, nor all of any. */
const LATENCY_MS = 8, LEFT_OUT = 0.5, NO_WAY_MS = 1;
/** A stamp that stands while the context has gone on by this is frozen. */
const FROZEN_S = 0.15;
/** Out for so long at first. */
const BARRED_MS = 15_000;
/** A context's clock that stands so long, though it is read all the time, is stalled. */
const STALLED_MS = 800, READ_OFTEN_MS = 400;
/** A context that has gone on by this has begun: some stand at their first blocks while a device is opened. */
const RAN_S = 0.1;

/** @param {import("./platforms.js").Delays} platform */
export function createOutputClock({usualMs, unstatedMs}) {
  const witnesses = ORDER.map((name) => createWitness(name));
  let rate = NaN;
  /** The times at which the context's time was seen to move last, and at which it was looked at last. */
  let moved = NaN, looked = NaN, context = NaN;
  const slips = createSlips();
  let slipped = 0;
  /** The context's time at first. */
  let first = NaN;

  const verdictOf = {
    timestamp: byTimestamp,
    latency: (/** @type {OutputReading} */ reading) => byLatency(reading, unstatedMs),
    usual: (/** @type {OutputReading} */ reading) => byUsual(reading, usualMs),
  };

  function chosen() {
    return witnesses.find(({trusted}) => trusted) ?? witnesses.findLast(({read}) => read) ?? witnesses[2];
  }

  /** @param {OutputReading} reading */
  function watch({now, currentTime}) {
    // A page that was held up has not seen whether the clock stood.
    if (currentTime !== context || !(now - looked < READ_OFTEN_MS)) moved = now;
    if (Number.isNaN(first)) first = currentTime;
    context = currentTime;
    looked = now;
  }

  return {
    /**
     * Takes a reading; true if the sound jumped against the page, so that what is placed has to be placed anew.
     * @param {OutputReading} reading
     */
    read(reading) {
      if (!isReadable(reading)) return false;
      if (reading.sampleRate !== rate) {
        // Another rate is another output.
        rate = reading.sampleRate;
        for (const one of witnesses) one.forget();
        slips.forget();
      }
      watch(reading);
      const piece = slips.read(reading);
      if (piece?.slip) {
        slipped += 1;
        // The context's own time is right at once; what the output says of itself is not.
        for (const one of witnesses) one.offset.slip(piece.slip, one.name === "timestamp");
      }
      const before = chosen();
      for (const one of witnesses) {
        // The first reading of all has to do for all, until a piece is whole.
        const own = one.name === "timestamp" || !one.read ? reading : piece?.reading;
        one.jumped = false;
        if (own) one.take(verdictOf[one.name](own), own);
      }
      const after = chosen();
      return before === after && after.jumped;
    },

    /** The AudioContext's seconds that are heard at this time of the page; NaN before any reading. @param {number} performanceMs */
    toContext(performanceMs) {
      return chosen().offset.toContext(performanceMs);
    },

    /** Tells whether a source is believed. */
    get ready() { return chosen().trusted; },
    /** Tells whether it has come to rest as well. */
    get steady() { return chosen().trusted && chosen().offset.steady; },
    /** The number of times that the output was seen to run dry. */
    get slipped() { return slipped; },
    /** Tells whether the context's clock stands still. */
    get stalled() { return looked - moved >= STALLED_MS; },
    /** Tells whether it has been seen to run. */
    get ran() { return context - first > RAN_S; },
    /** Which is gone by; null while none is believed. @returns {Source | null} */
    get source() { return chosen().trusted ? chosen().name : null; },
    /** The reason why a source is not believed, for whoever looks into it. */
    get reasons() { return Object.fromEntries(witnesses.map(({name, why}) => [name, why])); },
  };
}

/** Tells whether stamps have a sound heard too soon after it is made. @param {number} lagMs @param {number} latencyMs as stated */
function leavesOut(lagMs, latencyMs) {
  return lagMs <= NO_WAY_MS || (latencyMs >= LATENCY_MS && lagMs < LEFT_OUT * latencyMs);
}

/** One source: its offset, and what speaks for and against it. @param {Source} name */
function createWitness(name) {
  let offset = createOffset();
  /** @type {boolean[]} */
  let refused = [];
  /** @type {number[]} */
  let lags = [], latencies = [], jumps = [];
  let last = {contextTime: -Infinity, performanceTime: -Infinity, currentTime: -Infinity};
  let barredUntil = -Infinity, losses = 0;

  /** @param {import("./readings.js").Verdict} verdict @param {OutputReading} reading */
  function held(verdict, {currentTime}) {
    if (typeof verdict === "string") return verdict;
    const {contextTime, performanceTime} = verdict;
    if (contextTime < last.contextTime - FROZEN_S || performanceTime < last.performanceTime) return "backwards";
    const stands = performanceTime === last.performanceTime || contextTime === last.contextTime;
    if (!stands) last = {contextTime, performanceTime, currentTime};
    return stands && currentTime - last.currentTime > FROZEN_S ? "frozen" : verdict;
  }

  /** The reason why it cannot be believed, or nothing. */
  function contradiction() {
    if (refused.length >= LEAST * RECENT[name] && refused.filter(Boolean).length > REFUSED * refused.length) return "refused";
    if (jumps.length >= JUMPS) return "restless";
    if (offset.ready && Math.abs(offset.rate - 1) > RATE_OFF + ROUNDING_MS / offset.spanMs) return "rate";
    return name === "timestamp" && leavesOut(median([...lags]), median([...latencies])) ? "latency" : "";
  }

  const witness = {
    name,
    trusted: false,
    jumped: false,
    why: "few",
    get offset() { return offset; },
    get read() { return Number.isFinite(offset.toContext(0)); },

    forget() {
      offset = createOffset();
      refused = [];
      lags = [];
      latencies = [];
      jumps = [];
      witness.trusted = false;
      last = {contextTime: -Infinity, performanceTime: -Infinity, currentTime: -Infinity};
    },

    /** @param {import("./readings.js").Verdict} verdict @param {OutputReading} reading */
    take(verdict, reading) {
      const point = held(verdict, reading);
      witness.jumped = false;
      if (point === "silent") return;
      refused = [...refused, typeof point === "string"].slice(-RECENT[name]);
      if (typeof point !== "string") {
        lags = [...lags, point.lagMs].slice(-RECENT[name]);
        latencies = [...latencies, possible(reading.outputLatency ?? 0) * 1000].slice(-RECENT[name]);
        witness.jumped = offset.read(point);
        jumps = jumps.filter((at) => at > reading.now - JUMPS_MS);
        if (witness.jumped) jumps.push(reading.now);
      }
      judge(reading.now, typeof point === "string" ? point : "");
    },
  };

  /** @param {number} now @param {string} refusal */
  function judge(now, refusal) {
    const against = contradiction();
    witness.why = against || (offset.ready ? "" : refusal || "few");
    if (against) {
      if (witness.trusted) barredUntil = now + BARRED_MS * 2 ** losses++;
      witness.trusted = false;
    } else if (offset.ready && now >= barredUntil) {
      witness.trusted = true;
    }
  }
  return witness;
}
