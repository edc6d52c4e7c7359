/**
 * The words on the screen. A change is one assignment of text and two attributes for each half, nothing else,
 * so that it lands in the frame that asked for it.
 *
 * @typedef {import("./schedule.js").Moment} Moment
 */

/** @param {HTMLElement} stage @param {string} opening stands there until the first words come */
export function createPrompts(stage, opening) {
  const halves = /** @type {const} */ (["circle", "square"]).map((partner) => ({
    partner,
    said: /** @type {HTMLElement} */ (stage.querySelector(`[data-half="${partner}"] .said`)),
  }));
  /** @type {Moment | null} */
  let shown = null;

  return {
    /** @param {Moment} moment */
    show(moment) {
      if (moment === shown) return;
      shown = moment;
      for (const {partner, said} of halves) {
        const words = moment.text?.[partner] ?? opening;
        // Unchanged text is left alone: a screen reader that was asked to read lines would read it again.
        if (said.textContent !== words) said.textContent = words;
        said.dataset.tone = moment.text ? moment.tone : "rest";
        const cue = String(moment.cue);
        if (said.dataset.cue !== cue) said.dataset.cue = cue;
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
