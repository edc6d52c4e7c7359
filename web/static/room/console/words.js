/**
 * Words of the console: phase, phones, lines. Pure.
 *
 * @typedef {import("./actions.js").Picture} Picture
 * @typedef {import("./actions.js").Phone} Phone
 */

import {BEFORE} from "./actions.js";
import {number, t} from "../../shared/translate.js";

const PHASES = {
  gathering: t("Waiting for both phones"), preparing: t("Getting ready"), ready: t("Both phones are ready"), playing: t("Playing"),
  paused: t("Paused"), held: t("A longer silence"), grounding: t("A pause for both"), closing: t("Ending gently"), ended: t("Ended"),
};

/**
 * Status in few words. @param {Picture} picture @param {number} holdLeftS seconds that a silence is held yet
 */
export function phaseWords({phase, asking, can_resume, hold_until, phones}, holdLeftS) {
  if (asking === "start") return t("Both phones are asked");
  if (phase === "ready" && Object.values(phones).some(({heard}) => heard === false)) return t("Ready, but not heard yet: “Play a word” on the phone");
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

/** @type {Record<string, string>} */
const STATES = {
  absent: t("Not here yet"), waiting: t("Getting ready"), ready: t("Ready"), playing: t("Playing"), held: t("Playing"),
  paused: t("Paused"), grounding: t("Grounding"), stopped: t("Stopped"), resting: t("Resting"), closing: t("Ending"), ended: t("Ended"),
};

/** True for a phone that is here and has not been let in. @param {Phone} phone */
export function waitsAtDoor({here, admitted = true}) {
  return here !== "absent" && !admitted;
}

/** State of a phone, as the one word of its card; `awayS` is how long it has been away.
 * @param {Phone} phone @param {string} phase @param {number} awayS */
export function cardState(phone, phase, awayS) {
  if (phone.here === "away") return {state: "away", words: awayWords(awayS)};
  if (waitsAtDoor(phone)) return {state: "waiting", words: t("Waits to be let in")};
  const state = stateOf(phone, phase);
  return {state, words: STATES[state]};
}

/** @param {Phone} phone @param {string} phase */
function stateOf({here, ready, grounding, footing}, phase) {
  if (here === "absent") return "absent";
  if (BEFORE.includes(phase)) return ready ? "ready" : "waiting";
  if (phase === "closing" || phase === "ended") return phase;
  if (footing === "quiet") return "stopped";
  if (grounding) return "grounding";
  return phase === "grounding" ? "resting" : phase;
}

/** @param {number} seconds */
function awayWords(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return whole < 120 ? t("Away for {seconds} s", {seconds: whole}) : t("Away for {minutes} min", {minutes: Math.floor(whole / 60)});
}

/** Everything else of a phone, a sentence a line.
 * @param {Phone} phone @param {string} phase @returns {string[]} */
export function phoneWords({here, admitted = true, ready, reasons, clock_ms, output = "unknown", fault = null, footing, nearest, heard, delay_ms, battery, network}, phase) {
  /** @type {string[]} */
  const lines = [];
  const isBefore = BEFORE.includes(phase);
  if (here === "absent") return [t("Nobody has joined here yet.")];
  if (waitsAtDoor({here, admitted})) return [t("It is told nothing of the room until then.")];
  if (isBefore && !ready) lines.push(...reasons);
  if (here === "away" && !isBefore) lines.push(t("Not connected. It goes on by its own plan."));
  if (footing === "quiet") lines.push(t("Stopped there. It goes on only from that phone: “Quiet”, then a yes."));
  if (fault) lines.push(FAULTS[/** @type {keyof typeof FAULTS} */ (fault)]);
  if (isBefore && heard === true) lines.push(t("Heard: its word was understood."));
  if (isBefore && heard === false) lines.push(t("Not heard yet: it waits to play its word."));
  lines.push(...conditionWords({network, battery}));
  if (nearest === "guarded") lines.push(t("Offered: “My guard is up.”"));
  if (nearest === "heavy") lines.push(t("Offered: “I’d rather disappear.”"));
  if (clock_ms !== null) lines.push(clockWords(clock_ms));
  if (delay_ms) lines.push(t("A delay of {ms} ms is made up for.", {ms: number(delay_ms)}));
  else if (output in OUTPUTS) lines.push(OUTPUTS[/** @type {keyof typeof OUTPUTS} */ (output)]);
  return lines;
}

/** @type {Record<string, string>} */
const NETWORKS = {good: t("Network good."), fair: t("Network fair."), poor: t("Network poor.")};

/** Network and battery in one line. @param {Partial<Phone>} phone */
function conditionWords({network, battery}) {
  const words = [network ? NETWORKS[network] : "", typeof battery === "number" ? t("Battery {percent} %.", {percent: battery}) : ""];
  const line = words.filter(Boolean).join(" ");
  return line ? [line] : [];
}

/** @param {number} ms */
function clockWords(ms) {
  const within = {ms: number(ms, ms < 10 ? 1 : 0)};
  return ms <= 2 ? t("Clock good, within {ms} ms.", within)
    : ms <= 8 ? t("Clock fair, within {ms} ms.", within) : t("Clock unsteady, within {ms} ms.", within);
}

/** The line that stands or sounds at `seconds`, and the next one. @param {import("../transport.js").Cue[]} cues
 * @param {number} seconds */
export function linesAt(cues, seconds) {
  const worded = cues.filter(({kind, text}) => text !== null && ["line", "prompt", "hold", "decision"].includes(kind));
  const index = worded.findLastIndex(({start}) => start <= seconds + 0.01);
  return {current: worded[index] ?? null, next: worded[index + 1] ?? null};
}
