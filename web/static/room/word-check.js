/**
 * Proof that a phone is heard: it plays one word and asks which of three it was. Chance and sound are passed in.
 *
 * Which word is the right one is known to this page alone, until it is answered; nothing is scored or counted. A wrong
 * answer is answered with what to do and another word.
 *
 * @typedef {{words: string, clip: string}} CheckWord
 * @typedef {{options: CheckWord[], right: CheckWord}} Round
 */

import {t} from "../shared/translate.js";

const OPTIONS = 3;
/** A person reads what to do before the next word comes. */
const AGAIN_MS = 2500;

/** Three words in an order of chance, and one of them to be played; never the one before, where there is another.
 * @param {CheckWord[]} words @param {() => number} random @param {CheckWord | null} [before] @returns {Round | null} */
export function roundOf(words, random, before = null) {
  const left = [...words];
  const options = [];
  while (options.length < OPTIONS && left.length) options.push(left.splice(Math.floor(random() * left.length), 1)[0]);
  if (options.length < OPTIONS) return null;
  const fresh = options.filter(({clip}) => clip !== before?.clip);
  return {options, right: fresh[Math.floor(random() * fresh.length)]};
}

/**
 * @param {HTMLElement} box holds [data-play], [data-words] and [data-told]
 * @param {{words: () => CheckWord[], play: (clip: string) => void, later: (act: () => void, ms: number) => void,
 *   onHeard: () => void}} outside
 */
export function createWordCheck(box, {words, play, later, onHeard}) {
  /** @param {string} name @returns {any} */
  const part = (name) => box.querySelector(`[data-${name}]`);
  /** @type {Round | null} */
  let round = null;
  let heard = false;

  function begin() {
    const next = roundOf(words(), Math.random, round?.right ?? null);
    if (!next) return;
    round = next;
    play(next.right.clip);
    part("words").replaceChildren(...next.options.map((word, index) => {
      const button = document.createElement("button"), cap = document.createElement("kbd");
      button.type = "button";
      button.className = "answer";
      cap.textContent = String(index + 1);
      cap.setAttribute("aria-hidden", "true");
      button.setAttribute("aria-keyshortcuts", cap.textContent);
      button.append(cap, word.words);
      button.addEventListener("click", () => answer(index));
      return button;
    }));
    part("words").hidden = false;
    part("play").textContent = t("Play it again");
  }

  /** @param {number} index */
  function answer(index) {
    const asked = round;
    if (!asked || part("words").hidden) return;
    part("words").hidden = true;
    if (asked.options[index]?.clip === asked.right.clip) {
      heard = true;
      part("told").textContent = t("Heard. This phone is fine.");
      part("play").textContent = t("Play another word");
      part("play").focus();
      return onHeard();
    }
    part("told").textContent = t("That was another word. Turn the sound up, or plug headphones in; the next word comes by itself.");
    later(() => { if (round === asked) begin(); }, AGAIN_MS);
  }

  part("play").addEventListener("click", () => {
    part("told").textContent = "";
    // The same word once more while it is asked for; else another.
    if (round && !part("words").hidden) play(round.right.clip); else begin();
  });

  return {
    get heard() { return heard; },

    /** Takes a key; true if it was an answer. @param {string} key */
    key(key) {
      const index = ["1", "2", "3"].indexOf(key);
      if (index < 0 || !round || part("words").hidden) return false;
      answer(index);
      return true;
    },
  };
}
