/** Saved phrases of a therapist: few, short, and on this device alone. Storage is passed in. */

import {t} from "../../../shared/translate.js";

const KEY = "still-here:phrases";
export const MOST_PHRASES = 12;
/** Limits of a typed line in a room: see `SayLine` of server/rooms/core/protocol/commands.py. */
export const MOST_WORDS = 30, MOST_SIGNS = 400;

/** @param {string} text */
export function wordCount(text) {
  return text.trim().split(/\s+/).filter(Boolean).length;
}

/** @param {unknown} value @returns {value is string} */
function isPhrase(value) {
  return typeof value === "string" && value.length <= MOST_SIGNS && wordCount(value) > 0 && wordCount(value) <= MOST_WORDS;
}

/** @param {() => Pick<Storage, "getItem" | "setItem">} storage which a browser may refuse */
export function createPhrases(storage) {
  /** @type {string[]} */
  let list = read();

  function read() {
    try {
      const kept = JSON.parse(storage().getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isPhrase).slice(0, MOST_PHRASES) : [];
    } catch {
      return [];
    }
  }

  /** @param {string[]} next */
  function keep(next) {
    list = next;
    try {
      storage().setItem(KEY, JSON.stringify(list));
      return "";
    } catch {
      return t("This browser keeps nothing, so the phrase is gone when this page is.");
    }
  }

  return {
    get list() { return list; },

    /** Adds one at the end. @param {string} text @returns {string} why it was not, or not for long; empty when all is well */
    add(text) {
      const phrase = text.trim().replace(/\s+/g, " ");
      if (!phrase) return t("Type a line with words in it first.");
      if (!isPhrase(phrase)) return t("A line to be spoken has thirty words at most.");
      if (list.includes(phrase)) return t("That phrase is saved already.");
      if (list.length >= MOST_PHRASES) return t("{most} phrases are kept. Remove one first, under “Phrases”.", {most: MOST_PHRASES});
      return keep([...list, phrase]);
    },

    /** @param {string} phrase */
    remove(phrase) {
      return keep(list.filter((each) => each !== phrase));
    },
  };
}
