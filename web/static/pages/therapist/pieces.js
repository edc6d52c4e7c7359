/** The part of a form for exercises in an order: each shows the lengths that it has, and nothing where there is none. */

export function followPieces() {
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("fieldset[data-piece]"))) {
    const exercise = /** @type {HTMLSelectElement} */ (box.querySelector("[data-exercise]"));
    const length = /** @type {HTMLSelectElement} */ (box.querySelector("[data-length]"));
    const choices = /** @type {HTMLElement} */ (box.querySelector("[data-choices]"));
    const draw = () => {
      for (const option of length.options) option.hidden = option.disabled = Boolean(option.dataset.of) && option.dataset.of !== exercise.value;
      if (length.selectedOptions[0]?.disabled) length.selectedIndex = 0;
      choices.hidden = exercise.value === "";
    };
    exercise.addEventListener("change", draw);
    draw();
  }
}
