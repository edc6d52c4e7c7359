/** Keeps the screen on, where it asks something or is shared. Everywhere else a screen may go dark. */

let asked = false;

/** From the first call on, whenever the page is seen and `wanted`. @param {() => boolean} wanted */
export function keepAwake(wanted) {
  if (asked || !("wakeLock" in navigator)) return;
  asked = true;
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
}
