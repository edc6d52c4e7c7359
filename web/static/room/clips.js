/** The clips of a plan, fetched and decoded before anything starts, and kept while a plan wants them. */

const AT_ONCE = 2;
const AGAIN_MS = 1500;
/** A clip that could not be had so many times in a row is failing. */
const FAILING = 3;

/**
 * @param {{
 *   fetch: (address: string, afresh: boolean) => Promise<ArrayBuffer>,
 *   decode: (data: ArrayBuffer) => Promise<AudioBuffer>,
 *   later: (act: () => void, ms: number) => number,
 *   onChange: () => void,
 * }} outside
 */
export function createClips(outside) {
  /** @type {Map<string, AudioBuffer>} */
  const ready = new Map();
  /** @type {Map<string, Promise<void>>} */
  const coming = new Map();
  /** How often each could not be had. @type {Map<string, number>} */
  const failed = new Map();
  /** @type {string[]} */
  let wanted = [];

  /** @param {string} address */
  function load(address) {
    // What could not be decoded is not asked of a cache again.
    const attempt = outside.fetch(address, failed.has(address)).then(outside.decode);
    coming.set(address, attempt.then(
      (buffer) => {
        coming.delete(address);
        failed.delete(address);
        ready.set(address, buffer);
        outside.onChange();
        more();
      },
      () => {
        failed.set(address, (failed.get(address) ?? 0) + 1);
        // Kept among what is coming until the next try, so that the others get their turn.
        outside.later(() => {
          coming.delete(address);
          more();
        }, AGAIN_MS);
      },
    ));
  }

  function more() {
    for (const address of wanted) {
      if (coming.size >= AT_ONCE) return;
      if (!ready.has(address) && !coming.has(address)) load(address);
    }
  }

  return {
    /** Have these, in this order, and forget all others. @param {string[]} addresses */
    want(addresses) {
      wanted = [...new Set(addresses)];
      const kept = new Set(wanted);
      for (const address of ready.keys()) if (!kept.has(address)) ready.delete(address);
      for (const address of failed.keys()) if (!kept.has(address)) failed.delete(address);
      more();
    },

    /** All anew: what is decoded may be what is wrong. */
    again() {
      for (const address of ready.keys()) failed.set(address, 1);
      ready.clear();
      more();
    },

    /** One more, at once. @param {string} address */
    hurry(address) {
      if (!wanted.includes(address)) wanted.unshift(address);
      if (!ready.has(address) && !coming.has(address)) load(address);
    },

    /** @param {string} address */
    get(address) {
      return ready.get(address);
    },

    /** Whether everything that is wanted is decoded. */
    get complete() {
      return wanted.every((address) => ready.has(address));
    },

    /** Whether one of them cannot be had. */
    get failing() {
      return [...failed.values()].some((times) => times >= FAILING);
    },

    /** How many of the wanted ones are decoded, and how many there are. */
    get progress() {
      return {ready: wanted.filter((address) => ready.has(address)).length, wanted: wanted.length};
    },
  };
}
