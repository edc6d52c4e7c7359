/**
 * The clips of a plan, fetched and decoded before anything starts, and kept while a plan wants them.
 *
 * A phone fetches more than it speaks: every wording, always in the same order and each once, so that what it fetches
 * tells nobody which are its own. Only its own are decoded.
 */

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
  /** The number of times each could not be had. @type {Map<string, number>} */
  const failed = new Map();
  /** The bytes that were fetched, as they came. @type {Map<string, ArrayBuffer>} */
  const kept = new Map();
  /** @type {string[]} */
  let wanted = [];
  /** Those and all others that are fetched. @type {string[]} */
  let fetched = [];

  /** @param {string} address */
  function load(address) {
    // Bytes that could not be decoded are not asked of a cache again.
    const known = kept.get(address);
    const arrived = known ? Promise.resolve(known) : outside.fetch(address, failed.has(address));
    coming.set(address, arrived.then(async (data) => {
      kept.set(address, data);
      // Decoding takes its buffer away, so it gets one of its own.
      return wanted.includes(address) ? outside.decode(data.slice(0)) : null;
    }).then(
      (buffer) => {
        coming.delete(address);
        failed.delete(address);
        if (buffer) ready.set(address, buffer);
        outside.onChange();
        more();
      },
      () => {
        kept.delete(address);
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
    for (const address of fetched) {
      if (coming.size >= AT_ONCE) return;
      if (!isHere(address) && !coming.has(address)) load(address);
    }
  }

  /** @param {string} address */
  function isHere(address) {
    return ready.has(address) || (kept.has(address) && !wanted.includes(address));
  }

  return {
    /**
     * Have these, fetch `all` in this order as well, and forget all others.
     * @param {string[]} addresses @param {string[]} all
     */
    want(addresses, all = []) {
      wanted = [...new Set(addresses)];
      fetched = [...new Set([...all, ...wanted])];
      const mine = new Set(wanted), known = new Set(fetched);
      for (const address of ready.keys()) if (!mine.has(address)) ready.delete(address);
      for (const address of kept.keys()) if (!known.has(address)) kept.delete(address);
      for (const address of failed.keys()) if (!known.has(address)) failed.delete(address);
      more();
    },

    /** All anew: what is decoded may be what is wrong. */
    again() {
      for (const address of ready.keys()) failed.set(address, 1);
      ready.clear();
      kept.clear();
      more();
    },

    /** One more, at once. @param {string} address */
    hurry(address) {
      if (!wanted.includes(address)) wanted.unshift(address);
      if (!fetched.includes(address)) fetched.unshift(address);
      if (!ready.has(address) && !coming.has(address)) load(address);
    },

    /** @param {string} address */
    get(address) {
      return ready.get(address);
    },

    /** Tells whether everything that is wanted is decoded, and everything else is here. */
    get complete() {
      return fetched.every(isHere);
    },

    /** Tells whether one of them cannot be had. */
    get failing() {
      return [...failed.values()].some((times) => times >= FAILING);
    },

    /** The number of those that are here, and of all. */
    get progress() {
      return {ready: fetched.filter(isHere).length, wanted: fetched.length};
    },
  };
}
