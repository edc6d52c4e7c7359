/** What a locked phone shows and offers. Only what cannot harm there: pause, go on, back a little. */

const ACTIONS = /** @type {const} */ (["play", "pause", "seekbackward"]);

/** @param {string} title @param {{toggle: () => void, back: () => void}} player */
export function showOnLockScreen(title, player) {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.metadata = new MediaMetadata({title, artist: "Still Here"});
  const act = {play: player.toggle, pause: player.toggle, seekbackward: player.back};
  for (const action of ACTIONS) navigator.mediaSession.setActionHandler(action, act[action]);
}

/** Takes all of it away: what was stopped cannot be started again from there. */
export function clearLockScreen() {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.metadata = null;
  for (const action of ACTIONS) navigator.mediaSession.setActionHandler(action, null);
}
