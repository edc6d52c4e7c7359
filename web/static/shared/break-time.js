/** An agreed break: when it ends, and how that is said. Pure; times are milliseconds since 1970, as Date has them. */

import {t} from "./translate.js";

/** @typedef {{until: number, uid: string, moved: number}} Break when both come back, and what a calendar knows it by */

export const MORE_MINUTES = 20;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A time further off than this was meant for another day. */
const FURTHEST = 12 * HOUR;
/** So long after its end a break is forgotten, if nobody came back to this page. */
const KEPT = 3 * HOUR;

/**
 * The end of a break of some minutes: a whole minute, never sooner than was agreed.
 * @param {number} now @param {number} minutes
 */
export function untilAfter(now, minutes) {
  return Math.ceil((now + minutes * MINUTE) / MINUTE) * MINUTE;
}

/**
 * The next time that the clock here shows `typed`, or null if that is no time, or too far off.
 *
 * Looked for minute by minute, by the browser's own rules of its zone: where an hour is repeated, a time in it comes
 * twice, and the nearer one is meant. A time that is skipped in spring is as long after midnight as on other days.
 * @param {number} now @param {string} typed such as "20:40"
 */
export function untilTime(now, typed) {
  const found = /^([01]\d|2[0-3]):([0-5]\d)/.exec(typed);
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2])];
  for (let at = Math.floor(now / MINUTE + 1) * MINUTE; at - now <= FURTHEST; at += MINUTE) {
    const shown = new Date(at);
    if (shown.getHours() === hours && shown.getMinutes() === minutes) return at;
  }
  for (const days of [0, 1]) {
    const end = new Date(now);
    end.setDate(end.getDate() + days);
    end.setHours(hours, minutes, 0, 0);
    if (end.getTime() > now && end.getTime() - now <= FURTHEST) return end.getTime();
  }
  return null;
}

/** A break made longer: from its end, or from now if that is over. @param {Break} agreed @param {number} now */
export function longer(agreed, now) {
  const until = agreed.until > now ? agreed.until + MORE_MINUTES * MINUTE : untilAfter(now, MORE_MINUTES);
  return {...agreed, until, moved: agreed.moved + 1};
}

/** A break as it was kept on this device; null where that is none. @param {string | null} text */
export function readBreak(text) {
  try {
    const {until, uid, moved} = JSON.parse(text ?? "");
    const whole = Number.isFinite(until) && Number.isInteger(moved) && /^[0-9a-f]{32}$/.test(uid);
    return whole ? /** @type {Break} */ ({until, uid, moved}) : null;
  } catch {
    return null;
  }
}

/** @param {Break | null} agreed @param {number} now @returns {"before" | "during" | "after"} */
export function stateAt(agreed, now) {
  if (!agreed || now - agreed.until > KEPT) return "before";
  return now < agreed.until ? "during" : "after";
}

/** The time left, by the minute and without pressing. @param {number} left milliseconds */
export function leftWords(left) {
  if (left < 45_000) return t("in less than a minute");
  // Rounded down: a break that was just agreed is as long as was said.
  const minutes = Math.floor(left / MINUTE);
  if (minutes <= 1) return t("in about a minute");
  if (minutes < 90) return t("in about {minutes} minutes", {minutes});
  const halves = Math.round(left / (HOUR / 2));
  const hours = Math.floor(halves / 2);
  return halves % 2 ? t("in about {hours}½ hours", {hours}) : t("in about {hours} hours", {hours});
}
