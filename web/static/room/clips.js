/** The clips of a plan, fetched and decoded before anything starts, and kept while a plan wants them. */

const AT_ONCE = 2;
const AGAIN_MS = 1500;

/**
 * @param {{
 *   fetch: (address: string) => Promise<ArrayBuffer>,
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
  /** @type {string[]} */
  let wanted = [];

  /** @param {string} address */
  function load(address) {
    const attempt = outside.fetch(address).then(outside.decode);
    coming.set(address, attempt.then(
      (buffer) => {
        coming.delete(address);
        ready.set(address, buffer);
        outside.onChange();
        more();
      },
      () => {
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

    /** How many of the wanted ones are decoded, and how many there are. */
    get progress() {
      return {ready: wanted.filter((address) => ready.has(address)).length, wanted: wanted.length};
    },
  };
}
