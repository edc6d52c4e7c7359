/** "Use two phones": the room is opened with what is chosen in the settings right now. */

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("two-phones"));
form?.addEventListener("submit", () => {
  for (const name of ["length", "voice", "words"]) {
    const select = /** @type {HTMLSelectElement | null} */ (document.querySelector(`#settings [name="${name}"]`));
    const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
    if (select && field) field.value = select.value;
  }
});
