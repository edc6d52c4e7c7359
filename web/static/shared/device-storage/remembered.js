/** The memory of this device, on the couple's wish: one favourite, and where they left off. Off at first. */

const FAVOURITE = "still-here:favourite", CONTINUE = "still-here:continue", LEFT = "still-here:left";

/** @param {string} key @returns {string | null} */
function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // no storage: then nothing was asked for
  }
}

/** @param {string} key @param {string | null} value */
function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // A private window may refuse; nothing depends on it.
  }
}

/** The id of the favourite, if there is one. */
export const favourite = () => recall(FAVOURITE);

/** @param {string | null} id */
export const keepFavourite = (id) => keep(FAVOURITE, id);

/** Tells whether an exercise that was left is to be offered later. */
export const continues = () => recall(CONTINUE) === "1";

/** @param {boolean} on */
export function setContinues(on) {
  keep(CONTINUE, on ? "1" : null);
  if (!on) keep(LEFT, null);
}

/** The place that was left, as text; null where none is kept. */
export const leftPlace = () => (continues() ? recall(LEFT) : null);

/** @param {string | null} place */
export function keepLeft(place) {
  if (place === null || continues()) keep(LEFT, place);
}

/**
 * The two wishes as buttons of an exercise's page.
 * @param {ParentNode} page @param {string} id
 */
export function listenToWishes(page, id) {
  const draw = () => {
    for (const [button, on] of [[star, favourite() === id], [go, continues()]]) {
      /** @type {HTMLElement} */ (button).setAttribute("aria-pressed", String(on));
    }
  };
  const star = /** @type {HTMLElement} */ (page.querySelector("[data-favourite]"));
  const go = /** @type {HTMLElement} */ (page.querySelector("[data-continue]"));
  star.addEventListener("click", () => { keepFavourite(favourite() === id ? null : id); draw(); });
  go.addEventListener("click", () => { setContinues(!continues()); draw(); });
  draw();
}
