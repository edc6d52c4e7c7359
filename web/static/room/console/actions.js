/**
 * Acts of a therapist: one table with their keys, and for each why it can't be used now. Pure.
 *
 * @typedef {{here: string, ready: boolean, reasons: string[], clock_ms: number | null, grounding: boolean,
 *   nearest: string | null, admitted?: boolean, output?: string, fault?: string | null, footing?: string, away_since?: number | null, heard?: boolean | null,
 *   delay_ms?: number | null, battery?: number | null, network?: string | null}} Phone
 * @typedef {{phase: string, can_resume: boolean, canUndo?: boolean, asking: string | null, hold_until: number | null, tap?: string | null,
 *   phones: Record<string, Phone>}} Picture
 * @typedef {{track: string | null, voice: boolean}} Way
 * @typedef {"start" | "silence" | "line" | "grounding" | "ending"} Group
 * @typedef {{id: string, key: string, group: Group, label: string, about: string, command: object,
 *   why: (picture: Picture, way: Way) => string}} Act `why` is empty where the act can be used
 */

import {t} from "../../shared/translate.js";

/** Reasons in the words of the room itself (`REFUSALS` of server/rooms/core/protocol/sentences.py), by the same codes. */
export const REASONS = {
  already_started: t("The exercise has started. This can be changed before the next one."),
  unheard: t("A phone that speaks has not been heard yet. Let it play its word, or start anyway."),
  not_started: t("This works once the exercise has started."),
  not_playing: t("This works while the exercise is playing."),
  not_held: t("No silence is being held."),
  not_paused: t("Nothing is paused."),
  too_late: t("That can’t be taken back any more."),
  not_ended: t("This works once the exercise is over."),
  needs_both: t("Going on takes a yes from both phones."),
  stopped_by_hand: t("That phone was stopped by hand. Grounding can be begun on it, by hand."),
};
const SEATS = {circle: t("Circle"), square: t("Square")};

export const BEFORE = ["gathering", "preparing", "ready"];
const UNDER_WAY = ["playing", "paused", "held", "grounding"];

/** @param {Picture} picture */
const notUnderWay = ({phase}) => (UNDER_WAY.includes(phase) ? "" : REASONS.not_started);
/** @param {Picture} picture */
const notMoving = (picture) => notUnderWay(picture) || (["playing", "held"].includes(picture.phase) ? "" : REASONS.not_playing);
/** @param {Picture} picture */
const notWith = (picture) => notUnderWay(picture) || (picture.phase === "grounding" ? REASONS.not_playing : "");

/** Reasons for which a start waits, in both phones' own words. @param {Picture} picture */
export function startWaits({phase, asking, phones}) {
  if (phase === "ended") return t("This one is over. “Again” leads back to its beginning.");
  if (!BEFORE.includes(phase)) return REASONS.already_started;
  if (asking) return t("Both phones are asked already.");
  if (phase === "ready") return "";
  const reasons = Object.entries(phones).flatMap(([seat, phone]) => {
    const words = phone.here === "absent" ? t("Nobody has joined here yet.") : phone.reasons[0];
    return words ? [`${SEATS[/** @type {keyof typeof SEATS} */ (seat)]}: ${words}`] : [];
  });
  return reasons.join(" ") || t("Both phones have to be ready first.");
}

/** @param {Picture} picture */
const isUnheard = ({phones}) => Object.values(phones).some(({heard}) => heard === false);
/** @param {Picture} picture */
const cannotStart = (picture) => startWaits(picture) || (isUnheard(picture) ? REASONS.unheard : "");

/** @param {Picture} picture */
function cannotStartAnyway(picture) {
  return startWaits(picture) || (isUnheard(picture) ? "" : t("Nothing is amiss. “Begin” is enough."));
}

/** @param {Picture} picture */
function cannotPause(picture) {
  if (["paused", "grounding"].includes(picture.phase)) return t("Both phones are at rest already.");
  return notMoving(picture);
}

/** @param {Picture} picture */
function cannotResume({phase, can_resume}) {
  if (phase === "grounding") return REASONS.needs_both;
  if (phase !== "paused") return REASONS.not_paused;
  return can_resume ? "" : REASONS.needs_both;
}

/** @param {Picture} picture */
function cannotStop({phase}) {
  return UNDER_WAY.includes(phase) || phase === "closing" ? "" : REASONS.not_started;
}

/** @param {"circle" | "square"} seat @param {Picture} picture */
function cannotGround(seat, picture) {
  return notUnderWay(picture) || (picture.phones[seat]?.footing === "quiet" ? REASONS.stopped_by_hand : "");
}

/** The room's own reason. @param {Picture} picture */
function cannotTap({tap}) {
  return tap ? REASONS[/** @type {keyof typeof REASONS} */ (tap)] : "";
}

/** @type {Act[]} */
export const ACTS = [
  {id: "pause", key: "p", group: "ending", label: t("Pause both"), about: t("both fall silent together"),
    command: {type: "pause"}, why: cannotPause},
  {id: "ground-both", key: "3", group: "grounding", label: t("Ground both"), about: t("grounding on both phones"),
    command: {type: "ground", who: "both"}, why: notUnderWay},
  {id: "close", key: "e", group: "ending", label: t("End gently"), about: t("a close of twenty seconds"),
    command: {type: "close"}, why: notUnderWay},
  {id: "start", key: "b", group: "start", label: t("Begin"), about: t("asks both phones; two yeses begin it"),
    command: {type: "start"}, why: cannotStart},
  {id: "start-anyway", key: "B", group: "start", label: t("Start anyway"), about: t("asks both phones, though one was not heard"),
    command: {type: "start", anyway: true}, why: cannotStartAnyway},
  {id: "resume", key: "g", group: "start", label: t("Go on"), about: t("after a pause of your own"),
    command: {type: "resume"}, why: cannotResume},
  {id: "again", key: "a", group: "start", label: t("Again"), about: t("from the beginning, turns swapped"),
    command: {type: "again"}, why: ({phase}) => (phase === "ended" ? "" : REASONS.not_ended)},
  {id: "hold", key: "h", group: "silence", label: t("Hold 10 s"), about: t("more silence after the line"),
    command: {type: "hold", seconds: 10}, why: notMoving},
  {id: "hold-open", key: "j", group: "silence", label: t("Hold open"), about: t("silence until you release it"),
    command: {type: "hold", seconds: null}, why: notMoving},
  {id: "release", key: "l", group: "silence", label: t("Release"), about: t("the held silence ends"),
    command: {type: "release"}, why: (picture) => notUnderWay(picture) || (picture.phase === "held" ? "" : REASONS.not_held)},
  {id: "tap", key: "i", group: "silence", label: t("Lead breath"), about: t("tap at each turn, in and out: the tones follow"),
    command: {type: "tap"}, why: cannotTap},
  {id: "repeat", key: "r", group: "line", label: t("Repeat line"), about: t("this line once more, or the last one"),
    command: {type: "repeat"}, why: notWith},
  {id: "skip", key: "k", group: "line", label: t("To the return"), about: t("skips to the return part"),
    command: {type: "skip"}, why: notWith},
  {id: "undo", key: "u", group: "line", label: t("Go on after all"), about: t("takes your own step to the return back, for six seconds"),
    command: {type: "undo"}, why: (picture) => notUnderWay(picture) || (picture.canUndo ? "" : REASONS.too_late)},
  {id: "lower", key: "d", group: "line", label: t("A rung down"), about: t("leaves out looking and reaching"),
    command: {type: "rung_down"}, why: notUnderWay},
  {id: "voice", key: "v", group: "line", label: t("Voice off"), about: t("silences the voice, keeps the pace"),
    command: {type: "voice"}, why: notUnderWay},
  {id: "stop", key: "X", group: "ending", label: t("Stop"), about: t("ends at once, with no close"),
    command: {type: "stop"}, why: cannotStop},
  {id: "ground-circle", key: "1", group: "grounding", label: t("Ground circle"),
    about: t("grounding on that phone, a pause on the other"), command: {type: "ground", who: "circle"},
    why: (picture) => cannotGround("circle", picture)},
  {id: "ground-square", key: "2", group: "grounding", label: t("Ground square"),
    about: t("grounding on that phone, a pause on the other"), command: {type: "ground", who: "square"},
    why: (picture) => cannotGround("square", picture)},
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
