/** A yes from both, tapped on one screen. No answer is a no; a yes can be taken back until the question is over. */

/**
 * @param {HTMLElement} box holds a [data-yes] button for each partner and one [data-no]
 * @param {{onBoth: (both: boolean) => void, onNo: () => void}} hooks
 */
export function createAnswers(box, hooks) {
  const yes = /** @type {HTMLButtonElement[]} */ ([...box.querySelectorAll("[data-yes]")]);
  const both = () => yes.every((button) => button.getAttribute("aria-pressed") === "true");
  for (const button of yes) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      hooks.onBoth(both());
    });
  }
  box.querySelector("[data-no]")?.addEventListener("click", () => hooks.onNo());

  return {
    /** Asks anew. @param {[yes: string, no: string]} [words] */
    ask(words) {
      for (const button of yes) button.setAttribute("aria-pressed", "false");
      if (words) {
        for (const slot of box.querySelectorAll('[data-answer="yes"]')) slot.textContent = words[0];
        for (const slot of box.querySelectorAll('[data-answer="no"]')) slot.textContent = words[1];
      }
      box.hidden = false;
    },
    close() {
      box.hidden = true;
    },
  };
}
