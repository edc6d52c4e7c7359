/** Taking something back, for some seconds: by the hand of who did it, and by nothing else. */

export const UNDO_MS = 6000;

/** @typedef {{show: () => void, hide: () => void, back: () => void}} Offer */

export function createUndo() {
  /** @type {Offer | null} */
  let offered = null;
  let timer = 0;

  function over() {
    clearTimeout(timer);
    const was = offered;
    offered = null;
    was?.hide();
    return was;
  }

  return {
    /** @param {Offer} next */
    offer(next) {
      over();
      offered = next;
      timer = setTimeout(over, UNDO_MS);
      next.show();
    },

    /** Takes it back; false if there was nothing. */
    take() {
      const was = over();
      was?.back();
      return was !== null;
    },

    over,

    get isOpen() {
      return offered !== null;
    },
  };
}
