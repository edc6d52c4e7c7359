/** Keeps the screen on, where it asks something or is shared. Everywhere else a screen may go dark. */

/** Tells whether this browser can keep a screen on; on plain http it cannot. */
export const canKeepAwake = "wakeLock" in navigator;
/** @type {(() => void) | null} */
let begun = null;

/**
 * From the first call on, whenever the page is seen and `wanted`.
 * @param {() => boolean} wanted
 * @returns {() => void} looks again, after what is wanted has changed
 */
export function keepAwake(wanted) {
  if (begun || !canKeepAwake) return begun ?? (() => {});
  /** @type {WakeLockSentinel | null} */
  let lock = null;

  async function check() {
    const locked = Boolean(lock && !lock.released);
    if (document.hidden || locked === wanted()) return;
    if (locked) await lock?.release();
    // A low battery may refuse; the exercise does not depend on it.
    else lock = await navigator.wakeLock.request("screen").catch(() => null);
  }

  for (const event of ["play", "pause", "ended"]) document.getElementById("audio")?.addEventListener(event, check);
  document.addEventListener("visibilitychange", check);
  check();
  return (begun = check);
}
