/** The answer to a no, on one phone: said and shown before the way changes. */

import {t} from "../shared/translate.js";

export const GOOD_ANSWER = t("Not today, then. That’s a good answer.");
/** So long the words stand where the voice does not come, and so long it is quiet after it. */
const UNSPOKEN_MS = 4500, AFTER_MS = 1200;
const HEARD = ["voice", "pace", "pitch"];

/** @param {string} query the choices of the exercise */
function addressOf(query) {
  const chosen = new URLSearchParams(query);
  const wanted = new URLSearchParams({say: "not-today"});
  for (const name of HEARD) {
    const value = chosen.get(name);
    // Nobody has read this line, so a recorded voice leaves it to the one that stands in for it.
    if (value && value !== "recorded") wanted.set(name, value);
  }
  return `${document.documentElement.dataset.root ?? ""}/voices/preview.flac?${wanted}`;
}

export function createRefusal() {
  const sound = new Audio();
  sound.preload = "auto";
  /** @type {(() => void) | null} */
  let then = null;
  let timer = 0;

  /** @param {number} ms */
  function finishIn(ms) {
    clearTimeout(timer);
    timer = setTimeout(finish, ms);
  }

  function finish() {
    clearTimeout(timer);
    const next = then;
    then = null;
    sound.pause();
    next?.();
  }

  sound.addEventListener("playing", () => clearTimeout(timer));
  sound.addEventListener("ended", () => finishIn(AFTER_MS));
  sound.addEventListener("error", () => { if (then) finishIn(UNSPOKEN_MS); });

  return {
    /** Fetches it, so that it is there when somebody says no. @param {string} query */
    prepare(query) {
      const address = addressOf(query);
      if (!sound.src.endsWith(address)) sound.src = address;
    },

    /** @param {number} level 0 to 1 @param {() => void} next called once, when it was said */
    say(level, next) {
      then = next;
      sound.currentTime = 0;
      sound.volume = level;
      finishIn(UNSPOKEN_MS);
      sound.play().catch(() => {}); // a phone may refuse; the words stand there all the same
    },

    get isSaying() {
      return then !== null;
    },

    /** Lets come now what was to come after it. */
    finish,

    /** Nothing comes after it. */
    cancel() {
      then = null;
      finish();
    },
  };
}
