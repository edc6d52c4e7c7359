/**
 * A phone's part in a room, without a page: connection, shared clock, sound and the plan, put together.
 *
 * A course holds from the moment that this phone can place it on its own clock, and until the next one does: without
 * a server the exercise goes on from here. What was placed is placed anew only in the silence between voices.
 */

import {createAlignment} from "./alignment/alignment.js";
import {createBackoff} from "./backoff.js";
import {createClock} from "./server-clock.js";
import {eventsOf, placed, positionAt} from "./transport.js";
import {createLink} from "./connection.js";
import {createOwnDelay} from "./alignment/own-delay.js";
import {ledPhase, placedBreath} from "./led-breath.js";
import {createSound} from "./sound/audio-output.js";
import {createBattery, networkOf} from "./phone-condition.js";

const TICK_MS = 200;
/** The sound's clock is read more often, so that a sound that ran dry is known before the next line. */
const READ_MS = 50;
/** Away so long, a page comes back as if it had slept. */
const SLEPT_MS = 4000;
const REPORT_MS = 5000;
/** Clocks that were steady so lately are still good enough to begin by; else one slow answer closes a question. */
const STEADY_MS = 4000;
/** An output that has not come to rest by then will not. */
const SETTLING_MS = 20_000;
/** A phone that begins grounding with no network begins it this soon. */
const SOON_MS = 300;
/** Long enough for what a room says together to have come. */
const TOLD_MS = 60;
/** The guide's own line comes when what was stopped has faded. */
const AFTER_HUSH_MS = 250;

/**
 * @typedef {import("./transport.js").Vector} Vector
 * @typedef {{rev: number, track: string | null, vectors: Vector[], voice: boolean, ducked?: boolean, speaks: boolean,
 *   passed_over: [number, number][], breath?: import("./led-breath.js").Told | null}} Course
 * @typedef {Course & {local: Vector[], led: import("./led-breath.js").Breath | null}} Way a course with its vectors, and the
 *   breath that is led, on this phone's clock
 * @typedef {{
 *   hello?: () => {nearest: string | null, let_see: boolean},
 *   isPartner: boolean,
 *   seat?: import("./alignment/chirp.js").Seat,
 *   isSettled?: () => boolean,
 *   isHeard?: () => boolean | null,
 *   onState: (state: import("./connection.js").LinkState) => void,
 *   onPicture: (picture: any) => void,
 *   onPlan: (plan: any) => void,
 *   onWay: (way: Way) => void,
 *   onLine: (line: {words: string, at: number, until: number}) => void,
 *   onTouched?: (held: boolean) => void,
 *   onFacts: () => void,
 *   onRefused: (words: string, code: string) => void,
 *   onClosed: (words: string) => void,
 * }} Hooks
 */

/** @param {Hooks} hooks */
export function createSession(hooks) {
  const now = () => performance.now();
  /** @param {() => void} act @param {number} ms */
  const later = (act, ms) => window.setTimeout(act, ms);
  const clock = createClock();
  /** @type {any} */
  let plan = null;
  /** @type {Record<string, import("./transport.js").Event[]>} */
  let events = {};
  /** The last course that came, and the clock that it speaks of (null until that is known).
   * @type {{course: Course, connection: number, epoch: string | null} | null} */
  let heard = null;
  let isPlaced = true;
  /** Every clip of the plan. @type {string[]} */
  let spoken = [];
  /** @type {Way} */
  let way = {rev: 0, track: null, vectors: [], voice: true, speaks: false, passed_over: [], local: [], led: null};
  /** This phone stopped by itself; no course counts until the room has taken note of it. */
  let stopped = false;
  let stopTold = true;
  /** Grounding that was begun without the room; it keeps to its own beginning. */
  let isOwn = false;
  let groundTold = true;
  let listening = false;
  let hiddenAt = 0;
  let reported = "";
  let reportedAt = 0;
  let steadyAt = -Infinity;
  const delay = createOwnDelay(() => localStorage);
  const sound = createSound({
    now, later,
    delay: () => delay.ms,
    lead: () => plan?.lead ?? 0,
    onChange() {
      report();
      hooks.onFacts();
    },
    onState() {
      tick();
      hooks.onFacts();
    },
  });

  const battery = hooks.isPartner ? createBattery(() => report()) : null;
  const link = createLink({
    open: () => {
      const address = new URL("socket", location.href);
      address.protocol = address.protocol.replace("http", "ws");
      address.hash = "";
      return new WebSocket(address);
    },
    now, later,
    cancel: (timer) => window.clearTimeout(timer),
    clock,
    backoff: createBackoff(Math.random),
    hello: () => ({plan: plan?.plan ?? 0, nearest: null, let_see: false, ...hooks.hello?.()}),
    isGone: async () => {
      // A page without a seat is sent away; one that cannot reach the server learns nothing.
      const page = {method: "HEAD", cache: "no-store", redirect: "manual"};
      const answer = await fetch(location.pathname, /** @type {RequestInit} */ (page)).catch(() => null);
      return answer !== null && (answer.type === "opaqueredirect" || [401, 403, 404, 410].includes(answer.status));
    },
    onState(state) {
      reported = "";
      hooks.onState(state);
    },
    onMessage: take,
    onRefused: hooks.onRefused,
    onClosed(words) {
      silence(); // a room that is over, or that another page has, is not heard here
      hooks.onClosed(words);
    },
  });

  const alignment = createAlignment({
    seat: hooks.seat ?? "circle",
    now, later, clock, delay,
    settle: () => new Promise((settled) => {
      const began = now();
      const look = () => { if (sound.steady || now() - began > SETTLING_MS) settled(); else later(look, TICK_MS); };
      sound.readAnew();
      look();
    }),
    say: link.say,
    onChange() {
      follow();
      hooks.onFacts();
    },
  });

  /** Nothing more of the exercise is heard on this phone. */
  function silence() {
    sound.hush();
    stopped = true;
    way = {...way, track: null, local: [], led: null};
  }

  // ---- what the room says ----

  /** @param {any} message */
  function take(message) {
    switch (message.type) {
      case "room": case "console":
        if (["paused", "grounding", "closing", "ended"].includes(message.phase)) sound.rest();
        return hooks.onPicture(message);
      case "plan": return takePlan(message);
      case "course": return takeCourse(message);
      case "guide": return sayOnce(message.words, message.at, plan?.guide[message.key], 0, true);
      case "chirps": case "shift": return alignment.take(message);
      case "touched": return hooks.onTouched?.(message.held);
      case "line": return sayOnce(message.words, message.at, message.clip, message.seconds);
    }
  }

  /** @param {any} message */
  function takePlan(message) {
    if (plan && message.plan < plan.plan) return;
    plan = message;
    events = {};
    /** @type {string[]} */
    const addresses = [];
    for (const [name, track] of Object.entries(plan.tracks)) {
      events[name] = eventsOf(/** @type {any} */ (track), name);
      for (const event of events[name]) if (event.voice) addresses.push(event.sound);
    }
    addresses.push(.../** @type {string[]} */ (Object.values(plan.guide)));
    if (plan.speaks) addresses.push(...(plan.check ?? []).map((/** @type {{clip: string}} */ word) => word.clip));
    spoken = addresses;
    // A console that does not listen along has no use for sound.
    if (hooks.isPartner || listening) sound.want(spoken, plan.clips);
    hooks.onPlan(plan);
    report();
  }

  /** @param {Course} course */
  function takeCourse(course) {
    if (heard && heard.connection === link.connection && course.rev < heard.course.rev) return;
    if (stopped || isOwn) {
      // Until the room knows, its course is from before; and what was stopped by hand goes on by hand alone.
      if (!stopTold || !groundTold || course.track === "main") return;
      stopped = false;
    }
    heard = {course, connection: link.connection, epoch: null};
    isPlaced = false;
    place();
  }

  /** Puts the course on this phone's clock, if that is known well enough to do so. */
  function place() {
    if (!heard || stopped) return;
    const {course} = heard;
    if (isOwn && course.track === "grounding") return void (isPlaced = true);
    if (course.vectors.length) {
      // On another server's clock these times mean nothing; what is placed goes on as it is.
      if (heard.epoch === null && heard.connection === link.connection) heard.epoch = link.epoch;
      if (heard.epoch === null || heard.epoch !== link.epoch) return;
      if (isPlaced && (sound.sounding || !clock.quality(now()).steady)) return;
    }
    const local = placed(course.vectors, clock.toLocal);
    if (!local) return;
    isOwn = false;
    const isNews = !isPlaced;
    isPlaced = true;
    way = {...course, local, led: placedBreath(course.breath, clock.toLocal)};
    if (isNews) {
      hooks.onWay(way);
      follow();
    }
  }

  /** @param {string} words @param {number} at of the shared clock @param {string | null | undefined} clip
   * @param {number} seconds @param {boolean} [isGuide] */
  function sayOnce(words, at, clip, seconds, isGuide = false) {
    if (stopped || isOwn) return;
    const t = clock.toLocal(at * 1000);
    const begins = Number.isFinite(t) ? Math.max(t, now()) : now();
    const lasts = Math.max(seconds, words.split(" ").length * 0.5);
    hooks.onLine({words, at: begins, until: begins + lasts * 1000});
    const speak = () => { if (clip && !stopped && (way.speaks || listening)) sound.once(clip, begins); };
    // The course that says whether this phone speaks from now on comes right after the guide's line.
    if (isGuide) later(speak, TOLD_MS); else speak();
  }

  // ---- what is heard, and what the room is told ----

  function follow() {
    const isHeard = !stopped && way.track !== null && (way.speaks || listening);
    if (way.track !== null) alignment.stop();
    sound.follow(events[way.track ?? ""] ?? [], way, isHeard, alignment.due(now()), Boolean(way.ducked) && link.isIn);
  }

  function tick() {
    place();
    follow();
    report();
  }

  /** Tells the room how this phone is, when that has changed. */
  function report() {
    if (!hooks.isPartner || !link.isIn) return;
    const facts = session.facts;
    const {clock_ms: ms, ...rest} = facts;
    const key = JSON.stringify(rest);
    if (key === reported && (now() - reportedAt < REPORT_MS || ms === null)) return;
    reported = key;
    reportedAt = now();
    link.report({type: "facts", ...facts});
    hooks.onFacts();
  }

  function comeBack() {
    if (document.hidden) {
      hiddenAt = now();
      return;
    }
    sound.wake();
    if (now() - hiddenAt > SLEPT_MS) link.refresh();
    tick();
    hooks.onFacts();
  }

  const session = {
    begin() {
      link.connect();
      window.setInterval(tick, TICK_MS);
      window.setInterval(sound.read, READ_MS);
      document.addEventListener("visibilitychange", comeBack);
      addEventListener("online", () => link.refresh());
      addEventListener("pageshow", (event) => { if (event.persisted) link.refresh(); });
    },

    /** To be called within a tap, before anything is awaited. With a short check tone, if it is to be heard.
     * @param {boolean} isHeard */
    unlock(isHeard) {
      sound.unlock(isHeard);
    },

    say: link.say,
    sayNow: link.sayNow,
    report,

    /** Silence on this phone, at once and before any network; then the room is told. @param {object} command */
    stop(command) {
      silence();
      stopTold = false;
      isOwn = false;
      return link.say(command).then((reply) => {
        stopTold = true;
        heard = null; // it is from before
        return reply;
      });
    },

    /** The person of this phone is ready to go on: it follows the room again. */
    follow() {
      if (stopTold && groundTold) stopped = isOwn = false;
    },

    /** The guide's own line for this phone. @param {string} key */
    speakHere(key) {
      const clip = plan?.guide[key];
      if (clip && plan.speaks) later(() => sound.once(clip, now() + 20), AFTER_HUSH_MS);
    },

    /** A finger rests on this phone, or does no more. @param {boolean} held */
    touch(held) {
      link.report({type: "touch", held});
    },

    /** A low tone, now: somebody touches the other phone. */
    toneOfTouch() {
      if (!stopped) sound.tone("touch");
    },

    /** A word by which it is found out whether this phone is heard, now. @param {string} clip */
    playWord(clip) {
      sound.once(clip, now() + 20);
    },

    /** Begins the grounding exercise on this phone. The room is told; where it is away, it begins all the same. */
    ground() {
      const said = link.say({type: "footing", to: "grounding"});
      if (link.isIn || !plan) return said;
      isOwn = true;
      stopped = groundTold = false;
      said.then(() => { groundTold = true; });
      way = {
        ...way, track: "grounding", voice: true, speaks: true, passed_over: [], led: null,
        local: [{position: 0, velocity: 1, at: now() + SOON_MS}],
      };
      hooks.onWay(way);
      follow();
      return said;
    },

    /** Hear what the phones play. @param {boolean} on */
    listen(on) {
      listening = on;
      if (on) {
        sound.unlock(false);
        sound.want(spoken, []);
      }
      follow();
    },

    alignment, delay,
    get way() { return way; },
    get plan() { return plan; },
    get stopped() { return stopped; },
    get link() { return link.state; },
    /** Tells whether sound can be heard at all: it needs a tap. */
    get audible() { return sound.audible; },
    /** The fault in this phone's sound: see output-guard.js. */
    get fault() { return sound.fault; },
    hush: sound.hush,
    get progress() { return sound.progress; },

    /** Seconds of the track at a time of this phone; null while there is none. @param {number} t */
    position(t) {
      return way.track && way.local.length ? positionAt(way.local, t) : null;
    },

    /** The phase of the breath that the therapist leads, at a time of this phone; null while nobody does. @param {number} t */
    ledPhase(t) {
      return ledPhase(way.led, t);
    },

    /** This phone's time of the shared clock's second. @param {number} at */
    toLocal(at) {
      return clock.toLocal(at * 1000);
    },

    get facts() {
      const t = now();
      const quality = clock.quality(t), {steady, uncertaintyMs} = quality;
      if (steady && sound.steady) steadyAt = t;
      return {
        plan: plan?.plan ?? 0,
        // A phone that still asks its person something is not ready: its plan may change with the answer, and a
        // question to both that broke off just then would tell the other.
        sound: sound.audible && (hooks.isSettled?.() ?? true),
        clips: plan !== null && sound.complete,
        clock: t - steadyAt < STEADY_MS,
        output: sound.source ?? "unknown",
        fault: sound.fault,
        heard: plan?.check?.length ? hooks.isHeard?.() ?? null : null,
        delay_ms: delay.ms,
        battery: battery?.charge ?? null,
        network: networkOf(quality),
        clock_ms: Number.isFinite(uncertaintyMs) ? Math.round(uncertaintyMs * 10) / 10 : null,
      };
    },
  };
  return session;
}
