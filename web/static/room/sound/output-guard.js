/**
 * Check that a phone sounds when it should, and what to do if not. Pure: what is seen and the time in, a fault and an
 * act out.
 *
 * Silence by design is no fault: what is expected is what was scheduled, with the gains that are wanted. Each fault has
 * acts of its own, the gentler first, tried again at growing distances; where a browser wants a tap for them, the page
 * asks for one as long as the fault lasts.
 *
 * @typedef {"waiting" | "interrupted" | "stopped" | "silent" | "voice"} Fault `waiting` for a tap; `interrupted` by a
 *   call; `stopped`: the output's clock stands, or the context is closed; `silent`: it runs, and nothing comes out;
 *   `voice`: a line is due and could not be loaded
 * @typedef {"resume" | "rebuild" | "reroute" | "redecode"} Act
 * @typedef {{now: number, state: string, stalled: boolean, ran: boolean, expected: number, heard: number, lacking: boolean}} Seen
 *   `state` of the context, "none" before there is one; whether its clock stands, and whether it ever ran; levels as root
 *   mean square
 */

/** A context needs so long to begin: its device is being opened. */
const OPENING_MS = 3000;
/** Below this nothing is expected to be told from silence; of what is expected, so much has to be there. */
const AUDIBLE = 0.008, PRESENT = 0.25;
/** So much silence where sound should be is a fault. One look counts for this at most. */
const SILENT_MS = 600, LOOK_MS = 120;
/** A line that was lacking is told of for so long, so that it can be read. */
const TOLD_MS = 4000;
/** Between two tries of the same kind, at first and at most. */
const AGAIN_MS = 4000, LONGEST_MS = 60_000;

/** @type {Record<Fault, Act[]>} */
const ACTS = {
  waiting: ["resume"],
  interrupted: ["resume"],
  stopped: ["rebuild"],
  silent: ["reroute", "rebuild", "redecode", "rebuild"],
  voice: [], // what fetches clips tries again by itself
};

export function createOutputGuard() {
  /** @type {Fault | null} */
  let fault = null;
  let openedAt = -Infinity, lookedAt = NaN, lackedAt = -Infinity;
  let silentMs = 0, tries = 0, nextTry = 0;

  /** @param {Seen} seen @returns {Fault | null} */
  function faultOf({now, state, stalled, ran, expected, heard, lacking}) {
    if (state === "none") return null;
    if (state === "closed") return "stopped";
    if (state === "interrupted") return "interrupted";
    // Until it is seen to run, nothing is mended, and nothing new is wrong.
    if (!ran && now - openedAt < OPENING_MS) return fault;
    if (state !== "running") return "waiting";
    if (stalled) return "stopped";
    listen(now, expected, heard);
    if (silentMs >= SILENT_MS) return "silent";
    if (lacking) lackedAt = now;
    return now - lackedAt < TOLD_MS ? "voice" : null;
  }

  /** @param {number} now @param {number} expected @param {number} heard */
  function listen(now, expected, heard) {
    const passed = Math.min(LOOK_MS, now - lookedAt) || 0;
    if (expected < AUDIBLE) return;
    silentMs = heard < PRESENT * expected ? silentMs + passed : 0;
  }

  /** The next thing to try, if it is time for one. @param {number} now @param {Fault | null} found @returns {Act | null} */
  function act(now, found) {
    if (!fault || !ACTS[fault].length) return null;
    const acts = ACTS[fault];
    if (fault === "silent") {
      // A try is judged by what is heard after it, and not by time.
      if (found !== "silent" || (tries >= acts.length && now < nextTry)) return null;
      silentMs = 0;
    } else if (now < nextTry) {
      return null;
    }
    nextTry = now + Math.min(LONGEST_MS, AGAIN_MS * 2 ** tries);
    return acts[tries++ % acts.length];
  }

  return {
    /** A context was opened or a tap was given: it has time to begin. @param {number} now */
    opened(now) {
      openedAt = now;
      silentMs = 0;
    },

    /** @param {Seen} seen @returns {{fault: Fault | null, act: Act | null}} */
    look(seen) {
      const found = faultOf(seen);
      lookedAt = seen.now;
      // Between a try and its outcome the fault stands.
      const isOpen = fault === "silent" && found === null && !(seen.expected >= AUDIBLE && silentMs === 0);
      if (found !== fault && !isOpen) {
        fault = found;
        tries = 0;
        nextTry = seen.now;
      }
      return {fault, act: act(seen.now, found)};
    },

    get fault() { return fault; },
  };
}
