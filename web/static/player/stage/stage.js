/** The screen while a track plays: its words, the breath, the parts, and lines that come from outside of it. */

import {forScreen, partsOf} from "../../room/transport.js";
import {LOOK_AHEAD_S} from "./frames.js";
import {createMark} from "./mark.js";
import {createProgress} from "./progress.js";
import {createPrompts} from "./prompts.js";
import {momentAt, moments, phaseAt} from "./schedule.js";
import {isAtTouch} from "../../room/touch.js";
import {t} from "../../shared/translate.js";

const OPENING = t("Quiet first. The voice comes by itself.");
/** @type {import("./schedule.js").Moment} */
const UNBEGUN = {at: 0, cue: -1, text: null, tone: "rest", breath: null, decision: null, asks: false};
const HIDDEN_STEP_MS = 500;

/**
 * @param {{stage: HTMLElement, pair: HTMLElement, parts: HTMLElement, left: HTMLElement, skip: HTMLButtonElement}} at
 * @param {ReturnType<typeof import("../../room/session.js").createSession>} session
 * @param {ReturnType<typeof import("../../room/touch.js").createTouch>} touch
 * @param {() => boolean} mayTouch
 */
export function createStage(at, session, touch, mayTouch) {
  const prompts = createPrompts(at.stage, OPENING);
  const mark = createMark(at.pair);
  const progress = createProgress(at.parts, at.left, at.skip);
  /** @type {any} */
  let timeline = null;
  /** @type {import("./schedule.js").Moment[]} */
  let list = [UNBEGUN];
  /** @type {{words: string, at: number, until: number} | null} */
  let line = null;
  /** @type {import("./schedule.js").Moment | null} */
  let lineMoment = null;
  /** The moment that stands there instead of the track's words, while that is so. @type {import("./schedule.js").Moment | null} */
  let standing = null;

  function draw() {
    const t = performance.now(), ahead = t + LOOK_AHEAD_S * 1000;
    const position = session.position(ahead);
    if (position === null || !timeline) return touch.turn(false);
    const moment = momentAt(list, position);
    prompts.show(outside(t) ?? standing ?? (position >= moment.at ? moment : UNBEGUN));
    mark.draw(timeline, position, session.ledPhase(ahead) ?? phaseAt(moment.breath, position), touch.nearAt(t));
    touch.turn(mayTouch() && isAtTouch(timeline.cues, position, session.way.passed_over));
    if (timeline.parts.length) progress.draw(timeline, position);
  }

  /** A line from outside the track, while it lasts. @param {number} t */
  function outside(t) {
    if (line && t > line.until) line = lineMoment = null;
    if (!line || t < line.at) return null;
    return (lineMoment ??= saying(line.words));
  }

  /** @param {string} words @returns {import("./schedule.js").Moment} */
  function saying(words) {
    return {...UNBEGUN, cue: -2, text: {circle: words, square: words}, tone: "voice"};
  }

  function step() {
    draw();
    // Frames stop in a hidden page; what it shows does not matter then.
    if (document.hidden) setTimeout(step, HIDDEN_STEP_MS); else requestAnimationFrame(step);
  }

  return {
    /** Follows another track, or the same one with something left out. @param {import("../../room/session.js").Way} way */
    follow(way) {
      const track = session.plan?.tracks[way.track ?? ""];
      if (!track) return;
      timeline = {...forScreen(track, way.passed_over, session.plan.passed_over_words), parts: partsOf(track)};
      const all = moments(timeline);
      list = all.length ? all : [UNBEGUN];
      at.parts.hidden = way.track !== "main";
      draw();
    },

    /** @param {{words: string, at: number, until: number}} next */
    say(next) {
      line = next;
      lineMoment = null;
    },

    /** Words that stand there until told otherwise; none for the track's own. @param {string} words */
    stand(words) {
      if (standing?.text?.circle === words) return;
      standing = words ? saying(words) : null;
      draw();
    },

    toggleExact() {
      progress.toggleExact();
      draw();
    },

    begin: step,
  };
}
