/**
 * Brings the sound of two phones in step: by ear, with ticks, or by their microphones. The microphone is open from the tap
 * until the last chirp; what it hears stays in this page's memory until it is worked out, and one number leaves it.
 */

import {BEFORE_FIRST_MS, heardApart, LASTING_MS} from "./chirp.js";
import {chirps, ticks} from "./signals.js";
import {sessionFor} from "../sound/output.js";
import {openMicrophone} from "../../recording/microphone.js";

/** So long this phone waits for the other's microphone, and for what comes of it. */
const PATIENCE_MS = 60_000, ANSWER_MS = 20_000;
/** A microphone may be so late itself. */
const LATE_MS = 400;

/**
 * @typedef {"" | "asking" | "denied" | "waiting" | "alone" | "listening" | "done" | "failed"} Step where hearing each other
 *   is: `waiting` for the other phone, which is `alone` if it never comes; `denied` the microphone
 * @param {{
 *   seat: import("./chirp.js").Seat,
 *   now: () => number,
 *   later: (act: () => void, ms: number) => number,
 *   settle: () => Promise<void>, until this phone's output is known anew: a microphone that opens can move it
 *   clock: {toServer: (ms: number) => number, toLocal: (ms: number) => number},
 *   delay: ReturnType<typeof import("./own-delay.js").createOwnDelay>,
 *   say: (command: object) => Promise<{ok: boolean}>,
 *   onChange: () => void,
 * }} outside
 */
export function createAlignment({seat, now, later, settle, clock, delay, say, onChange}) {
  /** @type {Step} */
  let step = "";
  let ticking = false;
  /** The time at which the circle's first chirp is due on this phone; NaN while none is. */
  let first = NaN;
  /** @type {Awaited<ReturnType<typeof openMicrophone>> | null} */
  let microphone = null;
  /** The time at which the sample before the first one was heard, by the piece that came soonest. */
  let began = NaN, samples = 0;
  /** Raised with every step, so that what was put off for an earlier one does nothing. */
  let turn = 0;

  /** @param {Step} to */
  function go(to) {
    step = to;
    turn += 1;
    if (["denied", "alone", "done", "failed"].includes(to)) close();
    onChange();
  }

  function close() {
    microphone?.close();
    microphone = null;
    first = NaN;
    sessionFor("playback");
  }

  /** @param {() => void} act @param {number} ms */
  function inTurn(act, ms) {
    const mine = turn;
    later(() => { if (turn === mine) act(); }, ms);
  }

  /** @param {Float32Array} piece */
  function onPiece(piece) {
    samples += piece.length;
    const from = now() - (samples * 1000) / (microphone?.rate ?? NaN);
    if (!(from >= began)) began = from;
  }

  /** @param {number} at of the shared clock, in s */
  function listen(at) {
    if (step !== "waiting" || !microphone) return;
    first = clock.toLocal(at * 1000);
    go("listening");
    if (!(first - now() > BEFORE_FIRST_MS)) return give(null);
    samples = 0;
    began = NaN;
    microphone.start();
    inTurn(workOut, first + LASTING_MS + LATE_MS - now());
  }

  async function workOut() {
    if (!microphone) return;
    const {rate} = microphone;
    const heard = await microphone.stop();
    give(heardApart(heard, rate, first - began, seat));
  }

  /** @param {number | null} ms */
  async function give(ms) {
    inTurn(() => go("failed"), ANSWER_MS);
    close();
    const {ok} = await say({type: "heard", ms: ms === null ? null : Math.round(ms * 100) / 100});
    if (!ok && step === "listening") go("failed");
  }

  return {
    /** Ticks on this phone, or no more of them. @param {boolean} on */
    tick(on) {
      ticking = on;
      onChange();
    },

    /** To be called within a tap. */
    async hear() {
      if (["asking", "waiting", "listening"].includes(step)) return;
      ticking = false;
      go("asking");
      sessionFor("play-and-record");
      try {
        microphone = await openMicrophone(onPiece);
      } catch {
        return go("denied");
      }
      go("waiting");
      inTurn(() => {
        go("alone");
        say({type: "ear", on: false});
      }, PATIENCE_MS);
      const waiting = turn;
      await settle();
      if (turn !== waiting) return;
      say({type: "ear", on: true}).then(({ok}) => { if (!ok && step === "waiting") go("failed"); });
    },

    /** Takes in what the room says of it. @param {{type: "chirps", at: number} | {type: "shift", ms: number | null}} message */
    take(message) {
      if (message.type === "chirps") return listen(message.at);
      if (step !== "listening") return;
      if (message.ms) delay.set(delay.ms + message.ms);
      go(message.ms === null ? "failed" : "done");
    },

    /** The exercise begins, or the page is left: no sound of this, and no microphone. */
    stop() {
      if (!ticking && !step) return;
      ticking = false;
      close();
      go("");
    },

    /** The cues that this phone lets be heard. @param {number} t @returns {import("../transport.js").Due[]} */
    due(t) {
      if (step === "listening" && Number.isFinite(first)) return chirps(seat, first);
      return ticking ? ticks(t, clock) : [];
    },

    get ticking() { return ticking; },
    get step() { return step; },
  };
}
