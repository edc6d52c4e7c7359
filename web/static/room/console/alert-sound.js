/** Sound of an alert on the console: two soft notes, which can be turned off; remembered on this device alone. */

import {tone} from "../sound/tones.js";

const KEY = "still-here:alert-sound";

/** @param {() => Pick<Storage, "getItem" | "setItem">} storage which a browser may refuse */
export function createAlertSound(storage) {
  let on = read();
  /** @type {AudioContext | null} */
  let context = null;

  function read() {
    try {
      return storage().getItem(KEY) !== "off";
    } catch {
      return true;
    }
  }

  return {
    get on() { return on; },

    /** @param {boolean} to */
    set(to) {
      on = to;
      try {
        storage().setItem(KEY, to ? "on" : "off");
      } catch {
        // A private window may refuse; it holds for this page then.
      }
    },

    /** Opens the output. To be called within a tap or a key: browsers ask for that. */
    unlock() {
      if (!on) return;
      context ??= new AudioContext();
      if (context.state !== "running") context.resume().catch(() => {});
    },

    /** Plays it, where a tap has opened the output. */
    play() {
      if (!on || context?.state !== "running") return;
      const samples = tone("check", context.sampleRate);
      const sound = context.createBuffer(1, samples.length, context.sampleRate);
      sound.copyToChannel(samples, 0);
      const source = context.createBufferSource();
      source.buffer = sound;
      source.connect(context.destination);
      source.start();
    },
  };
}
