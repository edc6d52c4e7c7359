/** Calls `draw` with the time of the sound: on every frame while the page is seen, by timers while it is not. */

import {createOffset} from "../../shared/output-clock/offset.js";
import {elementLeadMs} from "../../shared/output-clock/platforms.js";

/**
 * A change drawn in one frame is seen in the next, 17 ms later at 60 Hz. Looking that far ahead puts the words on
 * the screen within one frame of the voice (`python -m bench prompt`).
 */
export const LOOK_AHEAD_S = 0.018;

/**
 * An element's `currentTime` moves on with the pieces that the decoder hands over: a reading is behind by up to one of
 * them (22 ms in Chromium at 44,100 Hz, 44 ms in Firefox, nothing in WebKit) and right where a piece begins, so those
 * that lead most count. This many readings, over so long, are enough to go by; until then a single one has to do. Two
 * beyond a jump are one: a file that is waited for stands.
 */
const STEADY = {share: 0.97, readyReadings: 12, readySpanMs: 250, longWindowMs: 6000, jumpMs: 55, jumpForMs: 1};

/** After a jump or a start the time stands for some 100 ms before there is sound; what is read until then leads by as much. */
const SETTLES_MS = 150;

const HIDDEN_STEP_MS = 250;

/** A thing that breaks the run of the sound; what was read before is then worth nothing. */
const BREAKS = ["play", "playing", "pause", "seeking", "seeked", "waiting", "stalled", "ratechange", "emptied"];

/**
 * @param {HTMLMediaElement} audio
 * @param {(seconds: number) => void} draw gets seconds of the sound, look-ahead included while it plays
 * @returns {() => void} draws at once
 */
export function follow(audio, draw) {
  let frame = 0;
  let timer = 0;
  let offset = createOffset(STEADY);
  const leadS = elementLeadMs(navigator.userAgent) / 1000;
  /** The place from which it plays: nothing before it is heard, so no words of before it are shown again. */
  let from = 0;
  /** The page's time of the last break. */
  let brokenAt = -Infinity;

  /** Seconds of the sound that are heard now. */
  function position() {
    const seconds = audio.currentTime;
    if (audio.paused || audio.seeking) return seconds;
    const at = performance.now();
    if (at - brokenAt > SETTLES_MS) offset.read({contextTime: seconds, performanceTime: at});
    return Math.max(from, (offset.ready ? offset.toContext(at) : seconds) - leadS);
  }

  function now() {
    draw(position() + (audio.paused ? 0 : LOOK_AHEAD_S));
  }

  function step() {
    now();
    plan();
  }

  function plan() {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    if (audio.paused) return;
    // Frames stop in a hidden page. What it shows does not matter then, but a question of consent still does.
    if (document.hidden) timer = setTimeout(step, HIDDEN_STEP_MS);
    else frame = requestAnimationFrame(step);
  }

  function broken() {
    offset = createOffset(STEADY);
    from = audio.currentTime;
    brokenAt = performance.now();
  }

  for (const event of BREAKS) audio.addEventListener(event, broken);
  for (const event of ["playing", "pause", "seeking", "seeked", "timeupdate"]) audio.addEventListener(event, step);
  document.addEventListener("visibilitychange", step);
  return step;
}
