/** The moment of the exercise, on the console: phase, playhead, now and next, and the script's line. */

import {aboutLeft} from "../../shared/format.js";
import {element} from "./act-buttons.js";
import {linesAt, phaseWords} from "./words.js";
import {say} from "./cards.js";
import {clockTime, createTimePicture} from "./timeline-picture.js";
import {t} from "../../shared/translate.js";

/** Notes that the phase itself says better. */
const SAID_BY_PHASE = ["paused", "held", "grounding", "closing", "ended"];

/** Phases in which the next line comes nearer. */
const MOVING = ["playing", "closing"];

/** @param {string} phase @param {number | null} position @param {{text: string} | null} current */
function nowWords(phase, position, current) {
  if (phase === "grounding") return t("Each phone has words of its own for now.");
  return current?.text ?? (position === null ? t("Nothing is being said.") : t("Quiet, before the first line."));
}

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

/** @param {ReturnType<typeof import("../session.js").createSession>} session */
export function createMoment(session) {
  const timepicture = createTimePicture(at("timepicture"));
  /** @type {import("../transport.js").Track | null} */
  let track = null;

  /** @param {import("../transport.js").Cue | null} current */
  function markScript(current) {
    for (const item of /** @type {HTMLElement[]} */ ([...at("script").children])) {
      const isNow = current !== null && item.dataset.start === String(current.start);
      if (isNow === item.hasAttribute("aria-current")) continue;
      if (isNow) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current");
      if (isNow) keepInSight(item);
    }
  }

  /** Scrolls the script's own box, and never the page. @param {HTMLElement} item */
  function keepInSight(item) {
    const box = item.closest(".panels");
    if (box) box.scrollTop += item.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  }

  return {
    /** The main track is shown before the start as well, so that it can be looked through. */
    drawTrack() {
      if (!session.plan) return;
      track = session.plan.tracks[session.way.track ?? "main"] ?? session.plan.tracks.main;
      timepicture.show(/** @type {any} */ (track), session.way.track === "main" ? session.way.passed_over : []);
      const lines = session.plan.tracks.main.cues.filter((/** @type {any} */ cue) => cue.kind === "line");
      at("script").replaceChildren(...lines.map((/** @type {any} */ cue) =>
        element("li", {"data-start": String(cue.start)}, element("span", {class: "time"}, clockTime(cue.start)), ` ${cue.text}`)));
    },

    /** @param {any} picture */
    draw(picture) {
      const holdLeft = picture.hold_until === null ? 0 : (session.toLocal(picture.hold_until) - performance.now()) / 1000;
      const note = picture.note && !SAID_BY_PHASE.includes(picture.note.code) ? ` ${picture.note.words}` : "";
      say(at("phase"), phaseWords(picture, holdLeft) + note);
      if (!track) return;
      const position = session.position(performance.now());
      const isOver = picture.phase === "ended";
      const seconds = position ?? (isOver ? track.duration : 0);
      timepicture.move(seconds);
      const {current, next} = linesAt(track.cues, position ?? -1);
      say(at("now-line"), nowWords(picture.phase, position, current));
      say(at("next-line"), (isOver ? null : next?.text) ?? t("Nothing more."));
      const moves = position !== null && MOVING.includes(picture.phase);
      say(at("next-when"), next && moves ? t("in {seconds} s", {seconds: Math.max(0, Math.round(next.start - seconds))}) : "");
      const times = {time: clockTime(seconds), whole: clockTime(track.duration), left: aboutLeft(track.duration - seconds)};
      say(at("time-left"), isOver ? "" : position === null ? times.whole : t("{time} of {whole}, {left}", times));
      markScript(current);
    },
  };
}
