/** Progress: the current part, and the time left in words that do not press. */

import {aboutLeft, exactLeft} from "../../shared/format.js";
import {partAt, returnStart} from "./schedule.js";

/** @param {HTMLElement} parts @param {HTMLElement} left @param {HTMLButtonElement} skip */
export function createProgress(parts, left, skip) {
  let exact = false;
  let drawnPart = "";
  let drawnLeft = "";
  let drawnSecond = NaN;

  /** @param {number} second */
  function drawLeft(second) {
    drawnSecond = second;
    const words = (exact ? exactLeft : aboutLeft)(second);
    if (words !== drawnLeft) left.textContent = drawnLeft = words;
  }

  return {
    /** @param {import("./schedule.js").Timeline} timeline @param {number} seconds */
    draw(timeline, seconds) {
      const part = partAt(timeline, seconds).name;
      if (part !== drawnPart) {
        drawnPart = part;
        for (const item of /** @type {HTMLElement[]} */ ([...parts.children])) {
          if (item.dataset.part === part) item.setAttribute("aria-current", "step");
          else item.removeAttribute("aria-current");
        }
      }
      // A button that takes something back is of use in the return, too.
      const spent = seconds >= returnStart(timeline) && !skip.dataset.undoes;
      if (skip.disabled !== spent) skip.disabled = spent;
      const second = Math.ceil(timeline.duration - seconds);
      if (second !== drawnSecond) drawLeft(second);
    },

    /** To the second, for who asks; and back. */
    toggleExact() {
      exact = !exact;
      drawnSecond = NaN;
    },
  };
}
