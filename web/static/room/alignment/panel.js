/** The part of the lobby in which two phones are brought in step: by ear and by hand, or by their microphones. */

import {MOST_MS} from "./own-delay.js";
import {number, t} from "../../shared/translate.js";

const NUDGE_MS = 5;

/** @type {Record<string, string>} */
const STEPS = {
  "": "",
  asking: t("This phone is asking to use the microphone."),
  denied: t("This phone may not listen. Its settings can allow the microphone for this page; or set it by ear."),
  waiting: t("This phone is listening. Now tap the same on the other phone."),
  alone: t("The other phone wasn’t listening. Tap “Let this phone listen” on both, one after the other."),
  listening: t("Both phones are listening. Leave them where they are for fifteen seconds."),
  done: t("Both phones are in step now, and remember it."),
  failed: t("The phones did not hear each other. Put them closer and turn their sound up, or set it by ear."),
};

/**
 * @param {HTMLElement} box
 * @param {Pick<ReturnType<typeof import("../session.js").createSession>, "alignment" | "delay">} session
 */
export function createAlignmentPanel(box, {alignment, delay}) {
  /** @param {string} selector @returns {any} */
  const find = (selector) => box.querySelector(selector);
  const slider = find("[type=range]"), shown = find("output"), tick = find("[data-tick]"), hear = find("[data-hear]");

  /** @param {number} ms */
  function set(ms) {
    delay.set(ms);
    draw();
  }

  function draw() {
    if (Number(slider.value) !== Math.round(delay.ms)) slider.value = String(Math.round(delay.ms));
    const words = t("{ms} ms", {ms: number(delay.ms)});
    if (shown.textContent !== words) shown.textContent = words;
    slider.setAttribute("aria-valuetext", words);
    tick.setAttribute("aria-pressed", String(alignment.ticking));
    hear.disabled = ["asking", "waiting", "listening"].includes(alignment.step);
    const told = STEPS[alignment.step];
    if (find("[role=status]").textContent !== told) find("[role=status]").textContent = told;
  }

  slider.min = String(-MOST_MS);
  slider.max = String(MOST_MS);
  slider.addEventListener("input", () => set(Number(slider.value)));
  find("[data-sooner]").addEventListener("click", () => set(delay.ms + NUDGE_MS));
  find("[data-later]").addEventListener("click", () => set(delay.ms - NUDGE_MS));
  tick.addEventListener("click", () => alignment.tick(!alignment.ticking));
  hear.addEventListener("click", () => alignment.hear());
  box.addEventListener("toggle", () => { if (!(/** @type {HTMLDetailsElement} */ (box).open)) alignment.tick(false); });
  // Browsers give a microphone to pages of a secure address alone.
  find("[data-by-microphone]").hidden = !navigator.mediaDevices?.getUserMedia;
  return {draw};
}
