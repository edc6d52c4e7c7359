/**
 * Which reading is heard today: a number that chooses one of the wordings that each line has. It is kept on this device
 * alone. From one day to the next it goes on by one; it begins anywhere, so that it says nothing of the date.
 */

const KEY = "still-here:reading";
/** As many as exercises/variety.py has. */
const READINGS = 12;
/** An evening that goes on past midnight is one evening. */
const DAY_BEGINS_H = 4;
const HOUR_MS = 3_600_000;

/** The day at a time, in this place. @param {Date} now */
export function dayOf(now) {
  const day = new Date(now.getTime() - DAY_BEGINS_H * HOUR_MS);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

/**
 * The reading of a day, from what was kept of an earlier one. Pure.
 * @param {unknown} kept @param {string} day @param {number} random from 0 up to 1
 * @returns {{day: string, reading: number}}
 */
export function readingOn(kept, day, random) {
  const before = /** @type {{day?: unknown, reading?: unknown} | null} */ (kept);
  const known = Number.isInteger(before?.reading) ? Number(before?.reading) : null;
  if (known === null) return {day, reading: Math.floor(random * READINGS)};
  const reading = ((known % READINGS) + READINGS) % READINGS;
  return {day, reading: before?.day === day ? reading : (reading + 1) % READINGS};
}

/** The stand-in where a browser keeps nothing, for as long as the page is open. */
const fallback = Math.random();

/** The reading of today. */
export function readingToday() {
  const day = dayOf(new Date());
  try {
    const today = readingOn(JSON.parse(localStorage.getItem(KEY) ?? "null"), day, fallback);
    localStorage.setItem(KEY, JSON.stringify(today));
    return today.reading;
  } catch {
    return readingOn(null, day, fallback).reading;
  }
}
