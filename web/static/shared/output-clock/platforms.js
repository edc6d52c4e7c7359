/**
 * Delays that a browser does not tell, by what it calls itself. Pure.
 *
 * Those of Linux were measured: Chromium, Firefox and WebKitGTK on PulseAudio, beside each other in one recording
 * (`python -m bench engines prompt`). Apple's and Android's are what their builds state elsewhere. Whoever hears a
 * difference sets it by hand, or lets the phones hear each other.
 *
 * @typedef {{usualMs: number, unstatedMs: number}} Delays `usualMs` from the context's time of the reading that leads most
 *   to what is heard, where no latency is stated; `unstatedMs` what a stated one leaves out
 */

const LINUX = /X11;.*Linux/, CHROMIUM = /Chrome\//, FIREFOX = /Firefox\//;

/** @param {string} agent as `navigator.userAgent` @returns {Delays} */
export function outputDelays(agent) {
  if (/Android/.test(agent)) return {usualMs: 60, unstatedMs: 0};
  if (FIREFOX.test(agent)) return {usualMs: 30, unstatedMs: LINUX.test(agent) ? 5.5 : 0};
  if (/iPhone|iPad|Macintosh.*Version\//.test(agent)) return {usualMs: 25, unstatedMs: 0};
  if (/AppleWebKit.*Version\//.test(agent)) return {usualMs: 75, unstatedMs: 0};
  return {usualMs: 40, unstatedMs: 0};
}

/** Milliseconds by which an element's `currentTime` is ahead of what is heard. @param {string} agent */
export function elementLeadMs(agent) {
  return LINUX.test(agent) && CHROMIUM.test(agent) ? 22 : 0;
}
