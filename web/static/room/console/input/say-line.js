/** A line that is typed now, and phrases that were saved for it: the first few have keys of their own. */

import {createPhrases, MOST_WORDS, wordCount} from "./phrases.js";
import {element} from "../act-buttons.js";
import {say} from "../cards.js";
import {t} from "../../../shared/translate.js";

/** Keys of the first phrases; 1 to 3 are for grounding. */
const KEYS = ["4", "5", "6", "7", "8", "9"];

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

/**
 * @param {{speak: (text: string) => Promise<boolean>, tell: (words: string) => void}} hands `speak` gives whether the room
 *   took the line
 */
export function createSayLine({speak, tell}) {
  const phrases = createPhrases(() => localStorage);
  const field = /** @type {HTMLInputElement} */ (at("line"));
  let why = "";

  function count() {
    const words = wordCount(field.value);
    say(at("line-count"), words ? t("{count} of {most} words", {count: words, most: MOST_WORDS}) : "");
    at("line-count").dataset.over = String(words > MOST_WORDS);
  }

  /** @param {string} text */
  async function speakIt(text) {
    if (why) tell(why); else return speak(text);
    return false;
  }

  /** @param {string} phrase @param {number} index */
  function chip(phrase, index) {
    const button = element("button", {type: "button", class: "phrase", title: phrase}, element("kbd", {"aria-hidden": "true"}, KEYS[index]), element("span", {}, phrase));
    button.setAttribute("aria-keyshortcuts", KEYS[index]);
    button.addEventListener("click", () => speakIt(phrase));
    return button;
  }

  /** @param {string} phrase @param {number} index */
  function row(phrase, index) {
    const remove = element("button", {type: "button", class: "quiet", "aria-label": t("Remove “{phrase}”", {phrase})}, t("Remove"));
    const speakThis = element("button", {type: "button", class: "quiet", "aria-label": t("Say “{phrase}”", {phrase})}, t("Say it"));
    remove.addEventListener("click", () => {
      phrases.remove(phrase);
      draw();
      at("phrases-title").focus();
    });
    speakThis.addEventListener("click", () => speakIt(phrase));
    const cap = KEYS[index] ? [element("kbd", {}, KEYS[index]), " "] : [];
    return element("li", {}, element("p", {}, ...cap, phrase), element("p", {class: "phrase-acts"}, speakThis, remove));
  }

  function draw() {
    at("phrases").replaceChildren(...phrases.list.slice(0, KEYS.length).map(chip));
    at("phrase-list").replaceChildren(...phrases.list.map(row));
    at("phrases-none").hidden = phrases.list.length > 0;
  }

  at("line-form").addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!field.value.trim() || !(await speakIt(field.value.trim()))) return;
    field.value = "";
    count();
    field.blur(); // so that the next key is an act again, and no letter of another line
  });
  at("save-phrase").addEventListener("click", () => {
    const trouble = phrases.add(field.value);
    tell(trouble || t("Saved on this device."));
    draw();
  });
  field.addEventListener("input", count);
  draw();

  return {
    /** Takes the reason for which no line can be said now, or nothing. @param {string} reason */
    allow(reason) {
      why = reason;
      at("line-form").dataset.can = String(reason === "");
    },

    /** Says the phrase of a key; true if there is one. @param {string} key */
    key(key) {
      const phrase = phrases.list[KEYS.indexOf(key)];
      if (!KEYS.includes(key) || !phrase) return false;
      speakIt(phrase);
      return true;
    },

    focus: () => field.focus(),
  };
}
