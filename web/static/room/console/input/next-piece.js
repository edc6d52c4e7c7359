/** The next piece of a plan, one tap or key away on the console. What comes after what is pure. */

import {t} from "../../../shared/translate.js";

/** @typedef {{title: string, words: string, watch: string, act: string, choose: {exercise: string, length: number}}} Piece */

export const KEY = "n";
const FREE = ["gathering", "preparing", "ready", "ended"];

/**
 * Which piece comes next: the one after the last that was chosen from the plan; -1 after the last.
 * @param {Piece[]} pieces @param {string | undefined} chosen what the room has chosen now
 * @param {number} before where in the plan it was before
 */
export function nextAfter(pieces, chosen, before) {
  const at = pieces.findIndex(({choose}) => choose.exercise === chosen);
  const from = at >= 0 ? at : before;
  return {at: from, next: from + 1 < pieces.length ? from + 1 : -1};
}

/** @param {HTMLElement | null} box holds the button and the pieces; her own notes stand in #own-notes @param {(command: object) => void} act */
export function createNextPiece(box, act) {
  if (!box) return {draw() {}};
  /** @type {Piece[]} */
  const pieces = JSON.parse(box.dataset.pieces ?? "[]");
  const button = /** @type {HTMLButtonElement} */ (box.querySelector("button"));
  const label = /** @type {HTMLElement} */ (box.querySelector(".act-label"));
  const own = document.getElementById("own-notes");
  let at = 0;
  let next = -1;

  function choose() {
    if (!button.disabled && next >= 0) act(pieces[next].choose);
  }

  button.addEventListener("click", choose);
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input:not([type=checkbox]), textarea, select");
    const keys = /** @type {HTMLInputElement | null} */ (document.getElementById("keys-on"));
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !keys?.checked || event.key.toLowerCase() !== KEY) return;
    event.preventDefault();
    choose();
  });

  return {
    /** @param {{phase: string, exercise: {id: string} | null}} picture */
    draw(picture) {
      ({at, next} = nextAfter(pieces, picture.exercise?.id, at));
      const piece = pieces[next];
      button.hidden = !piece;
      button.disabled = !piece || !FREE.includes(picture.phase);
      box.dataset.due = String(picture.phase === "ended" && !button.disabled);
      button.title = button.disabled ? t("This works before an exercise and after it.") : "";
      const words = piece ? t("Next: {title}, {length}", {title: piece.title, length: piece.words}) : "";
      if (label.textContent !== words) label.textContent = words;
      const notes = pieces[at]?.choose.exercise === picture.exercise?.id ? [pieces[at].watch, pieces[at].act] : [];
      const told = notes.filter(Boolean).join(" · ");
      if (own && own.textContent !== told) own.textContent = told;
    },
  };
}
