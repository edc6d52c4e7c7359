/**
 * Place in an exercise, so that a reload goes on from the line that was being said. One place, for this tab alone,
 * unless the couple chose that it is offered later: it is forgotten at the end and at a stop, and never becomes a list
 * of what was heard.
 */

import {keepLeft, leftPlace} from "../shared/device-storage/remembered.js";

const KEY = "still-here:place";

/** @typedef {{id: string, query: string, at: number}} Place */

/** @param {Place} place */
export function rememberPlace(place) {
  keepLeft(JSON.stringify(place));
  try {
    sessionStorage.setItem(KEY, JSON.stringify(place));
  } catch {
    // A private window may refuse; then a reload begins anew.
  }
}

/** The place in this exercise with these choices; null if there is none. @param {string} id @param {string} query @returns {Place | null} */
export function recallPlace(id, query) {
  try {
    const place = JSON.parse(sessionStorage.getItem(KEY) ?? leftPlace() ?? "null");
    return place?.id === id && place.query === query && place.at > 0 ? place : null;
  } catch {
    return null;
  }
}

export function forgetPlace() {
  keepLeft(null);
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // then it was never remembered either
  }
}
