/**
 * Transport of the exercise: its position, and what sounds when. Pure: vectors and cues in, times of this phone out.
 *
 * A vector says: from `at` on the position is `position` (seconds of the timeline) and moves with `velocity` 0 or 1.
 * The room's vectors are on the shared clock, in seconds; those of this module are on this phone's, in milliseconds.
 *
 * @typedef {{position: number, velocity: number, at: number}} Vector
 * @typedef {{kind: string, start: number, end: number, part: string | null, text: string | null,
 *   clip: string | null, phases: [direction: "in" | "out", start: number, end: number][] | null,
 *   answers: [yes: string, no: string] | null, move: string | null}} Cue
 * @typedef {{duration: number, cues: Cue[]}} Track
 * @typedef {{key: string, start: number, end: number, voice: boolean, sound: string, breath?: boolean}} Event something
 *   that sounds: a clip by its address, or a tone by its name; `breath`: it is a breath's tone or word
 * @typedef {{event: Event, at: number, cut: number, fade?: number, late?: number}} Due `at` its beginning, `cut` where it is
 *   broken off, over `fade` seconds; it may begin `late` ms late. Where these are left out, the scheduler's own hold
 */

/** Less than a sample; what differs by less is the same moment. */
const EPSILON_MS = 0.01;
/** Longer than anything that sounds. What began earlier is over. */
const LONGEST_MS = 60_000;

/**
 * Vectors of the shared clock on this phone's; null while the clock cannot tell.
 * @param {Vector[]} vectors @param {(serverMs: number) => number} toLocal
 * @returns {Vector[] | null}
 */
export function placed(vectors, toLocal) {
  const list = vectors.map((vector) => ({...vector, at: toLocal(vector.at * 1000)}));
  return list.every((vector) => Number.isFinite(vector.at)) ? list : null;
}

/** The vector in force at `t`; before all of them, the first. @param {Vector[]} vectors @param {number} t */
export function vectorAt(vectors, t) {
  return vectors.findLast((vector) => vector.at <= t + EPSILON_MS) ?? vectors[0];
}

/** Seconds of the timeline at `t`. @param {Vector[]} vectors @param {number} t */
export function positionAt(vectors, t) {
  const vector = vectorAt(vectors, t);
  return vector.position + (vector.velocity * Math.max(0, t - vector.at)) / 1000;
}

/**
 * Everything of a track that sounds, in order. A breath's halves and bells are tones that the phone makes itself.
 * @param {Track} track @param {string} name
 * @returns {Event[]}
 */
export function eventsOf(track, name) {
  /** @type {Event[]} */
  const events = [];
  track.cues.forEach((cue, index) => {
    const key = `${name}:${index}`;
    if (cue.clip) events.push({key, start: cue.start, end: cue.end, voice: true, sound: cue.clip, breath: cue.kind === "word"});
    if (cue.kind === "bell") events.push({key, start: cue.start, end: cue.start, voice: false, sound: "bell"});
    cue.phases?.forEach(([direction, start, end], half) => {
      const sound = `${direction}:${(end - start).toFixed(3)}`;
      events.push({key: `${key}:${half}`, start, end, voice: false, sound, breath: true});
    });
  });
  return events.sort((a, b) => a.start - b.start);
}

/**
 * Cues that began within the last minute or begin by `to`, with their times. Where the position stands or leaps into
 * the middle of something, that is not heard: it begins at its beginning or not at all.
 * @param {Event[]} events @param {Vector[]} vectors @param {number} now @param {number} to
 * @param {[start: number, end: number][]} passedOver
 * @returns {Due[]}
 */
export function due(events, vectors, now, to, passedOver = []) {
  /** @type {Due[]} */
  const list = [];
  const left = events.filter(({start}) => !passedOver.some(([from, until]) => start >= from && start < until));
  vectors.forEach((vector, index) => {
    if (!vector.velocity || vector.at > to) return;
    const next = vectors[index + 1]?.at ?? Infinity;
    // A first vector in the past was cut short by the room; what sounds now may have begun before it.
    const begins = index === 0 && vector.at <= now ? -Infinity : vector.at;
    const cut = brokenOff(vectors, index);
    for (const event of left) {
      const at = vector.at + (event.start - vector.position) * 1000;
      if (at < begins - EPSILON_MS || at < now - LONGEST_MS) continue;
      if (at >= next - EPSILON_MS || at > to) break;
      const over = at + (event.end - event.start) * 1000;
      // A voice that needed a little more than its slot is not cut for that.
      list.push({event, at, cut: event.end > event.start && over <= cut + EPSILON_MS ? Infinity : cut});
    }
  });
  return list;
}

/** The time at which what plays by vector `index` stands or leaps. @param {Vector[]} vectors @param {number} index */
function brokenOff(vectors, index) {
  for (let i = index + 1; i < vectors.length; i++) {
    const before = vectors[i - 1], after = vectors[i];
    const reached = before.position + (before.velocity * (after.at - before.at)) / 1000;
    if (!after.velocity || Math.abs(after.position - reached) > 0.001) return after.at;
  }
  return Infinity;
}

/** The part that `seconds` falls in, and all parts with their spans. @param {Track} track */
export function partsOf(track) {
  /** @type {{name: string, start: number, end: number}[]} */
  const parts = [];
  for (const cue of track.cues) {
    if (!cue.part || parts.at(-1)?.name === cue.part) continue;
    if (parts.length) parts[parts.length - 1].end = cue.start;
    parts.push({name: cue.part, start: parts.length ? cue.start : 0, end: track.duration});
  }
  return parts;
}

/**
 * A track as the screen's schedule takes it: one wording for both halves, and the words of what is passed over.
 * @param {Track} track @param {[start: number, end: number][]} passedOver @param {string} words
 */
export function forScreen(track, passedOver, words) {
  /** @param {Cue} cue */
  const left = (cue) => passedOver.find(([from, until]) => cue.start >= from && cue.start < until);
  const cues = track.cues.map((cue) => {
    const text = left(cue) && cue.text !== null ? words : cue.text;
    return {...cue, text: text === null ? undefined : {circle: text, square: text}};
  });
  return {duration: track.duration, cues};
}
