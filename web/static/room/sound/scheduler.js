/**
 * Scheduler of this phone's sound: every cue at its time on the shared clock, a fade where a voice is broken off, and
 * silence within 50 ms when somebody asks for it.
 *
 * Each sound is placed anew when the clock knows better, until a moment before it begins; what sounds is never bent.
 * The time of a clip is that of its first word: the breath before it comes sooner, or not at all.
 * The AudioContext, its output clock and the time are passed in.
 *
 * @typedef {import("../transport.js").Due} Due
 * @typedef {{key: string, at: number, from: number, when: number, cut: number, source: AudioBufferSourceNode,
 *   gain: GainNode, isVoice: boolean, began: number, offset: number, whole: number, fade: number}} Voice `at` is on the
 *   page's clock in ms, `from` the same with its breath, `when` on the sound's in s; from `began` on, in s of the sound's,
 *   it sounds without its first `offset` s; its soft start is over at `whole`; broken off, it fades over `fade` s
 */

import {createBuses} from "./buses.js";
import {expectedLevel, levelsOf} from "./loudness.js";

/** Somebody asked for silence: gone within 50 ms, the way out of the browser included, and yet without a click. */
const HUSH_S = 0.005;
/** A voice that is broken off by a pause at its time. */
const CUT_S = 0.04;
/** Fade of a sound that begins in its middle: a word, or a tone that has no edge of its own. */
const SOFT_VOICE_S = 0.01, SOFT_TONE_S = 0.06;
/** A sound that is so late is left out; its words stand on the screen all the same. */
export const MISSED_MS = 150;
/** A sound that begins so soon is not moved any more. */
const FIXED_MS = 60;
/** Less than this is not worth placing a sound anew: close to its beginning, and long before. */
const MOVED_MS = 0.2, MOVED_EARLY_MS = 3, EARLY_MS = 3000;
/** The same cue of the same round, though clocks were set in between. */
const SAME_MS = 1000;
/** A line that is spoken once may come a little late; it is nobody's cue. */
const LATE_LINE_MS = 2500;

/**
 * @param {{
 *   context: AudioContext,
 *   input: AudioNode,
 *   outputClock: {toContext: (performanceMs: number) => number},
 *   now: () => number,
 *   buffer: (sound: string) => AudioBuffer | undefined,
 *   lead?: () => number,
 *   onMissed?: (key: string) => void,
 * }} outside `input`: the way to the loudspeaker; `lead`: where the first word of a clip begins, in seconds
 */
export function createScheduler({context, input, outputClock, now, buffer, lead = () => 0, onMissed = () => {}}) {
  /** @type {Voice[]} */
  let voices = [];
  /** Sounds that came too late, so that each is told once. @type {Set<string>} */
  let missed = new Set();
  const buses = createBuses(context, input);

  /**
   * @param {string} key @param {AudioBuffer} sound @param {number} at this phone's time at which its first word, or a
   *   tone's beginning, is heard @param {number} first where in the sound that is, in s
   * @param {number} lateMs how late it may be, and still be heard @param {AudioNode} bus @param {boolean} whole a line
   *   that comes late is heard from its first word, a cue from where it would be
   */
  function begin(key, sound, at, first, lateMs, bus, whole = false) {
    const when = outputClock.toContext(at);
    if (!Number.isFinite(when)) return null;
    const soonest = context.currentTime + 0.005;
    const late = Math.max(0, soonest - when);
    if (late * 1000 > lateMs) return null;
    const before = Math.min(first, Math.max(0, when - soonest));
    const from = when + late - before;
    const offset = first - before + (whole ? 0 : late);
    if (offset >= sound.duration) return null;
    const one = start(sound, bus, from, offset);
    return {...one, key, at, from: at - before * 1000, when};
  }

  /**
   * Starts a sound at a time of the context's clock. @param {AudioBuffer} sound @param {AudioNode} bus
   * @param {number} began @param {number} offset what is left out of it, in s
   */
  function start(sound, bus, began, offset) {
    const source = context.createBufferSource();
    const gain = context.createGain();
    source.buffer = sound;
    source.connect(gain);
    gain.connect(bus);
    const isVoice = bus === buses.voice;
    const whole = offset > 0 ? began + (isVoice ? SOFT_VOICE_S : SOFT_TONE_S) : 0;
    if (whole) {
      gain.gain.setValueAtTime(0, began);
      gain.gain.linearRampToValueAtTime(1, whole);
    }
    source.start(began, offset);
    source.onended = () => {
      voices = voices.filter((one) => one.source !== source);
      gain.disconnect();
    };
    return {source, gain, began, offset, whole, cut: Infinity, fade: CUT_S, isVoice};
  }

  /** @param {Voice} one @returns {import("./loudness.js").Placed} */
  function placedOf({source, isVoice, began, offset, cut}) {
    const level = buses.level(isVoice);
    return {envelope: levelsOf(source.buffer), began, offset, level, ends: cut === Infinity ? cut : outputClock.toContext(cut)};
  }

  /** @param {Voice} one */
  function drop(one) {
    voices = voices.filter((other) => other !== one);
    one.source.onended = null;
    one.source.stop();
    one.gain.disconnect();
  }

  /** Ends a voice at a time of this phone, or at once; one that fades already goes on doing so.
   * @param {Voice} one @param {number} cut @param {number} [fade] */
  function breakOff(one, cut, fade = one.fade) {
    const t = now();
    if (cut === one.cut || (one.cut <= t && cut <= t)) return;
    one.cut = cut;
    one.fade = fade;
    const from = one.gain.gain, soonest = Math.max(context.currentTime, one.whole);
    // The soft start stays, else a tone that comes late begins with a click.
    from.cancelScheduledValues(one.whole && one.whole + 0.001);
    if (cut === Infinity) {
      from.setValueAtTime(1, soonest);
      // A stop that was set cannot be taken back, but it can be put off.
      one.source.stop(context.currentTime + 60);
      return;
    }
    const at = Math.max(soonest, outputClock.toContext(cut));
    from.setValueAtTime(1, at);
    from.linearRampToValueAtTime(0, at + fade);
    one.source.stop(at + fade + 0.01);
  }

  /** By the clocks of both, the shared one and the sound's. @param {Voice} one @param {number} at @param {number} t */
  function hasMoved(one, at, t) {
    const by = Math.abs(outputClock.toContext(at) - one.when) * 1000;
    return by > (one.at - t > EARLY_MS ? MOVED_EARLY_MS : MOVED_MS);
  }

  return {
    /**
     * Makes what is scheduled be what is due. To be called again and again, a few times a second.
     * @param {Due[]} list
     */
    follow(list) {
      const t = now();
      const open = new Set(list);
      for (const one of [...voices]) {
        if (one.key.startsWith("once:")) continue;
        const mine = nearest(list, open, one);
        if (mine) open.delete(mine);
        const begun = one.from <= t + FIXED_MS;
        if (!mine) {
          if (begun) breakOff(one, t); else drop(one);
        } else if (!begun && hasMoved(one, mine.at, t)) {
          drop(one);
          open.add(mine);
        } else {
          breakOff(one, mine.cut, mine.fade);
        }
      }
      for (const each of open) this.place(each);
    },

    /** @param {Due} each */
    place({event, at, cut, fade, late = MISSED_MS}) {
      const round = `${event.key}@${Math.round(at / SAME_MS)}`;
      if (missed.has(round) || cut <= at) return;
      const sound = buffer(event.sound);
      const one = sound && begin(event.key, sound, at, event.voice ? lead() : 0, late, event.voice ? buses.voice : buses.out);
      if (one) {
        voices.push(one);
        if (cut !== Infinity) breakOff(one, cut, fade);
      } else if (now() - at > late) {
        missed.add(round);
        // A cue that was over before this page was there was not missed.
        if (now() - at < SAME_MS) onMissed(event.key);
      }
    },

    /** A line that belongs to no track, once. @param {string} sound @param {number} at */
    once(sound, at) {
      const buffered = buffer(sound);
      const one = buffered && begin(`once:${sound}`, buffered, at, lead(), LATE_LINE_MS, buses.out, true);
      if (one) voices.push(one);
      return Boolean(one);
    },

    /** A line from outside the track ends where everything comes to rest; one that is yet to come is heard. */
    rest() {
      const t = now();
      for (const one of voices) if (one.key.startsWith("once:") && one.at <= t) breakOff(one, t);
    },

    /** Silence, now. What comes after sounds as before. */
    hush() {
      const ended = voices;
      voices = [];
      buses.fade(HUSH_S);
      for (const one of ended) {
        one.source.onended = null;
        one.source.stop(context.currentTime + 2 * HUSH_S);
      }
    },

    /** A tone that belongs to no track, now. @param {string} name */
    tone(name) {
      const sound = buffer(name), at = now(), when = context.currentTime;
      if (sound) voices.push({...start(sound, buses.out, when, 0), key: `once:${name}`, at, from: at, when});
    },

    /** New ways to the loudspeaker; what sounds or is placed is dropped, and placed anew by whoever follows. */
    reroute() {
      for (const one of [...voices]) drop(one);
      buses.renew();
    },

    /** The gain that all of it is meant to have at a moment of the context's clock. @param {number} at */
    expected(at) {
      return expectedLevel(voices.map(placedOf), at);
    },

    /** The sound jumped against the page's time: what has not begun has to be placed by the new one. */
    jumped() {
      const t = now();
      for (const one of [...voices]) if (one.at > t) drop(one);
    },

    setVoice: buses.setVoice,
    setDucked: buses.setDucked,
    setVolume: buses.setVolume,

    /** Tells whether a voice sounds at this moment: then nothing is set anew. */
    get sounding() {
      const t = now();
      return voices.some((one) => one.from <= t && t < Math.min(one.cut, one.from + (one.source.buffer?.duration ?? 0) * 1000));
    },

    /** The scheduled sounds, for tests and for whoever looks into it. */
    get scheduled() {
      return voices.map(({key, at, cut}) => ({key, at, cut}));
    },
  };
}

/** @param {Due[]} list @param {Set<Due>} open @param {Voice} one */
function nearest(list, open, one) {
  /** @type {Due | null} */
  let best = null;
  for (const each of list) {
    if (!open.has(each) || each.event.key !== one.key || Math.abs(each.at - one.at) > SAME_MS) continue;
    if (!best || Math.abs(each.at - one.at) < Math.abs(best.at - one.at)) best = each;
  }
  return best;
}
