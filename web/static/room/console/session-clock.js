/** Time since a session began, which a page that is loaded again still knows. One room's, on this device alone. */

const KEY = "still-here:session-clock";
const HOUR_S = 3600;

/** Hours where there are any, minutes and seconds. @param {number} ms */
export function elapsedWords(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / HOUR_S), Math.floor((seconds % HOUR_S) / 60), seconds % 60];
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * @param {() => Pick<Storage, "getItem" | "setItem">} storage which a browser may refuse @param {string} room
 * @param {() => number} now in ms of the wall clock
 */
export function createSessionClock(storage, room, now) {
  let since = read() ?? keep(now());

  /** @returns {number | null} */
  function read() {
    try {
      const kept = JSON.parse(storage().getItem(KEY) ?? "null");
      // A wall clock that was set back would count below zero.
      return kept?.room === room && Number.isFinite(kept.since) && kept.since <= now() ? kept.since : null;
    } catch {
      return null;
    }
  }

  /** @param {number} moment */
  function keep(moment) {
    try {
      storage().setItem(KEY, JSON.stringify({room, since: moment}));
    } catch {
      // A private window may refuse; it counts from the page's own beginning then.
    }
    return moment;
  }

  return {
    get elapsedMs() { return Math.max(0, now() - since); },

    restart() {
      since = keep(now());
    },
  };
}
