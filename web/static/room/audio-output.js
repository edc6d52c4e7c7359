/**
 * The sound of one phone: an AudioContext that a tap unlocks, the clips of the plan, tones, and the speaker.
 *
 * Before the tap everything is fetched and decoded already; nothing is heard.
 */

import {createClips} from "./clips.js";
import {due} from "./transport.js";
import {createOutputClock} from "../shared/output-clock.js";
import {usualDelayMs} from "../shared/output-reading.js";
import {createSpeaker} from "./scheduler.js";
import {tone} from "./tones.js";

/** How far ahead sounds are scheduled: a page in the background is woken only now and then. */
const AHEAD_MS = 75_000;
/** A line that is spoken once waits so long for its clip. */
const WAIT_MS = 4000;
const AGAIN_MS = 50;
const DECODING_RATE = 48_000;
/** -120 dBFS and steady: no loudspeaker moves by it, and 16 bits do not hold it. */
const INAUDIBLE = 1e-6;

/**
 * @param {{now: () => number, later: (act: () => void, ms: number) => number, onChange: () => void,
 *   onState: () => void, lead: () => number}} outside `onChange`: a clip came; `onState`: sound became possible, or
 *   ceased to be; `lead`: where the first word of a clip begins, in seconds
 */
export function createSound({now, later, onChange, onState, lead}) {
  const clock = createOutputClock({usualMs: usualDelayMs(navigator.userAgent)});
  /** @type {AudioContext | null} */
  let context = null;
  /** Decoding needs no tap. @type {OfflineAudioContext | null} */
  let decoder = null;
  /** @type {ReturnType<typeof createSpeaker> | null} */
  let speaker = null;
  /** @type {Map<string, AudioBuffer>} */
  const tones = new Map();

  const clips = createClips({
    fetch: async (address) => {
      const response = await fetch(new URL(address, location.href));
      if (!response.ok) throw new Error(String(response.status));
      return response.arrayBuffer();
    },
    decode: (data) => (context ?? (decoder ??= new OfflineAudioContext(1, 1, DECODING_RATE))).decodeAudioData(data),
    later,
    onChange,
  });

  /** @param {string} name @returns {AudioBuffer | undefined} */
  function buffer(name) {
    return /^(bell$|check$|in:|out:)/.test(name) ? toneBuffer(name) : clips.get(name);
  }

  /** @param {string} name */
  function toneBuffer(name) {
    const made = tones.get(name);
    if (made || !context) return made;
    const samples = tone(name, context.sampleRate);
    const filled = context.createBuffer(1, samples.length, context.sampleRate);
    filled.copyToChannel(samples, 0);
    tones.set(name, filled);
    return filled;
  }

  function open() {
    // The smallest buffer there is: each one lengthens the way from a tap to silence.
    context = new AudioContext({latencyHint: 0});
    stayAwake(context);
    speaker = createSpeaker({context, bridge: clock, now, buffer, lead});
    context.onstatechange = onState;
    return context;
  }

  /**
   * A browser lets the sound card go after half a minute of zeros, and plays to a clock of its own until something
   * sounds: what was placed by that clock is then heard some 11 ms late. So there is always a little more than zero.
   * @param {AudioContext} context
   */
  function stayAwake(context) {
    const faint = context.createConstantSource();
    faint.offset.value = INAUDIBLE;
    faint.connect(context.destination);
    faint.start();
  }

  function check() {
    if (!context) return;
    const source = context.createBufferSource();
    source.buffer = toneBuffer("check") ?? null;
    source.connect(context.destination);
    source.start();
  }

  return {
    /** To be called within a tap, before anything is awaited: phones ask for that. @param {boolean} isHeard */
    unlock(isHeard) {
      (context ?? open()).resume().then(onState, () => {});
      if (isHeard) check();
    },

    /** The page is back in view. */
    wake() {
      context?.resume().catch(() => {});
    },

    /** Reads the sound's clock. To be called many times a second. */
    read() {
      if (!context || context.state !== "running") return;
      if (clock.read(readingOf(context, now()))) speaker?.jumped();
    },

    /**
     * Schedules what a course lets be heard.
     * @param {import("./transport.js").Event[]} events @param {import("./session.js").Way} way @param {boolean} isHeard
     */
    follow(events, way, isHeard) {
      if (!speaker || context?.state !== "running") return;
      speaker.setVoice(way.voice);
      speaker.follow(isHeard ? due(events, way.local, now(), now() + AHEAD_MS, way.passed_over) : []);
    },

    /** A line that belongs to no track, as soon as its clip is here. @param {string} clip @param {number} at */
    once(clip, at) {
      clips.hurry(clip);
      if (speaker?.once(clip, at) || now() - at > WAIT_MS) return;
      later(() => this.once(clip, at), AGAIN_MS);
    },

    /** Silence within 50 ms. */
    hush() {
      speaker?.hush();
    },

    /** A line from outside the track ends here. */
    rest() {
      speaker?.rest();
    },

    want: clips.want,
    get complete() { return clips.complete; },
    get progress() { return clips.progress; },
    /** Whether a voice sounds right now. */
    get sounding() { return speaker?.sounding ?? false; },
    /** Whether it is known well when a sound will be heard. */
    get steady() { return clock.steady; },
    /** By what it is known: see outputclock.js; null while it is not. */
    get source() { return clock.source; },
    /** Whether anything can be heard at all. */
    get audible() { return context?.state === "running" && !clock.stalled; },
  };
}

/**
 * Everything that a context says of its time at this moment. An older browser lacks some of it, and one was seen to
 * throw. @param {AudioContext} context @param {number} now @returns {import("../shared/output-reading.js").OutputReading}
 */
function readingOf(context, now) {
  const {currentTime, sampleRate, outputLatency, baseLatency} = context;
  const reading = {now, currentTime, sampleRate, outputLatency, baseLatency};
  try {
    return {...reading, ...stampOf(context.getOutputTimestamp())};
  } catch {
    return reading;
  }
}

/** @param {AudioTimestamp} stamp */
function stampOf({contextTime, performanceTime}) {
  return {contextTime, performanceTime};
}
