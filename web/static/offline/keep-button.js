/** "Keep for offline" on the page of one exercise. */

import {copyOf} from "./copy-index.js";
import {askToStay, canKeep, keepCopy, NOT_HERE, send} from "./offline.js";
import {sameButReading, sizeWords} from "./cache-policy.js";
import {t} from "../shared/translate.js";

/**
 * @param {HTMLElement} box
 * @param {() => string} chosen the query of what is chosen now
 * @returns {() => void} to be called when what is chosen has changed
 */
export function createKeepButton(box, chosen) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (box.querySelector(`[data-keep="${name}"]`));
  const button = /** @type {HTMLButtonElement} */ (part("button"));
  const remove = /** @type {HTMLButtonElement} */ (part("remove"));
  const bar = /** @type {HTMLProgressElement} */ (part("progress"));
  const {id = "", title = ""} = box.dataset;
  let working = false;

  async function draw() {
    if (working) return;
    const copy = await copyOf(id).catch(() => null);
    const same = copy !== null && sameButReading(copy.query, chosen());
    button.hidden = same;
    button.textContent = copy ? t("Keep these choices instead") : t("Keep for offline");
    remove.hidden = !copy || box.dataset.stays !== undefined;
    part("state").textContent = !copy
      ? ""
      : same
        ? t("Kept on this phone as chosen above, {size}. It plays with no network.", {size: sizeWords(copy.bytes)})
        : t("Kept on this phone with other choices, {size}.", {size: sizeWords(copy.bytes)});
  }

  async function keep() {
    askToStay(); // in the tap itself
    working = true;
    button.hidden = true;
    bar.hidden = false;
    bar.removeAttribute("value");
    part("trouble").textContent = "";
    part("state").textContent = t("Keeping it. This takes a moment.");
    const sentence = await keepCopy({id, title, query: chosen()}, (done, total) => {
      bar.max = total;
      bar.value = done;
      part("state").textContent = t("Keeping it: {done} of {total}.", {done: sizeWords(done), total: sizeWords(total)});
    });
    bar.hidden = true;
    working = false;
    part("trouble").textContent = sentence;
    await draw();
    (button.hidden ? part("state") : button).focus();
  }

  button.addEventListener("click", keep);
  remove.addEventListener("click", async () => {
    await send({ask: "remove", id});
    await draw();
    button.focus();
  });
  if (canKeep) draw();
  else {
    button.hidden = true;
    part("state").textContent = NOT_HERE;
  }
  return () => { if (canKeep) draw(); };
}
