/**
 * Most frequent choices, as chips: length, voice, an earbud each. The form's own selects hold what is chosen; these are
 * another hand on them. A voice with many others beside it stays a list.
 */

import {t} from "../../shared/translate.js";

const MOST_CHIPS = 3;

/**
 * @param {HTMLElement} box @param {HTMLFormElement} form
 * @param {() => void} [onHear] plays the voice that is chosen
 * @returns {() => void} draws what is chosen now
 */
export function createChips(box, form, onHear) {
  /** @type {(() => void)[]} */
  const drawing = [];
  const select = (/** @type {string} */ name) => /** @type {HTMLSelectElement | null} */ (form.elements.namedItem(name));

  /** @param {HTMLSelectElement} from @param {string} value */
  function choose(from, value) {
    from.value = value;
    from.dispatchEvent(new Event("change", {bubbles: true}));
  }

  /** @param {HTMLSelectElement} from */
  function row(from) {
    const line = from.closest("p"), label = line?.querySelector("label")?.textContent ?? "";
    const group = document.createElement("fieldset");
    group.className = "chip-row";
    group.innerHTML = '<legend class="visually-hidden"></legend>';
    group.firstElementChild?.append(label);
    if (line) line.hidden = true;
    box.append(group);
    return group;
  }

  /** @param {HTMLElement} group @param {HTMLSelectElement} from @param {HTMLOptionElement} option */
  function chip(group, from, option) {
    const label = document.createElement("label");
    label.className = "chip";
    label.innerHTML = '<input type="radio">';
    const radio = /** @type {HTMLInputElement} */ (label.firstElementChild);
    radio.name = `chip-${from.name}`;
    radio.value = option.value;
    radio.addEventListener("change", () => choose(from, radio.value));
    label.append(option.label);
    group.append(label);
    drawing.push(() => { radio.checked = from.value === radio.value; });
  }

  const length = select("length"), voice = select("voice"), setting = select("setting");
  if (length) {
    const group = row(length);
    group.classList.add("in-one-row");
    for (const option of length.options) chip(group, length, option);
  }
  if (voice) {
    const few = voice.options.length <= MOST_CHIPS;
    const group = few ? row(voice) : /** @type {HTMLElement} */ (voice.closest("p"));
    if (few) for (const option of voice.options) chip(group, voice, option);
    else {
      voice.setAttribute("form", form.id);
      group.classList.add("chip-list");
      group.querySelector("label")?.classList.add("visually-hidden");
      box.append(group);
    }
    if (onHear) {
      const hear = document.createElement("button");
      hear.type = "button";
      hear.className = "quiet hear";
      hear.textContent = t("Hear it");
      hear.addEventListener("click", onHear);
      group.append(hear);
    }
  }
  if (setting) {
    const line = setting.closest("p");
    if (line) line.hidden = true;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = t("Earbuds");
    button.addEventListener("click", () => choose(setting, setting.value === "earbuds" ? "together" : "earbuds"));
    const told = document.createElement("p");
    told.className = "note";
    told.setAttribute("role", "status");
    drawing.push(() => {
      const on = setting.value === "earbuds";
      button.setAttribute("aria-pressed", String(on));
      told.textContent = on ? t("One earbud each: left circle, right square.") : "";
    });
    (box.querySelector(".chip-list") ?? box.lastElementChild)?.append(button);
    box.append(told);
  }

  return () => { for (const draw of drawing) draw(); };
}
