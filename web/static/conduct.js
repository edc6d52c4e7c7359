/**
 * What a therapist can do with an exercise: one table of acts, with their keys and when each is possible. Pure.
 *
 * @typedef {{phase: string, can_resume: boolean, asking: string | null, hold_until: number | null,
 *   phones: Record<string, {here: string, ready: boolean, grounding: boolean}>}} Picture
 * @typedef {{track: string | null, voice: boolean}} Way
 * @typedef {{id: string, key: string, label: string, about: string, command: object,
 *   can: (picture: Picture, way: Way) => boolean}} Act
 */

const UNDER_WAY = ["playing", "paused", "held", "grounding"];
/** @param {Picture} picture */
const isUnderWay = ({phase}) => UNDER_WAY.includes(phase);
/** @param {Picture} picture */
const isMoving = ({phase}) => phase === "playing" || phase === "held";
/** @param {Picture} picture */
const isWith = (picture) => isUnderWay(picture) && picture.phase !== "grounding";

/** @type {Act[]} */
export const ACTS = [
  {id: "start", key: "b", label: "Begin", about: "asks both phones; two yeses begin it", command: {type: "start"},
    can: ({phase, asking}) => phase === "ready" && !asking},
  {id: "pause", key: "p", label: "Pause both", about: "both fall silent together", command: {type: "pause"},
    can: isMoving},
  {id: "resume", key: "g", label: "Go on", about: "after a pause of your own", command: {type: "resume"},
    can: (picture) => isWith(picture) && picture.can_resume},
  {id: "hold", key: "h", label: "Hold 10 s", about: "more silence after the line", command: {type: "hold", seconds: 10},
    can: isMoving},
  {id: "hold-open", key: "j", label: "Hold open", about: "silence until you release it",
    command: {type: "hold", seconds: null}, can: isMoving},
  {id: "release", key: "l", label: "Release", about: "the held silence ends", command: {type: "release"},
    can: ({phase}) => phase === "held"},
  {id: "repeat", key: "r", label: "Repeat line", about: "this line once more, or the last one",
    command: {type: "repeat"}, can: isWith},
  {id: "skip", key: "k", label: "To the return", about: "skips to the return part", command: {type: "skip"}, can: isWith},
  {id: "lower", key: "d", label: "A rung down", about: "leaves out looking and reaching", command: {type: "rung_down"},
    can: isUnderWay},
  {id: "voice", key: "v", label: "Voice off", about: "silences the voice, keeps the pace", command: {type: "voice"},
    can: isUnderWay},
  {id: "ground-circle", key: "1", label: "Ground circle", about: "grounding on that phone, a pause on the other",
    command: {type: "ground", who: "circle"}, can: isUnderWay},
  {id: "ground-square", key: "2", label: "Ground square", about: "grounding on that phone, a pause on the other",
    command: {type: "ground", who: "square"}, can: isUnderWay},
  {id: "ground-both", key: "3", label: "Ground both", about: "grounding on both phones",
    command: {type: "ground", who: "both"}, can: isUnderWay},
  {id: "close", key: "e", label: "End gently", about: "a close of twenty seconds", command: {type: "close"},
    can: isUnderWay},
  {id: "stop", key: "X", label: "Stop", about: "ends at once, with no close", command: {type: "stop"},
    can: (picture) => isUnderWay(picture) || picture.phase === "closing"},
  {id: "again", key: "a", label: "Again", about: "from the beginning, turns swapped", command: {type: "again"},
    can: ({phase}) => phase === "ended"},
];

/** How an act's key is written. @param {string} key */
export function keyName(key) {
  return key === key.toLowerCase() ? key.toUpperCase() : `Shift ${key}`;
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
  gathering: "Waiting for both phones", preparing: "Getting ready", ready: "Both phones are ready", playing: "Playing",
  paused: "Paused", held: "A longer silence", grounding: "A pause for both", closing: "Ending gently", ended: "Over",
};

/**
 * What is so, in a few words. @param {Picture} picture @param {number} holdLeftS seconds that a silence is held yet
 */
export function phaseWords({phase, asking, can_resume, hold_until}, holdLeftS) {
  if (asking === "start") return "Both phones are asked";
  if (phase === "held") {
    return hold_until === null ? "Silence, until you release it" : `A longer silence, ${Math.max(0, Math.ceil(holdLeftS))} s more`;
  }
  if (phase === "paused") return can_resume ? "Paused. You can go on." : "Paused. Going on takes a yes from both phones.";
  if (phase === "playing" && asking === "beat") return "Playing. Both phones are asked.";
  return PHASES[/** @type {keyof typeof PHASES} */ (phase)] ?? "";
}

/** How a phone is, in words. @param {{here: string, ready: boolean, reasons: string[], clock_ms: number | null,
 *   grounding: boolean, nearest: string | null}} phone @param {boolean} isBefore */
export function phoneWords({here, ready, reasons, clock_ms, grounding, nearest}, isBefore) {
  /** @type {string[]} */
  const lines = [];
  if (here === "absent") return ["Nobody has joined here yet."];
  if (isBefore) lines.push(...(ready ? ["Ready."] : reasons));
  else lines.push(here === "away" ? "Not connected. It goes on by its own plan." : grounding ? "With grounding, or quiet." : "With the exercise.");
  if (clock_ms !== null) lines.push(clockWords(clock_ms));
  if (nearest === "guarded") lines.push("Offered: “My guard is up.”");
  if (nearest === "heavy") lines.push("Offered: “I’d rather disappear.”");
  return lines;
}

/** @param {number} ms */
function clockWords(ms) {
  const quality = ms <= 2 ? "Clock good" : ms <= 8 ? "Clock fair" : "Clock unsteady";
  return `${quality}, within ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms.`;
}

/** The line that stands or sounds at `seconds`, and the next one. @param {import("./course.js").Cue[]} cues
 * @param {number} seconds */
export function linesAt(cues, seconds) {
  const worded = cues.filter(({kind, text}) => text !== null && ["line", "prompt", "hold", "decision"].includes(kind));
  const index = worded.findLastIndex(({start}) => start <= seconds + 0.01);
  return {current: worded[index] ?? null, next: worded[index + 1] ?? null};
}
