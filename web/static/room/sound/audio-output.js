/**
 * The sound of one phone: an output that a tap unlocks, the clips of the plan, tones, and the scheduler; and a guard that
 * hears whether what should sound does.
 *
 * Before the tap everything is fetched and decoded already; nothing is heard.
 */

import {createClips} from "./clips.js";
import {due} from "../transport.js";
import {givenWay, ledTones} from "../led-breath.js";
import {createOutput} from "./output.js";
import {createOutputGuard} from "./output-guard.js";
import {createScheduler} from "./scheduler.js";
import {tone} from "./tones.js";

/** Seconds ahead at which sounds are scheduled: a page in the background is woken only now and then. */
const AHEAD_MS = 75_000;
/** A line that is spoken once waits so long for its clip. */
const WAIT_MS = 4000;
const AGAIN_MS = 50;
/** A line that is due so soon and is not here is lacking. */
const LACKING_MS = 200;
/** Tones kept in memory, of some megabyte each. */
const MOST_TONES = 24;
/** Two taps so close together are for the same trouble. */
const RETAP_MS = 15_000;

/**
 * @param {{now: () => number, later: (act: () => void, ms: number) => number, onChange: () => void,
 *   onState: () => void, lead: () => number, delay: () => number}} outside `onChange`: a clip came; `onState`: sound became possible, or
 *   ceased to be, or a fault of it came or went; `lead`: where the first word of a clip begins, in seconds; `delay`: by how
 *   much later than its browser says this phone is heard, in ms
 */
export function createSound({now, later, onChange, onState, lead, delay}) {
  const output = createOutput({now, onState, delay});
  const guard = createOutputGuard();
  /** @type {ReturnType<typeof createScheduler> | null} */
  let scheduler = null;
  /** @type {Map<string, AudioBuffer>} */
  const tones = new Map();
  let lacking = false;
  let tappedAt = -Infinity;

  const clips = createClips({
    fetch: async (address, afresh) => {
      const response = await fetch(new URL(address, location.href), {cache: afresh ? "reload" : "default"});
      if (!response.ok) throw new Error(String(response.status));
      return response.arrayBuffer();
    },
    decode: output.decode,
    later,
    onChange,
  });

  /** @param {string} name @returns {AudioBuffer | undefined} */
  function buffer(name) {
    return /^(bell$|check$|tick$|touch$|chirp:|in:|out:)/.test(name) ? toneBuffer(name) : clips.get(name);
  }

  /** @param {string} name */
  function toneBuffer(name) {
    const {context} = output, made = tones.get(name);
    if (made?.sampleRate === context?.sampleRate || !context) return made;
    const samples = tone(name, context.sampleRate);
    const filled = context.createBuffer(1, samples.length, context.sampleRate);
    filled.copyToChannel(samples, 0);
    // A hand makes a new length with each tap.
    if (tones.size >= MOST_TONES) tones.delete([...tones.keys()][0]);
    tones.set(name, filled);
    return filled;
  }

  function open() {
    const {context, input} = output.open();
    scheduler = createScheduler({context, input, outputClock: output, now, buffer, lead});
    guard.opened(now());
    output.resume();
  }

  const mend = {
    resume: output.resume,
    rebuild: open,
    reroute: () => scheduler?.reroute(),
    redecode() {
      clips.again();
      scheduler?.reroute();
    },
  };

  /** @param {number} t @param {import("../transport.js").Event[]} events @param {import("../session.js").Way} way */
  function heardAt(t, events, way) {
    const own = due(events, way.local, t, t + AHEAD_MS, way.passed_over);
    return [...givenWay(own, way.led), ...ledTones(way.led, t, t + AHEAD_MS)];
  }

  /** Looks whether what should sound does, and mends what can be mended without a tap. */
  function look() {
    const {context, state, clock} = output, before = guard.fault;
    const expected = context && scheduler ? scheduler.expected(context.currentTime) : 0;
    const seen = {now: now(), state, stalled: clock.stalled, ran: clock.ran, expected, heard: output.level, lacking: lacking || clips.failing};
    const {fault, act} = guard.look(seen);
    if (act) mend[act]();
    if (fault !== before) onState();
  }

  return {
    /** To be called within a tap, before anything is awaited: phones ask for that. @param {boolean} isHeard */
    unlock(isHeard) {
      const {state} = output, t = now();
      const isBroken = state === "none" || state === "closed" || (state === "running" && guard.fault !== null);
      // A context that a tap did not wake will not wake by another one.
      if (isBroken || t - tappedAt < RETAP_MS) open(); else output.resume();
      guard.opened(t);
      tappedAt = t;
      if (isHeard) scheduler?.tone("check");
    },

    /** The page is back in view. */
    wake() {
      output.resume();
    },

    /** Reads the sound's clock, and listens. To be called many times a second. */
    read() {
      if (output.read()) scheduler?.jumped();
      look();
    },

    /** Forgets what was read of the sound's clock, where the device may have changed without a jump. */
    readAnew: output.readAnew,

    /**
     * Schedules what a course lets be heard.
     * @param {import("../transport.js").Event[]} events @param {import("../session.js").Way} way @param {boolean} isHeard
     * @param {import("../transport.js").Due[]} signals what is heard besides
     */
    follow(events, way, isHeard, signals, isDucked = false) {
      lacking = false;
      if (!scheduler || output.state !== "running") return;
      scheduler.setVoice(way.voice);
      scheduler.setDucked(isDucked);
      const list = isHeard ? heardAt(now(), events, way) : [];
      scheduler.follow([...list, ...signals]);
      lacking = list.some(({event, at}) => event.voice && way.voice && Math.abs(at - now()) < LACKING_MS && !clips.get(event.sound));
    },

    /** A line that belongs to no track, as soon as its clip is here. @param {string} clip @param {number} at */
    once(clip, at) {
      clips.hurry(clip);
      if (scheduler?.once(clip, at) || now() - at > WAIT_MS) return;
      later(() => this.once(clip, at), AGAIN_MS);
    },

    /** A tone, now. @param {string} name */
    tone(name) {
      if (output.state === "running") scheduler?.tone(name);
    },

    /** Silence within 50 ms. */
    hush() {
      scheduler?.hush();
    },

    /** A line from outside the track ends here. */
    rest() {
      scheduler?.rest();
    },

    want: clips.want,
    get complete() { return clips.complete; },
    get progress() { return clips.progress; },
    /** Tells whether a voice sounds right now. */
    get sounding() { return scheduler?.sounding ?? false; },
    /** Tells whether it is known well when a sound will be heard. */
    get steady() { return output.clock.steady; },
    /** By what it is known: see output-clock.js; null while it is not. */
    get source() { return output.clock.source; },
    /** The fault in this phone's sound, or nothing. */
    get fault() { return guard.fault; },
    /** Tells whether anything can be heard at all. */
    get audible() { return output.state === "running" && (guard.fault === null || guard.fault === "voice"); },
  };
}
