/**
 * What a therapist can do with an exercise: one table of acts, with their keys and when each is possible. Pure.
 *
 * @typedef {{phase: string, can_resume: boolean, asking: string | null, hold_until: number | null,
 *   phones: Record<string, {here: string, ready: boolean, grounding: boolean}>}} Picture
 * @typedef {{track: string | null, voice: boolean}} Way
 * @typedef {{id: string, key: string, label: string, about: string, command: object,
 *   can: (picture: Picture, way: Way) => boolean}} Act
 */

import {number, t} from "../shared/translate.js";

const UNDER_WAY = ["playing", "paused", "held", "grounding"];
/** @param {Picture} picture */
const isUnderWay = ({phase}) => UNDER_WAY.includes(phase);
/** @param {Picture} picture */
const isMoving = ({phase}) => phase === "playing" || phase === "held";
/** @param {Picture} picture */
const isWith = (picture) => isUnderWay(picture) && picture.phase !== "grounding";

/** @type {Act[]} */
export const ACTS = [
  {id: "start", key: "b", label: t("Begin"), about: t("asks both phones; two yeses begin it"), command: {type: "start"},
    can: ({phase, asking}) => phase === "ready" && !asking},
  {id: "pause", key: "p", label: t("Pause both"), about: t("both fall silent together"), command: {type: "pause"},
    can: isMoving},
  {id: "resume", key: "g", label: t("Go on"), about: t("after a pause of your own"), command: {type: "resume"},
    can: (picture) => isWith(picture) && picture.can_resume},
  {id: "hold", key: "h", label: t("Hold 10 s"), about: t("more silence after the line"), command: {type: "hold", seconds: 10},
    can: isMoving},
  {id: "hold-open", key: "j", label: t("Hold open"), about: t("silence until you release it"),
    command: {type: "hold", seconds: null}, can: isMoving},
  {id: "release", key: "l", label: t("Release"), about: t("the held silence ends"), command: {type: "release"},
    can: ({phase}) => phase === "held"},
  {id: "repeat", key: "r", label: t("Repeat line"), about: t("this line once more, or the last one"),
    command: {type: "repeat"}, can: isWith},
  {id: "skip", key: "k", label: t("To the return"), about: t("skips to the return part"), command: {type: "skip"}, can: isWith},
  {id: "lower", key: "d", label: t("A rung down"), about: t("leaves out looking and reaching"), command: {type: "rung_down"},
    can: isUnderWay},
  {id: "voice", key: "v", label: t("Voice off"), about: t("silences the voice, keeps the pace"), command: {type: "voice"},
    can: isUnderWay},
  {id: "ground-circle", key: "1", label: t("Ground circle"), about: t("grounding on that phone, a pause on the other"),
    command: {type: "ground", who: "circle"}, can: isUnderWay},
  {id: "ground-square", key: "2", label: t("Ground square"), about: t("grounding on that phone, a pause on the other"),
    command: {type: "ground", who: "square"}, can: isUnderWay},
  {id: "ground-both", key: "3", label: t("Ground both"), about: t("grounding on both phones"),
    command: {type: "ground", who: "both"}, can: isUnderWay},
  {id: "close", key: "e", label: t("End gently"), about: t("a close of twenty seconds"), command: {type: "close"},
    can: isUnderWay},
  {id: "stop", key: "X", label: t("Stop"), about: t("ends at once, with no close"), command: {type: "stop"},
    can: (picture) => isUnderWay(picture) || picture.phase === "closing"},
  {id: "again", key: "a", label: t("Again"), about: t("from the beginning, turns swapped"), command: {type: "again"},
    can: ({phase}) => phase === "ended"},
];

/** An act's key, as `aria-keyshortcuts` names it in every language. @param {string} key */
export function shortcut(key) {
  return key === key.toLowerCase() ? key.toUpperCase() : `Shift+${key}`;
}

/** The written form of an act's key. @param {string} key */
export function keyName(key) {
  return key === key.toLowerCase() ? key.toUpperCase() : t("Shift {key}", {key});
}

/**
 * The act of a key, or none: not while typing, not with a modifier, and a letter that asks for Shift only with it.
 * @param {{key: string, shiftKey: boolean, altKey: boolean, ctrlKey: boolean, metaKey: boolean, repeat: boolean}} event
 * @param {boolean} typing
 */
export function actOf(event, typing) {
  if (typing || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return null;
  const key = event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
  return ACTS.find((act) => act.key === key) ?? null;
}

const PHASES = {
  gathering: t("Waiting for both phones"), preparing: t("Getting ready"), ready: t("Both phones are ready"), playing: t("Playing"),
  paused: t("Paused"), held: t("A longer silence"), grounding: t("A pause for both"), closing: t("Ending gently"), ended: t("Over"),
};

/**
 * What is so, in a few words. @param {Picture} picture @param {number} holdLeftS seconds that a silence is held yet
 */
export function phaseWords({phase, asking, can_resume, hold_until}, holdLeftS) {
  if (asking === "start") return t("Both phones are asked");
  if (phase === "held") {
    return hold_until === null ? t("Silence, until you release it") : t("A longer silence, {seconds} s more", {seconds: Math.max(0, Math.ceil(holdLeftS))});
  }
  if (phase === "paused") return can_resume ? t("Paused. You can go on.") : t("Paused. Going on takes a yes from both phones.");
  if (phase === "playing" && asking === "beat") return t("Playing. Both phones are asked.");
  return PHASES[/** @type {keyof typeof PHASES} */ (phase)] ?? "";
}

/** By what a phone times its sound. */
const OUTPUTS = {
  timestamp: t("Sound timed by its output."),
  latency: t("Sound timed by the delay that its browser states."),
  usual: t("Sound timed by a usual delay, since its browser states none."),
};

/** The fault in a phone's sound. */
const FAULTS = {
  waiting: t("No sound: it waits for a tap on the phone."),
  interrupted: t("No sound: something else has it, a call perhaps."),
  stopped: t("No sound: its output has stopped."),
  silent: t("No sound: nothing comes out of it."),
  voice: t("Some of the voice is missing; it is being fetched again."),
};

/** The state of a phone, in words. @param {{here: string, ready: boolean, reasons: string[], clock_ms: number | null,
 *   output?: string, fault?: string | null, grounding: boolean, nearest: string | null}} phone @param {boolean} isBefore */
export function phoneWords({here, ready, reasons, clock_ms, output = "unknown", fault = null, grounding, nearest}, isBefore) {
  /** @type {string[]} */
  const lines = [];
  if (here === "absent") return [t("Nobody has joined here yet.")];
  if (isBefore) lines.push(...(ready ? [t("Ready.")] : reasons));
  else lines.push(here === "away" ? t("Not connected. It goes on by its own plan.") : grounding ? t("With grounding, or quiet.") : t("With the exercise."));
  if (fault) lines.push(FAULTS[/** @type {keyof typeof FAULTS} */ (fault)]);
  if (clock_ms !== null) lines.push(clockWords(clock_ms));
  if (output in OUTPUTS) lines.push(OUTPUTS[/** @type {keyof typeof OUTPUTS} */ (output)]);
  if (nearest === "guarded") lines.push(t("Offered: “My guard is up.”"));
  if (nearest === "heavy") lines.push(t("Offered: “I’d rather disappear.”"));
  return lines;
}

/** @param {number} ms */
function clockWords(ms) {
  const within = {ms: number(ms, ms < 10 ? 1 : 0)};
  return ms <= 2 ? t("Clock good, within {ms} ms.", within)
    : ms <= 8 ? t("Clock fair, within {ms} ms.", within) : t("Clock unsteady, within {ms} ms.", within);
}

/** The line that stands or sounds at `seconds`, and the next one. @param {import("./transport.js").Cue[]} cues
 * @param {number} seconds */
export function linesAt(cues, seconds) {
  const worded = cues.filter(({kind, text}) => text !== null && ["line", "prompt", "hold", "decision"].includes(kind));
  const index = worded.findLastIndex(({start}) => start <= seconds + 0.01);
  return {current: worded[index] ?? null, next: worded[index + 1] ?? null};
}
