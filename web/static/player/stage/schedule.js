/**
 * Words on the screen at a given second of the sound. Pure: a timeline and a time in, words out.
 *
 * @typedef {{circle: string, square: string}} Text
 * @typedef {[direction: "in" | "out", start: number, end: number]} Phase
 * @typedef {"line"|"word"|"prompt"|"breath"|"bell"|"hold"|"decision"|"rest"} CueKind
 * @typedef {{kind: CueKind, start: number, end: number, part: string, text?: Text, phases?: Phase[],
 *   answers?: [yes: string, no: string], move?: "gaze" | "reach" | "touch"}} Cue
 * @typedef {{name: string, title: string, start: number, end: number}} Part
 * @typedef {{duration: number, lead_in: number, parts: Part[], cues: Cue[],
 *   exercise: {id: string, title: string, level: number, family: string}}} Timeline
 *
 * One state of the screen, from `at` until the next one. `cue` is the index of the cue whose words stand there,
 * -1 before the first. A rest keeps the words of the line before it and changes their tone.
 * @typedef {{at: number, cue: number, text: Text | null, tone: "voice" | "silent" | "rest",
 *   breath: Cue | null, decision: Cue | null, asks: boolean}} Moment
 *
 * `asks` says that the words are a question whose answers stand beneath them, or will before the words change.
 */

/**
 * All states of the screen, in order.
 * @param {Timeline} timeline
 * @returns {Moment[]}
 */
export function moments(timeline) {
  const order = timeline.cues.map((cue, index) => ({cue, index}));
  order.sort((a, b) => a.cue.start - b.cue.start || a.index - b.index);
  /** @type {Moment[]} */
  const list = [];
  /** @type {Moment} */
  let now = {at: 0, cue: -1, text: null, tone: "rest", breath: null, decision: null, asks: false};
  for (const {cue, index} of order) {
    if (cue.kind === "bell") continue;
    now = after(now, cue, index);
    if (list.length && list[list.length - 1].at === now.at) list.pop();
    list.push(now);
  }
  for (let i = list.length - 1; i >= 0; i -= 1) {
    list[i].asks = list[i].decision !== null || (list[i + 1]?.asks && sameWords(list[i].text, list[i + 1].text)) || false;
  }
  return list;
}

/** @param {Text | null} one @param {Text | null} other */
function sameWords(one, other) {
  return one?.circle === other?.circle && one?.square === other?.square;
}

/** @param {Moment} before @param {Cue} cue @param {number} index @returns {Moment} */
function after(before, cue, index) {
  const breath = cue.kind === "breath" ? cue : before.breath && cue.start < before.breath.end ? before.breath : null;
  const base = {...before, at: cue.start, breath, decision: null, asks: false};
  switch (cue.kind) {
    case "line": return {...base, cue: index, text: cue.text ?? null, tone: "voice"};
    case "prompt": return {...base, cue: index, text: cue.text ?? null, tone: "silent"};
    case "hold": return {...base, cue: index, text: cue.text ?? before.text, tone: "rest"};
    case "decision": return {...base, cue: index, text: cue.text ?? before.text, tone: "voice", decision: cue};
    // The word of a breath stands in the circle, so that the line before it can stay.
    case "word": return {...base, cue: index};
    default: return {...base, tone: before.tone === "silent" ? "silent" : "rest"};
  }
}

/**
 * Index of the last element whose `key` is not after `t`; -1 before the first.
 * @template T @param {T[]} list @param {number} t @param {(item: T) => number} key
 */
function lastAt(list, t, key) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]) <= t) low = middle + 1; else high = middle;
  }
  return low - 1;
}

/** The state of the screen at `t`. @param {Moment[]} list @param {number} t */
export function momentAt(list, t) {
  return list[Math.max(0, lastAt(list, t, (m) => m.at))];
}

/** Seconds of the first change after `t`; infinity after the last. @param {Moment[]} list @param {number} t */
export function nextChange(list, t) {
  return list[lastAt(list, t, (m) => m.at) + 1]?.at ?? Infinity;
}

/** The part that `t` falls in. @param {Timeline} timeline @param {number} t */
export function partAt(timeline, t) {
  return timeline.parts[Math.max(0, lastAt(timeline.parts, t, (p) => p.start))];
}

/**
 * Phase of a breath at `t`: its direction and the share of that half that is done; null outside of it.
 * @param {Cue | null} breath @param {number} t
 * @returns {{direction: "in" | "out", share: number} | null}
 */
export function phaseAt(breath, t) {
  const phases = breath?.phases ?? [];
  const index = lastAt(phases, t, (p) => p[1]);
  if (index < 0 || t >= phases[index][2]) return null;
  const [direction, start, end] = phases[index];
  return {direction, share: (t - start) / (end - start)};
}

/** Seconds at which the part after the one at `t` begins; null in the last. @param {Timeline} timeline @param {number} t */
export function nextPartStart(timeline, t) {
  return timeline.parts[timeline.parts.indexOf(partAt(timeline, t)) + 1]?.start ?? null;
}

/** The words change up to one look ahead of the sound's own time, and a browser rounds that time. */
const SHOWN_AHEAD_S = 0.03;

/** The beginning of the line that stands on the screen at `t`; 0 before the first. @param {Moment[]} list @param {number} t */
export function lineStart(list, t) {
  let index = lastAt(list, t + SHOWN_AHEAD_S, (m) => m.at);
  while (index > 0 && list[index - 1].cue === list[index].cue) index -= 1;
  return index < 0 || list[index].cue < 0 ? 0 : list[index].at;
}

/**
 * Place to go on from after a reload at `t`: the start of the line, but never past a question of consent, since the
 * answers are not kept.
 * @param {Timeline} timeline @param {Moment[]} list @param {number} t
 */
export function resumeAt(timeline, list, t) {
  const question = timeline.cues.find((cue) => cue.kind === "decision" && cue.start <= t + SHOWN_AHEAD_S);
  return Math.min(lineStart(list, t), question?.start ?? Infinity);
}

/** A browser may land a little before the second that it was sent to. */
const SEEK_SLACK_S = 0.1;

/** Seconds at which the Return part begins. @param {Timeline} timeline */
export function returnStart(timeline) {
  return timeline.parts.find((p) => p.name === "return")?.start ?? timeline.duration;
}

/**
 * True if a question of consent has gone by without a yes from both, before the Return part. It looks back over
 * every question instead of watching for the end of one, so that a page that slept through it still acts.
 * @param {Timeline} timeline @param {number} t @param {ReadonlySet<Cue>} agreed questions with two yeses
 */
export function passedWithoutConsent(timeline, t, agreed) {
  if (t >= returnStart(timeline) - SEEK_SLACK_S) return false;
  return timeline.cues.some((cue) => cue.kind === "decision" && cue.end <= t && !agreed.has(cue));
}
