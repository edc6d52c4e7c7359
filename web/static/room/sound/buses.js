/** The two ways of a phone's sound: all of it, and the guide's voice, which can be silenced by itself. */

/** Gain while somebody speaks in the room: 12 dB less. */
export const DUCKED = 10 ** (-12 / 20);
/** Ramp of it, in s: short, and not heard as a step. */
const DUCK_S = 0.15;

/** @param {AudioContext} context @param {AudioNode} input the way to the loudspeaker */
export function createBuses(context, input) {
  let volume = 1;
  let voiced = true;
  let ducked = false;
  let {out, voice} = open();

  function open() {
    const all = context.createGain();
    const spoken = context.createGain();
    all.gain.value = loudness();
    spoken.gain.value = voiced ? 1 : 0;
    spoken.connect(all);
    all.connect(input);
    return {out: all, voice: spoken};
  }

  function loudness() {
    return volume * (ducked ? DUCKED : 1);
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
      return isVoice && !voiced ? 0 : loudness();
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

    /** Makes all of it quieter while somebody speaks, or as loud as before. @param {boolean} on */
    setDucked(on) {
      if (on === ducked) return;
      ducked = on;
      ramp(out.gain, loudness(), DUCK_S);
    },

    /** @param {number} to 0 is silent */
    setVolume(to) {
      volume = to;
      ramp(out.gain, loudness(), 0.05);
    },
  };
}
