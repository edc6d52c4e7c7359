/**
 * Wait before the next try to connect. Pure: chance and time are passed in.
 *
 * Full jitter: any time from nothing to the ceiling, so that the phones that lost one server together do not
 * come back to it together. The ceiling doubles up to `capMs` and stays there long enough for a restart to be
 * met within seconds; a server that stays away is then asked more and more seldom, for the sake of batteries.
 */

export const DEFAULTS = {
  baseMs: 250,
  capMs: 2000,
  /** So many tries (about half a minute) before the ceiling grows again, up to `lateCapMs`. */
  patience: 30,
  lateCapMs: 15_000,
  /** A connection that stood so long was a good one. */
  goodMs: 5000,
};

/**
 * @param {() => number} random from 0 up to, but not including, 1
 * @param {Partial<typeof DEFAULTS>} [options]
 */
export function createBackoff(random, options = {}) {
  const o = {...DEFAULTS, ...options};
  let tries = 0;
  let openedAt = NaN;

  return {
    /** Milliseconds until the next try. */
    next() {
      const more = Math.max(0, tries - o.patience);
      const early = Math.min(o.capMs, o.baseMs * 2 ** Math.min(tries, 30));
      const ceiling = Math.min(o.lateCapMs, early * 2 ** Math.min(more, 30));
      tries += 1;
      return random() * ceiling;
    },

    /** @param {number} now the connection is open */
    opened(now) {
      openedAt = now;
    },

    /**
     * The connection is gone. Opening alone proves nothing: a server that lets everybody in and throws them
     * out at once would be hammered. Only one that stood for a while begins the delays anew.
     * @param {number} now
     */
    lost(now) {
      if (now - openedAt >= o.goodMs) tries = 0;
      openedAt = NaN;
    },

    /** Begins anew: the page came back into view, or the network came back. */
    reset() {
      tries = 0;
    },
  };
}
