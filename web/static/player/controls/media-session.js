/**
 * Display and controls of a locked phone: the title, the part, where it is; pause, go on, back a little, the next part.
 * Nothing there starts what was stopped.
 */

const ACTIONS = /** @type {const} */ (["play", "pause", "seekbackward", "nexttrack"]);

/**
 * @param {{title: string, artwork: string}} shown
 * @param {{play: () => void, pause: () => void, back: () => void, next: () => void}} hands
 */
export function createLockScreen({title, artwork}, hands) {
  const session = "mediaSession" in navigator ? navigator.mediaSession : null;
  const images = [{src: artwork, sizes: "180x180", type: "image/png"}];
  const acts = {play: hands.play, pause: hands.pause, seekbackward: hands.back, nexttrack: hands.next};
  let drawn = "";

  return {
    /** @param {import("../stage/schedule.js").Part} part @param {import("../stage/schedule.js").Part[]} parts */
    show(part, parts) {
      if (!session || part.name === drawn) return;
      drawn = part.name;
      // The part stands where an artist would: that line is the one which every phone shows.
      const chapterInfo = parts.map(({title: name, start}) => ({title: name, startTime: start, artwork: images}));
      const about = {title, artist: part.title, album: "Still Here", artwork: images, chapterInfo};
      session.metadata = new MediaMetadata(about);
      for (const action of ACTIONS) session.setActionHandler(action, acts[action]);
    },

    /** @param {HTMLMediaElement} audio */
    place(audio) {
      if (!session || !drawn || !Number.isFinite(audio.duration)) return;
      session.playbackState = audio.paused ? "paused" : "playing";
      session.setPositionState?.({duration: audio.duration, playbackRate: 1, position: Math.min(audio.currentTime, audio.duration)});
    },

    /** Takes all of it away: what was stopped cannot be started again from there. */
    clear() {
      if (!session) return;
      drawn = "";
      session.metadata = null;
      session.playbackState = "none";
      session.setPositionState?.();
      for (const action of ACTIONS) session.setActionHandler(action, null);
    },
  };
}
