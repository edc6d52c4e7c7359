/**
 * The output of one phone: an AudioContext, the analyser that all sound passes through, and the context's clock.
 *
 * A context is replaced where it cannot be mended, and the old one closed first: WebKit has few of them at a time. No
 * promise of a context is waited for, since without a tap `resume()` never settles there.
 */

import {rms} from "./loudness.js";
import {createOutputClock} from "../../shared/output-clock/output-clock.js";
import {outputDelays} from "../../shared/output-clock/platforms.js";

/** -120 dBFS and steady: no loudspeaker moves by it, and 16 bits do not hold it. */
const INAUDIBLE = 1e-6;
const LISTEN_SAMPLES = 2048;
const DECODING_RATE = 48_000;
/** Decoding that takes longer will not come to an end. */
const DECODING_MS = 15_000;
/** The peak below which a clip counts as not decoded. */
const EMPTY = 1e-4;

/** @param {{now: () => number, onState: () => void, delay: () => number}} outside `delay`: by how much later than its
 * clock says it is heard, in ms */
export function createOutput({now, onState, delay}) {
  /** @type {AudioContext | null} */
  let context = null;
  /** @type {AnalyserNode | null} */
  let monitor = null;
  let clock = newClock();
  /** Its device is gone, and it will not begin again. */
  let failed = false;
  const heard = new Float32Array(LISTEN_SAMPLES);
  /** Decoding needs no tap. @type {OfflineAudioContext | null} */
  let decoder = null;

  function newClock() {
    return createOutputClock(outputDelays(navigator.userAgent));
  }

  return {
    /** A new context, instead of the old one. Within a tap it can sound at once. */
    open() {
      if (context) context.onstatechange = null;
      context?.close().catch(() => {});
      sessionFor("playback");
      // The smallest buffer there is: each one lengthens the way from a tap to silence.
      const opened = new AudioContext({latencyHint: 0});
      monitor = opened.createAnalyser();
      monitor.fftSize = LISTEN_SAMPLES;
      monitor.connect(opened.destination);
      stayAwake(opened, monitor);
      opened.onstatechange = onState;
      failed = false;
      opened.addEventListener("error", () => {
        failed ||= opened === context;
        onState();
      });
      clock = newClock();
      context = opened;
      return {context: opened, input: monitor};
    },

    resume() {
      context?.resume().then(onState, () => {});
    },

    /** Takes a reading of the clock; true if it jumped against the page's. */
    read() {
      return context?.state === "running" && !failed && clock.read(readingOf(context, now));
    },

    /** Begins to read the clock anew. */
    readAnew() {
      clock = newClock();
    },

    /** The level of what was rendered just now. */
    get level() {
      monitor?.getFloatTimeDomainData(heard);
      return rms(heard);
    },

    /** Sound from a file's bytes, or an error if there is none in them. @param {ArrayBuffer} data */
    async decode(data) {
      const by = context && context.state !== "closed" ? context : (decoder ??= new OfflineAudioContext(1, 1, DECODING_RATE));
      const sound = await decoded(by, data);
      if (!sound.length || sound.getChannelData(0).every((sample) => Math.abs(sample) < EMPTY)) throw new Error("empty");
      return sound;
    },

    /** The context's seconds that are heard at this time of the page. @param {number} performanceMs */
    toContext: (performanceMs) => clock.toContext(performanceMs - delay()),
    get context() { return context; },
    get state() { return /** @type {string} */ (failed ? "closed" : context?.state ?? "none"); },
    get clock() { return clock; },
  };
}

/** By promise where there are such, else by callbacks. @param {BaseAudioContext} context @param {ArrayBuffer} data
 * @returns {Promise<AudioBuffer>} */
function decoded(context, data) {
  return new Promise((resolve, reject) => {
    setTimeout(reject, DECODING_MS, new Error("not decoded in time"));
    context.decodeAudioData(data, resolve, reject)?.then(resolve, reject);
  });
}

/**
 * A browser lets the sound card go after half a minute of zeros, and plays to a clock of its own until something
 * sounds: what was placed by that clock is then heard some 11 ms late. So there is always a little more than zero.
 * @param {AudioContext} context @param {AudioNode} to
 */
function stayAwake(context, to) {
  const faint = context.createConstantSource();
  faint.offset.value = INAUDIBLE;
  faint.connect(to);
  faint.start();
}

/**
 * Kind of sound that an iPhone takes the page's sound for. As "playback" it is heard though the mute switch is set, and
 * when the page is out of view. @param {"playback" | "play-and-record"} type
 */
export function sessionFor(type) {
  const session = /** @type {any} */ (navigator).audioSession;
  try {
    if (session) session.type = type;
  } catch {
    // A browser that knows the session and not the type goes by its own.
  }
}

/**
 * Everything that a context says of its time at this moment. An older browser lacks some of it, and one was seen to
 * throw. @param {AudioContext} context @param {() => number} now @returns {import("../../shared/output-clock/readings.js").OutputReading}
 */
function readingOf(context, now) {
  const {currentTime, sampleRate, outputLatency, baseLatency} = context;
  // The page's time comes second: where something comes between, the context seems to be behind, and never ahead.
  const reading = {now: now(), currentTime, sampleRate, outputLatency, baseLatency};
  try {
    const {contextTime, performanceTime} = context.getOutputTimestamp();
    return {...reading, contextTime, performanceTime};
  } catch {
    return reading;
  }
}
