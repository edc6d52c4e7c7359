/**
 * Hearing a voice before choosing it: one short sentence, played when voice, pace or pitch is changed.
 *
 * Fetches likely next choices when the settings are opened, one after the other, so a change is heard at once.
 */

import {site} from "../../shared/language-root.js";

const HEARD = ["voice", "pace", "pitch"];
/** Nobody has read the sentence of the preview, so this voice is heard in the exercise alone. */
const RECORDED = "recorded";

/** @param {FormData} chosen @param {Record<string, string>} [instead] */
function addressOf(chosen, instead = {}) {
  const query = new URLSearchParams(HEARD.map((name) => [name, instead[name] ?? String(chosen.get(name))]));
  return `${site}/voices/preview.flac?${query}`;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLDetailsElement} details what has to be open for any of this
 */
export function createPreview(form, details) {
  if (!form.elements.namedItem("pitch")) return;
  const sound = new Audio();
  const fetched = new Set();
  let turn = new AbortController();
  let touched = false;

  /** Drop what is on its way for an earlier choice: it would stand before what is to be heard now. */
  function newTurn() {
    turn.abort();
    turn = new AbortController();
    return turn.signal;
  }

  /** @param {AbortSignal} signal */
  async function fetchNext(signal) {
    const chosen = new FormData(form);
    for (const name of ["pitch", "pace", "voice"]) {
      for (const option of /** @type {HTMLSelectElement} */ (form.elements.namedItem(name)).options) {
        const address = addressOf(chosen, {[name]: option.value});
        if (address.includes(`voice=${RECORDED}&`)) continue;
        if (signal.aborted || !(details.open || touched)) return;
        if (fetched.has(address)) continue;
        const whole = await fetch(address, {signal}).then((r) => r.ok && r.arrayBuffer()).catch(() => null);
        if (whole) fetched.add(address);
      }
    }
  }

  details.addEventListener("toggle", () => {
    if (details.open) fetchNext(newTurn());
    else sound.pause();
  });
  function hear() {
    touched = true;
    const signal = newTurn();
    const chosen = new FormData(form);
    if (chosen.get("voice") === RECORDED) return sound.pause();
    sound.src = addressOf(chosen);
    // A phone may refuse; then nothing is heard before the exercise.
    sound.play().catch(() => {}).then(() => fetchNext(signal));
  }
  for (const name of HEARD) /** @type {HTMLSelectElement | null} */ (form.elements.namedItem(name))?.addEventListener("change", hear);
  return {
    stop: () => sound.pause(),

    /** The voice as it is chosen now. */
    play() {
      const chosen = new FormData(form);
      if (chosen.get("voice") === RECORDED) return;
      sound.src = addressOf(chosen);
      sound.play().catch(() => {});
    },
  };
}
