/** A yes from both, tapped on one screen. No answer is a no; a yes can be taken back until the question is over. */

/**
 * One question may have its buttons in several places, such as in each half of a screen; they show one answer.
 * @param {HTMLElement[]} boxes hold a [data-yes] button for a partner each, and a [data-no]
 * @param {{onBoth: (both: boolean) => void, onNo: () => void}} hooks
 */
export function createAnswers(boxes, hooks) {
  const within = (/** @type {string} */ what) => /** @type {HTMLElement[]} */ (boxes.flatMap((box) => [...box.querySelectorAll(what)]));
  const yes = within("[data-yes]");
  /** @type {Set<string | undefined>} */
  const given = new Set();

  function draw() {
    for (const button of yes) button.setAttribute("aria-pressed", String(given.has(button.dataset.yes)));
  }

  for (const button of yes) {
    button.addEventListener("click", () => {
      const {yes: partner} = button.dataset;
      if (!given.delete(partner)) given.add(partner);
      draw();
      hooks.onBoth(given.size === 2);
    });
  }
  for (const button of within("[data-no]")) button.addEventListener("click", () => hooks.onNo());

  return {
    /** Asks anew. @param {[yes: string, no: string]} [words] */
    ask(words) {
      given.clear();
      draw();
      if (words) {
        for (const slot of within('[data-answer="yes"]')) slot.textContent = words[0];
        for (const slot of within('[data-answer="no"]')) slot.textContent = words[1];
      }
      for (const box of boxes) box.hidden = false;
    },
    close() {
      for (const box of boxes) box.hidden = true;
    },
  };
}
