/**
 * Pedals, MIDI and taps by the act that they were learned for; on this device alone. Storage is passed in.
 *
 * A signal is written `key:PageDown` (the key's place), `midi:note:60`, `midi:cc:64` or `taps:2`. One signal has one act.
 */

import {number, t} from "../../../shared/translate.js";

const KEY = "still-here:pedals";
/** Acts that can be done without a hand: ids of the table of acts. */
export const HANDS_FREE = ["hold-open", "release", "skip", "pause", "tap"];
const SIGNAL = /^(key:[A-Za-z0-9]{1,24}|midi:(note|cc):\d{1,3}|taps:2)$/;
/** Keys that keep their meaning: grounding, and the way through the page. */
const TAKEN = ["Escape", "Tab", "ShiftLeft", "ShiftRight", "ControlLeft", "ControlRight", "AltLeft", "AltRight", "MetaLeft", "MetaRight"];

/** Signal of a key; null for one that keeps its meaning. @param {{code: string, key: string}} event */
export function keySignal({code, key}) {
  const name = code || key;
  return TAKEN.includes(name) || !SIGNAL.test(`key:${name}`) ? null : `key:${name}`;
}

/** Signal of a MIDI message: a note that begins, or a controller that comes to its upper half.
 * @param {ArrayLike<number>} data */
export function midiSignal(data) {
  const [status = 0, first = 0, second = 0] = Array.from(data);
  const kind = status & 0xf0;
  if (kind === 0x90 && second > 0) return `midi:note:${first}`;
  if (kind === 0xb0 && second >= 64) return `midi:cc:${first}`;
  return null;
}

/** @param {string} signal */
export function signalWords(signal) {
  const [kind, name, value] = signal.split(":");
  if (kind === "taps") return t("Two taps");
  if (kind === "key") return t("Key {name}", {name: name.replace(/^(Key|Digit)/, "")});
  const values = {number: number(Number(value))};
  return name === "note" ? t("MIDI note {number}", values) : t("MIDI controller {number}", values);
}

/** @param {() => Pick<Storage, "getItem" | "setItem">} storage which a browser may refuse */
export function createBindings(storage) {
  /** @type {Record<string, string>} */
  let bound = read();

  function read() {
    try {
      const kept = Object.entries(JSON.parse(storage().getItem(KEY) ?? "{}") ?? {});
      return Object.fromEntries(kept.filter(([act, signal]) => HANDS_FREE.includes(act) && SIGNAL.test(String(signal))));
    } catch {
      return {};
    }
  }

  function keep() {
    try {
      storage().setItem(KEY, JSON.stringify(bound));
    } catch {
      // A private window may refuse; it holds for this page then.
    }
  }

  return {
    /** @param {string} act */
    signalOf: (act) => bound[act] ?? null,

    /** @param {string} signal */
    actOf: (signal) => Object.keys(bound).find((act) => bound[act] === signal) ?? null,

    /** @param {string} act @param {string | null} signal null forgets it */
    set(act, signal) {
      const rest = Object.entries(bound).filter(([other, had]) => other !== act && had !== signal);
      bound = Object.fromEntries(signal ? [...rest, [act, signal]] : rest);
      keep();
    },
  };
}
