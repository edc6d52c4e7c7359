/** Which path is open on this device: its name, and nothing of what was heard on it. */

const KEY = "still-here:path";

/** @returns {string | null} */
export function openPath() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // no storage: then none is open
  }
}

/** @param {string | null} id of the path to keep open; null closes it */
export function keepOpen(id) {
  try {
    if (id) localStorage.setItem(KEY, id);
    else localStorage.removeItem(KEY);
  } catch {
    // A private window may refuse; nothing depends on it.
  }
}

/** Shows what is meant for the open path, and hides it for the others. @param {ParentNode} page */
export function showOpen(page) {
  const open = openPath();
  for (const shown of page.querySelectorAll("[data-open-path]")) {
    /** @type {HTMLElement} */ (shown).hidden = shown.getAttribute("data-open-path") !== open;
  }
  for (const button of page.querySelectorAll("button[data-path]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-path") === open));
  }
}
