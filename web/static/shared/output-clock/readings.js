/**
 * Readings of a sound's clock, each held against the others taken at the same moment. Pure.
 *
 * Browsers differ in what they say of when a sound is heard. WebKitGTK's time stamps run ahead of the page by the
 * context's own time; Firefox takes the output's latency off both halves of a stamp, so that it cancels out; Chromium's
 * are right. None says so, hence a reading is taken apart here: it gives a point that can be true, or a reason.
 *
 * @typedef {{now: number, currentTime: number, sampleRate: number, contextTime?: number, performanceTime?: number,
 *   outputLatency?: number, baseLatency?: number}} OutputReading `now` and `performanceTime` in ms, all others in s;
 *   what a browser lacks is left out
 * @typedef {"missing" | "unreadable" | "silent" | "future" | "stale" | "early" | "late" | "frozen" | "backwards"} Refusal
 * @typedef {{contextTime: number, performanceTime: number, lagMs: number}} Point what is heard at a time of the page;
 *   `lagMs` is how long after it was made
 * @typedef {Point | Refusal} Verdict
 */

/** A stamp from so far ahead of the page or so long ago is none. */
const FUTURE_MS = 500, STALE_MS = 1000;
/** Rounding to blocks lets a sound seem to be heard so much before it is made, and not more. */
const EARLY_MS = 20;
/** The slowest wireless output is quicker. */
export const SLOWEST_MS = 3000;
/** `baseLatency` below this is the length of a block, and tells nothing of the way out. */
const LEAST_BASE_S = 0.02;

/** Tells whether a reading can be used at all. @param {OutputReading} reading */
export function isReadable({now, currentTime, sampleRate}) {
  return Number.isFinite(now) && Number.isFinite(currentTime) && currentTime >= 0 && sampleRate > 0;
}

/** The verdict on the output's time stamp. @param {OutputReading} reading @returns {Verdict} */
export function byTimestamp({now, currentTime, contextTime, performanceTime}) {
  if (contextTime === undefined || performanceTime === undefined) return "missing";
  if (!Number.isFinite(contextTime + performanceTime) || contextTime < 0 || performanceTime < 0) return "unreadable";
  if (contextTime === 0 || performanceTime === 0) return "silent";
  if (performanceTime - now > FUTURE_MS) return "future";
  if (now - performanceTime > STALE_MS) return "stale";
  const heardMs = contextTime * 1000 + now - performanceTime;
  return judged({contextTime, performanceTime, lagMs: currentTime * 1000 - heardMs});
}

/** The verdict on the stated latency. @param {OutputReading} reading @param {number} unstatedMs what it leaves out
 * @returns {Verdict} */
export function byLatency({now, currentTime, outputLatency = 0, baseLatency = 0}, unstatedMs) {
  const stated = possible(outputLatency) || (baseLatency >= LEAST_BASE_S ? possible(baseLatency) : 0);
  if (!stated) return "missing";
  const late = stated + unstatedMs / 1000;
  return currentTime > 0 ? judged({contextTime: currentTime - late, performanceTime: now, lagMs: late * 1000}) : "silent";
}

/** The verdict on what is usual on such a phone. @param {OutputReading} reading @param {number} usualMs @returns {Verdict} */
export function byUsual({now, currentTime}, usualMs) {
  if (!(currentTime > 0)) return "silent";
  return {contextTime: currentTime - usualMs / 1000, performanceTime: now, lagMs: usualMs};
}

/** Seconds that can be a latency; 0 is none. @param {number} seconds */
export function possible(seconds) {
  return seconds > 0 && seconds * 1000 <= SLOWEST_MS ? seconds : 0;
}

/** @param {Point} point @returns {Verdict} */
function judged(point) {
  if (point.lagMs < -EARLY_MS) return "early";
  return point.lagMs > SLOWEST_MS ? "late" : point;
}
