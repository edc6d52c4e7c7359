/** Calls `draw` with the time of the sound: on every frame while the page is seen, by timers while it is not. */

/**
 * A change drawn in one frame is seen in the next, 17 ms later at 60 Hz. Looking that far ahead puts the words on
 * the screen within one frame after the voice, and never noticeably before it (`python -m bench prompt`).
 */
export const LOOK_AHEAD_S = 0.018;

const HIDDEN_STEP_MS = 250;

/**
 * @param {HTMLMediaElement} audio
 * @param {(seconds: number) => void} draw gets seconds of the sound, look-ahead included while it plays
 * @returns {() => void} draws at once
 */
export function follow(audio, draw) {
  let frame = 0;
  let timer = 0;

  function now() {
    draw(audio.currentTime + (audio.paused ? 0 : LOOK_AHEAD_S));
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

  for (const event of ["playing", "pause", "seeking", "seeked", "timeupdate"]) audio.addEventListener(event, step);
  document.addEventListener("visibilitychange", step);
  return step;
}
