/**
 * By how much later than its browser says this device's sound is heard, in ms: set by hand, or by phones that heard each
 * other, and kept on this device alone. A phone with a positive one plays so much sooner.
 */

export const MOST_MS = 300;
const KEY = "still-here:output-delay";

/** A number that can be one, to a tenth. @param {number} ms */
export function possibleDelay(ms) {
  return Number.isFinite(ms) ? Math.max(-MOST_MS, Math.min(MOST_MS, Math.round(ms * 10) / 10)) : 0;
}

/** @param {() => Pick<Storage, "getItem" | "setItem">} storage which a browser may refuse */
export function createOwnDelay(storage) {
  let ms = read();

  function read() {
    try {
      return possibleDelay(Number(storage().getItem(KEY) ?? 0));
    } catch {
      return 0;
    }
  }

  return {
    get ms() { return ms; },

    /** @param {number} to */
    set(to) {
      ms = possibleDelay(to);
      try {
        storage().setItem(KEY, String(ms));
      } catch {
        // A private window may refuse; it holds for this page then.
      }
    },
  };
}
