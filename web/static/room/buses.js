/** The two ways of a phone's sound: all of it, and the guide's voice, which can be silenced by itself. */

/** @param {AudioContext} context @param {AudioNode} input the way to the loudspeaker */
export function createBuses(context, input) {
  let volume = 1;
  let voiced = true;
  let {out, voice} = open();

  function open() {
    const all = context.createGain();
    const spoken = context.createGain();
    all.gain.value = volume;
    spoken.gain.value = voiced ? 1 : 0;
    spoken.connect(all);
    all.connect(input);
    return {out: all, voice: spoken};
  }

  /** @param {AudioParam} param @param {number} to @param {number} over in s */
  function ramp(param, to, over) {
    const at = context.currentTime;
    param.cancelScheduledValues(at);
    param.setValueAtTime(param.value, at);
    param.linearRampToValueAtTime(to, at + over);
  }

  return {
    get out() { return out; },
    get voice() { return voice; },

    /** The gain that a sound is meant to have. @param {boolean} isVoice */
    level(isVoice) {
      return isVoice && !voiced ? 0 : volume;
    },

    /** Silence over some seconds; what comes after goes by new ways. @param {number} over */
    fade(over) {
      const old = out;
      ramp(old.gain, 0, over);
      setTimeout(() => old.disconnect(), 200);
      ({out, voice} = open());
    },

    /** New ways, at once. */
    renew() {
      out.disconnect();
      ({out, voice} = open());
    },

    /** Tells whether the guide's voice is heard; tones keep the pace without it. @param {boolean} on */
    setVoice(on) {
      if (on === voiced) return;
      voiced = on;
      ramp(voice.gain, on ? 1 : 0, 0.25);
    },

    /** @param {number} to 0 is silent */
    setVolume(to) {
      volume = to;
      ramp(out.gain, to, 0.05);
    },
  };
}
