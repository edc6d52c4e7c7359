/** Panels beside the conducting: one is seen at a time, so that the page needs no scrolling. */

/**
 * @param {HTMLElement} box holds buttons with `data-shows` and panels with `data-panel`
 */
export function createPanels(box) {
  const buttons = /** @type {HTMLElement[]} */ ([...box.querySelectorAll("[data-shows]")]);
  const panels = /** @type {HTMLElement[]} */ ([...box.querySelectorAll("[data-panel]")]);

  /** @param {string | undefined} name */
  function show(name) {
    for (const panel of panels) panel.hidden = panel.dataset.panel !== name;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.shows === name));
  }

  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.shows));
  show(buttons[0]?.dataset.shows);

  return {
    show,
    /** Name of the panel that is seen. */
    get shown() { return panels.find((panel) => !panel.hidden)?.dataset.panel ?? ""; },
  };
}
