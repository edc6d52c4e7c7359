/** Times as people say them. Pure. */

import {t} from "./translate.js";

/**
 * Time left, without pressing: minutes, never a countdown.
 * @param {number} seconds
 */
export function aboutLeft(seconds) {
  if (seconds < 45) return t("less than a minute left");
  const minutes = Math.round(seconds / 60);
  return minutes <= 1 ? t("about a minute left") : t("about {minutes} minutes left", {minutes});
}

/** The time left to the second, for whoever asks. @param {number} seconds */
export function exactLeft(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return t("{time} left", {time: `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`});
}

/** The clock as this device has it, where it speaks the page's language; else as that language has it. */
export function clock() {
  const {lang} = document.documentElement;
  return new Intl.DateTimeFormat(navigator.languages.find((one) => one.split("-")[0] === lang) ?? lang, {hour: "numeric", minute: "2-digit"});
}
