/**
 * The couple's own sound: music that is on already on this phone may go on beside the voice, where a browser lets a page
 * say so. Off at first, and kept on this device. Such a voice obeys the phone's ring switch and falls silent when the
 * screen locks, so the screen is kept on meanwhile.
 */

const KEY = "still-here:own-sound";

/** @param {() => Storage} storage */
function recall(storage) {
  try {
    return storage().getItem(KEY) === "1";
  } catch {
    return false; // no storage: then nobody asked for it
  }
}

/**
 * @param {{button: HTMLElement, note: HTMLElement}} at both stay hidden where the browser knows of no such thing
 * @param {() => void} onOn called when it is chosen
 * @param {{type: string} | undefined} session the browser's own
 * @param {() => Storage} storage asked for each time: a browser may refuse even to name it
 */
export function createOwnSound({button, note}, onOn, session = /** @type {any} */ (navigator).audioSession, storage = () => localStorage) {
  let on = Boolean(session) && recall(storage);

  function apply() {
    if (!session) return;
    try {
      session.type = on ? "ambient" : "auto";
    } catch {
      // A browser that knows the session and not the type goes by its own.
    }
    button.setAttribute("aria-pressed", String(on));
    note.hidden = !on;
  }

  button.hidden = !session;
  button.addEventListener("click", () => {
    on = !on;
    apply();
    try {
      if (on) storage().setItem(KEY, "1"); else storage().removeItem(KEY);
    } catch {
      // A private window may refuse; then it holds for this page.
    }
    if (on) onOn();
  });
  apply();

  return {
    get on() {
      return on;
    },
  };
}
