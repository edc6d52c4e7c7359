/** A private question to this phone: a yes and a no of one size, and its own answer alone. */

/**
 * @param {HTMLElement} box holds a [data-answer] button each for yes and no
 * @param {HTMLElement | null} legend
 * @param {(ask: number, yes: boolean) => void} onAnswer
 */
export function createAsking(box, legend, onAnswer) {
  const buttons = /** @type {HTMLButtonElement[]} */ ([...box.querySelectorAll("[data-answer]")]);
  let open = 0;
  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (open) onAnswer(open, button.dataset.answer === "yes");
    });
  }

  return {
    /** @param {{id: number, words: string, yes: string, no: string, answered: boolean | null} | null} ask */
    show(ask) {
      box.hidden = !ask;
      open = ask?.id ?? 0;
      if (!ask) return;
      if (legend && ask.words) legend.textContent = ask.words;
      for (const button of buttons) {
        const yes = button.dataset.answer === "yes";
        button.textContent = yes ? ask.yes : ask.no;
        button.setAttribute("aria-pressed", String(ask.answered === yes));
      }
    },
  };
}
