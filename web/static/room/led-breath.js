/**
 * A breath that the therapist leads by taps, as this phone follows it: its phase, its tones, and the exercise's own
 * ones that give way to it. Pure; times are of this phone, in milliseconds.
 *
 * @typedef {import("./transport.js").Due} Due
 * @typedef {{at: number, in_s: number, out_s: number, since: number, until: number}} Told on the shared clock, in seconds:
 *   an in-breath begins at `at`, and the halves follow in turn; `since` to `until` they take the place of the exercise's own
 * @typedef {{at: number, inMs: number, outMs: number, since: number, until: number}} Breath the same on this phone's clock
 */

/** A hand is known only once it has tapped, so a tone may begin so late. */
export const LATE_MS = 1000;
/** Fade of a tone that the hand cuts short, and of the exercise's own, in s: heard as giving way and not as a stop. */
const TURN_FADE_S = 0.3, AWAY_FADE_S = 0.6;
/** Less than a sample; what differs by less is the same moment. */
const EPSILON_MS = 0.01;

/**
 * The breath on this phone's clock; null where there is none, or while the clock cannot tell.
 * @param {Told | null | undefined} told @param {(serverMs: number) => number} toLocal @returns {Breath | null}
 */
export function placedBreath(told, toLocal) {
  if (!told) return null;
  const [at, since, until] = [told.at, told.since, told.until].map((seconds) => toLocal(seconds * 1000));
  const isKnown = [at, since, until].every(Number.isFinite);
  return isKnown ? {at, since, until, inMs: told.in_s * 1000, outMs: told.out_s * 1000} : null;
}

/**
 * Direction of the led breath at `t` and the share of that half that is done; null while nobody leads.
 * @param {Breath | null} breath @param {number} t @returns {{direction: "in" | "out", share: number} | null}
 */
export function ledPhase(breath, t) {
  if (!breath || t < breath.since || t >= breath.until) return null;
  const {at, inMs, outMs} = breath, cycle = inMs + outMs;
  const done = (((t - at) % cycle) + cycle) % cycle;
  return done < inMs ? {direction: "in", share: done / inMs} : {direction: "out", share: (done - inMs) / outMs};
}

/**
 * Tones of the led breath that sound now or begin by `to`.
 * @param {Breath | null} breath @param {number} now @param {number} to @returns {Due[]}
 */
export function ledTones(breath, now, to) {
  if (!breath) return [];
  const {at, inMs, outMs, since, until} = breath, cycle = inMs + outMs;
  /** @type {Due[]} */
  const list = [];
  const last = Math.min(to, until - EPSILON_MS);
  for (let begins = at + Math.floor((Math.max(now, since) - at) / cycle) * cycle; begins <= last; begins += cycle) {
    for (const [direction, start, length] of /** @type {const} */ ([["in", begins, inMs], ["out", begins + inMs, outMs]])) {
      if (start < since - EPSILON_MS || start > last || start + length <= now) continue;
      const sound = `${direction}:${(length / 1000).toFixed(1)}`;
      const event = {key: `led:${sound}`, start: 0, end: length / 1000, voice: false, sound, breath: true};
      list.push({event, at: start, cut: Math.min(start + length, until), fade: TURN_FADE_S, late: LATE_MS});
    }
  }
  return list;
}

/**
 * What a track lets be heard beside the led breath: its own breaths fade as that begins, and are left out until it ends.
 * @param {Due[]} list @param {Breath | null} breath @returns {Due[]}
 */
export function givenWay(list, breath) {
  if (!breath) return list;
  const {since, until} = breath;
  return list.flatMap((each) => {
    const {event, at, cut} = each;
    const over = at + (event.end - event.start) * 1000;
    if (!event.breath || at >= until || over <= since) return [each];
    return at < since ? [{...each, cut: Math.min(cut, since), fade: AWAY_FADE_S}] : [];
  });
}
