/** The breath circle: it grows and shrinks with the sound, or changes its brightness where motion is unwelcome. */

import {t} from "../shared/translate.js";

const SMALL = 0.5;
const WORDS = {in: t("in"), out: t("out")};

/** @param {HTMLElement} box */
export function createBreath(box) {
  const disc = /** @type {HTMLElement} */ (box.querySelector(".disc"));
  const word = /** @type {HTMLElement} */ (box.querySelector(".breath-word"));
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let direction = "";

  return {
    /** @param {{direction: "in" | "out", share: number} | null} phase */
    draw(phase) {
      if ((phase?.direction ?? "") !== direction) {
        direction = phase?.direction ?? "";
        box.hidden = !phase;
        box.dataset.phase = direction;
        word.textContent = phase ? WORDS[phase.direction] : "";
      }
      if (!phase || still.matches) {
        disc.style.transform = "";
        return;
      }
      const eased = (1 - Math.cos(Math.PI * phase.share)) / 2;
      const full = phase.direction === "in" ? eased : 1 - eased;
      disc.style.transform = `scale(${(SMALL + (1 - SMALL) * full).toFixed(4)})`;
    },
  };
}
