/** The whole timeline as a picture: parts, lines, breaths, questions, what is left out, and where it is now. */

import {partsOf} from "../transport.js";
import {t} from "../../shared/translate.js";

const TITLES = {arrive: t("Arrive"), consent: t("Choices"), practice: t("Practice"), return: t("Return"), close: t("Close")};
const TOP = 26, HEIGHT = 40;
const NAME_PX = 62;

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
function shape(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text) element.textContent = text;
  return element;
}

/** Minutes and seconds. @param {number} seconds */
export function clockTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** @param {SVGElement} picture */
export function createTimePicture(picture) {
  let duration = 0;
  const head = shape("line", {class: "head", y1: TOP - 6, y2: TOP + HEIGHT + 6});
  const done = shape("rect", {class: "done", x: 0, y: TOP, width: 0, height: HEIGHT});

  /** @param {number} seconds */
  const share = (seconds) => `${((100 * seconds) / duration).toFixed(3)}%`;

  /** @param {import("../transport.js").Cue} cue */
  function drawn(cue) {
    const x = share(cue.start), width = share(Math.max(cue.end - cue.start, duration / 600));
    switch (cue.kind) {
      case "line": return shape("rect", {class: "line", x, width, y: TOP + 8, height: HEIGHT - 16});
      case "breath": return shape("rect", {class: "breath-span", x, width, y: TOP + 14, height: HEIGHT - 28});
      case "decision": return shape("rect", {class: "question", x, width, y: TOP + 4, height: HEIGHT - 8});
      case "hold": return shape("rect", {class: "hold", x, width, y: TOP + 12, height: HEIGHT - 24});
      default: return null;
    }
  }

  return {
    /** @param {import("../transport.js").Track} track @param {[start: number, end: number][]} passedOver */
    show(track, passedOver) {
      duration = track.duration;
      const parts = partsOf(track);
      const children = [shape("rect", {class: "ground", x: 0, y: TOP, width: "100%", height: HEIGHT}), done];
      const wide = picture.clientWidth || 800;
      let named = -Infinity;
      for (const {name, start} of parts) {
        const title = TITLES[/** @type {keyof typeof TITLES} */ (name)] ?? name;
        const x = (start / duration) * wide;
        // A name that would stand on the one before it is left to the text beside the picture.
        if (x - named > NAME_PX) {
          children.push(shape("text", {class: "part-name", x: share(start), y: 14}, title));
          named = x;
        }
        if (start > 0) children.push(shape("line", {class: "edge", x1: share(start), x2: share(start), y1: TOP, y2: TOP + HEIGHT}));
      }
      for (const cue of track.cues) {
        const element = drawn(cue);
        if (element) children.push(element);
      }
      for (const [start, end] of passedOver) {
        children.push(shape("rect", {class: "passed-over", x: share(start), width: share(end - start), y: TOP, height: HEIGHT}));
      }
      picture.replaceChildren(...children, head);
      const spans = parts.map(({name, start}) => t("{part} from {time}", {part: TITLES[/** @type {keyof typeof TITLES} */ (name)] ?? name, time: clockTime(start)}));
      picture.setAttribute("aria-label", t("The whole timeline, {time}: {parts}", {time: clockTime(duration), parts: spans.join(", ")}));
      this.move(0);
    },

    /** @param {number} seconds */
    move(seconds) {
      if (!duration) return;
      const x = share(Math.min(Math.max(seconds, 0), duration));
      head.setAttribute("x1", x);
      head.setAttribute("x2", x);
      done.setAttribute("width", x);
    },
  };
}
