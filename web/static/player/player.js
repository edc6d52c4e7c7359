/**
 * The sound: one <audio> element, what can be done with it, and what can go wrong with it.
 *
 * An <audio> element and not Web Audio, because it goes on when a phone's screen locks.
 *
 * @typedef {"loading" | "playing" | "paused" | "ended"} PlayerState
 * @typedef {{
 *   onState: (state: PlayerState) => void,
 *   onLate: (late: boolean) => void,
 *   onTrouble: (sentence: string) => void,
 *   onRefused: () => void,
 *   onReturn: () => void,
 * }} Hooks
 */

import {t} from "../shared/translate.js";

/** Seconds of one step back. */
export const BACK_S = 15;
/** An MP3 here is a row of frames of 24 ms. A jump to the start of one is met exactly; one into its middle is not. */
const FRAME_S = 0.024;
const FADE_MS = 1000;
const LATE_MS = 1200;
const GIVE_UP_MS = 20000;
const NO_SOUND = t("The sound didn’t load.");
const NO_NETWORK = t("There is no connection at the moment, so the sound can’t load.");

/** @param {HTMLAudioElement} audio @param {Hooks} hooks */
export function createPlayer(audio, hooks) {
  let url = "";
  let stopped = true;
  let resumeAt = 0;
  let lateTimer = 0;
  let giveUpTimer = 0;
  let late = false;
  /** Tells whether the last pause was asked for here. Any other one is a phone call, an alarm, another sound. */
  let meant = true;

  function calm() {
    clearTimeout(lateTimer);
    clearTimeout(giveUpTimer);
    giveUpTimer = 0;
    if (late) hooks.onLate(late = false);
  }

  // A silent gap is never left unexplained: first a word, then a way to try again.
  function wait() {
    if (stopped || audio.paused) return;
    clearTimeout(lateTimer);
    lateTimer = setTimeout(() => hooks.onLate(late = true), LATE_MS);
    if (!giveUpTimer) giveUpTimer = setTimeout(() => trouble(), GIVE_UP_MS);
  }

  function pause() {
    meant = true;
    audio.pause();
  }

  async function trouble() {
    if (stopped) return;
    resumeAt = audio.currentTime || resumeAt;
    pause();
    calm();
    const sentence = await explain(url);
    if (!stopped) hooks.onTrouble(sentence);
  }

  async function start() {
    hooks.onState("loading");
    wait();
    try {
      await audio.play();
    } catch (error) {
      if (stopped) return;
      if (error instanceof DOMException && error.name === "NotAllowedError") {
        stopped = true;
        calm();
        hooks.onRefused();
      }
      // A source that cannot be played also fires "error"; a play overtaken by a pause is nothing.
    }
  }

  audio.addEventListener("playing", () => {
    calm();
    hooks.onState("playing");
  });
  // Nothing resumes what was stopped: no headset button, no lock screen, no other page.
  audio.addEventListener("play", () => {
    if (stopped) return audio.pause();
    if (!meant) hooks.onReturn();
    meant = false;
  });
  audio.addEventListener("pause", () => {
    calm();
    if (!stopped && !audio.ended) hooks.onState("paused");
  });
  // Not every browser says "playing" after a jump within what it has; that time passes says as much.
  audio.addEventListener("timeupdate", () => { if (!audio.paused && !audio.seeking && audio.readyState > 2) calm(); });
  audio.addEventListener("waiting", wait);
  audio.addEventListener("seeking", wait);
  audio.addEventListener("error", () => { if (audio.getAttribute("src")) trouble(); });
  audio.addEventListener("ended", () => {
    stopped = true;
    hooks.onState("ended");
  });

  let level = 1;
  /** Ends a fade that is under way, without what was to follow it. */
  let endFade = () => {};

  function unload() {
    audio.pause();
    audio.removeAttribute("src");
    audio.load();
    audio.volume = level;
  }

  return {
    /** Starts a file. To be called within the tap itself. @param {string} file @param {number} [from] seconds */
    begin(file, from = 0) {
      endFade();
      audio.volume = level;
      url = file;
      stopped = false;
      resumeAt = from;
      return this.retry();
    },

    /** Tries the same file again, from where it broke off. */
    retry() {
      meant = true;
      audio.src = url;
      if (resumeAt) {
        audio.addEventListener("loadedmetadata", () => { audio.currentTime = onFrame(resumeAt); }, {once: true});
      }
      return start();
    },

    /** Another file of the same length, from where this one is. @param {string} file */
    swap(file) {
      if (stopped || file === url) return;
      const paused = audio.paused;
      url = file;
      resumeAt = audio.currentTime;
      meant = true;
      audio.src = url;
      audio.addEventListener("loadedmetadata", () => { audio.currentTime = onFrame(resumeAt); }, {once: true});
      if (!paused) start();
    },

    toggle() {
      if (audio.paused) this.play(); else pause();
    },

    play() {
      if (!stopped && audio.paused) start();
    },

    pause,

    /** @param {number} seconds */
    goTo(seconds) {
      if (stopped) return;
      audio.currentTime = onFrame(seconds);
      if (audio.paused) start();
    },

    back() {
      if (!stopped) audio.currentTime = onFrame(audio.currentTime - BACK_S);
    },

    /** Ends it for good: the voice fades within a second, or at once where a page cannot set the volume. */
    stop() {
      if (stopped) return;
      stopped = true;
      calm();
      endFade = fade(audio, unload);
    },

    /** Sets the loudness, 0 to 1. @param {number} next */
    setLevel(next) {
      level = next;
      if (!stopped) audio.volume = next;
    },
  };
}

/** The start of the frame that `seconds` fall in. @param {number} seconds */
function onFrame(seconds) {
  return Math.max(0, Math.floor(seconds / FRAME_S + 1e-6) * FRAME_S);
}

/** @param {HTMLAudioElement} audio @param {() => void} done @returns {() => void} ends it where it is */
function fade(audio, done) {
  const from = audio.volume;
  audio.volume = from / 2;
  if (audio.paused || audio.volume === from) {
    done();
    return () => {};
  }
  const began = performance.now();
  const timer = setInterval(() => {
    const left = 1 - (performance.now() - began) / FADE_MS;
    audio.volume = from * Math.max(0, left);
    if (left > 0) return;
    clearInterval(timer);
    done();
  }, 20);
  audio.volume = from;
  return () => clearInterval(timer);
}

/**
 * Reason why a file does not play, in one sentence of the server's if it has one.
 * @param {string} url
 */
async function explain(url) {
  try {
    const status = await fetch(url.replace(/^audio\.mp3/, "sound.json"));
    const body = await status.json().catch(() => null);
    return body?.error?.message || body?.message || NO_SOUND;
  } catch {
    return NO_NETWORK;
  }
}
