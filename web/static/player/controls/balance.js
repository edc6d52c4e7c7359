/**
 * Loudness of voice and background, set while it plays and kept on this device. Until a hand touches the background it
 * is in the exercise's file; from then on the file comes without, and the page has its own.
 */

import {createBed, USUAL_LEVEL} from "../bed.js";

const KEY = "still-here:levels";

/** @returns {{voice?: number, background?: number}} */
function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/**
 * @param {HTMLAudioElement} audio
 * @param {{voice: HTMLInputElement, background: HTMLInputElement}} sliders from 0 to 100
 * @param {{goesOn: boolean, setVoice: (level: number) => void, onOwn: () => void}} hooks `goesOn`: it outlasts the exercise
 */
export function createBalance(audio, sliders, {goesOn, setVoice, onOwn}) {
  const bed = createBed();
  const levels = recall();
  let query = new URLSearchParams();
  let ended = false;

  const chosen = () => query.get("bed") ?? "none";
  const isOwn = () => navigator.onLine && (levels.background !== undefined || (goesOn && chosen() !== "none"));
  const loudness = () => levels.background ?? (chosen() === "none" ? 0 : USUAL_LEVEL);

  function draw() {
    sliders.voice.value = String(Math.round(100 * (levels.voice ?? 1)));
    sliders.background.value = String(Math.round(100 * loudness()));
  }

  function sound() {
    if (isOwn() && loudness() > 0) bed.set(chosen() === "none" ? "air" : chosen(), loudness());
    if (isOwn() && loudness() > 0 && !audio.paused) bed.play();
    if (!isOwn() || loudness() === 0) bed.rest();
  }

  function keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(levels));
    } catch {
      // A private window may refuse; then it holds for this page.
    }
  }

  sliders.voice.addEventListener("input", () => setVoice(levels.voice = Number(sliders.voice.value) / 100));
  sliders.background.addEventListener("input", () => {
    const was = isOwn();
    levels.background = Number(sliders.background.value) / 100;
    sound();
    if (!was && chosen() !== "none") onOwn();
  });
  for (const slider of Object.values(sliders)) slider.addEventListener("change", keep);
  audio.addEventListener("playing", () => {
    ended = false;
    sound();
  });
  audio.addEventListener("pause", () => { if (!ended && !(goesOn && audio.ended)) bed.rest(); });
  setVoice(levels.voice ?? 1);

  return {
    /** Takes the choices of the exercise. @param {string} next */
    choose(next) {
      query = new URLSearchParams(next);
      draw();
    },

    /** The query of the file to play: without a background where the page has one of its own. */
    get fileQuery() {
      const wanted = new URLSearchParams(query);
      if (isOwn()) wanted.set("bed", "none");
      return wanted.toString();
    },

    /** @param {number} [ms] */
    rest(ms) {
      bed.rest(ms);
    },

    /** From now on it goes on by itself, if there is one. */
    outlast() {
      ended = true;
      return bed.isPlaying;
    },
  };
}
