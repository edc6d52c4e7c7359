/**
 * The words on the screen. A change is one assignment of text and some attributes for each half, nothing else, so that
 * it lands in the frame that asked for it; the words before fade beneath.
 *
 * @typedef {import("./schedule.js").Moment} Moment
 */

/** Longer lines are set in the smaller of the two sizes, in letters; a question shares its room with its answers. */
const LONG = 84, LONG_QUESTION = 54;
const FADE = {duration: 360, easing: "ease-out"};

/** @param {HTMLElement} stage @param {string} opening stands there until the first words come */
export function createPrompts(stage, opening) {
  const halves = /** @type {const} */ (["circle", "square"]).map((partner) => {
    const said = /** @type {HTMLElement} */ (stage.querySelector(`[data-half="${partner}"] .said`));
    const gone = said.cloneNode(false);
    return {partner, said, gone: /** @type {HTMLElement} */ (gone)};
  });
  for (const {said, gone} of halves) {
    gone.className = "gone";
    gone.ariaHidden = "true";
    said.after(gone);
  }
  /** @type {Moment | null} */
  let shown = null;

  /** @param {typeof halves[0]} half @param {string} words @param {number} most */
  function change({said, gone}, words, most) {
    if (said.textContent) {
      gone.textContent = said.textContent;
      gone.dataset.long = said.dataset.long;
      gone.animate([{opacity: 0.45}, {opacity: 0}], FADE);
    }
    said.textContent = words;
    said.dataset.long = String(words.length > most);
  }

  return {
    /** @param {Moment} moment */
    show(moment) {
      if (moment === shown) return;
      shown = moment;
      for (const half of halves) {
        const words = moment.text?.[half.partner] ?? opening;
        // Unchanged text is left alone: a screen reader that was asked to read lines would read it again.
        if (half.said.textContent !== words) change(half, words, moment.asks ? LONG_QUESTION : LONG);
        half.said.dataset.tone = moment.text ? moment.tone : "rest";
        const cue = String(moment.cue);
        if (half.said.dataset.cue !== cue) half.said.dataset.cue = cue;
      }
      stage.dataset.same = String(!moment.text || moment.text.circle === moment.text.square);
    },

    /** Two halves, or one. @param {boolean} split */
    split(split) {
      stage.dataset.view = split ? "split" : "one";
    },

    /** The far half upside down, for a phone that lies between two people. @param {boolean} turned */
    turn(turned) {
      stage.dataset.turned = String(turned);
    },
  };
}
