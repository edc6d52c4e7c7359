/** Conducting without hands on the screen: a foot pedal, MIDI, or two taps anywhere, each learned by being used. */

import {ACTS} from "../actions.js";
import {createBindings, HANDS_FREE, keySignal, midiSignal, signalWords} from "./bindings.js";
import {element} from "../act-buttons.js";
import {t} from "../../../shared/translate.js";

/** Two taps are one sign if so close together, in ms and in px. */
const TAPS_MS = 350, TAPS_PX = 48;
/** Elements on which a tap has a meaning of its own. */
const OWN = "button, a, input, select, textarea, label, summary, [role=button], .panels";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

/** @param {{press: (act: string) => void, tell: (words: string) => void}} hands */
export function createHandsFree({press, tell}) {
  const bindings = createBindings(() => localStorage);
  /** The act that the next signal is for. @type {string | null} */
  let learning = null;
  let tapped = {at: -Infinity, x: 0, y: 0};

  /** Takes a signal; true if it meant something. @param {string | null} signal */
  function take(signal) {
    if (!signal) return false;
    if (learning) {
      bindings.set(learning, signal);
      learning = null;
      draw();
      return true;
    }
    const act = bindings.actOf(signal);
    if (act) press(act);
    return act !== null;
  }

  /** @param {string} id */
  function row(id) {
    const label = ACTS.find((act) => act.id === id)?.label ?? id, signal = bindings.signalOf(id);
    const learn = element("button", {type: "button", class: "act", "aria-pressed": String(learning === id), "aria-label": t("{act}: learn a pedal", {act: label})},
      learning === id ? t("Press your pedal now") : signal ? signalWords(signal) : t("Learn"));
    learn.addEventListener("click", () => {
      learning = learning === id ? null : id;
      draw();
      /** @type {HTMLElement} */ (at("hands-free").querySelector(`[data-learns="${id}"] button`)).focus();
    });
    const forget = element("button", {type: "button", class: "quiet", "aria-label": t("{act}: forget the pedal", {act: label})}, t("Forget"));
    forget.hidden = !signal;
    forget.addEventListener("click", () => {
      bindings.set(id, null);
      draw();
    });
    return element("li", {"data-learns": id}, element("span", {}, label), learn, forget);
  }

  function draw() {
    at("hands-free").replaceChildren(...HANDS_FREE.map(row));
  }

  async function useMidi() {
    try {
      const access = await /** @type {any} */ (navigator).requestMIDIAccess();
      const attach = () => {
        for (const input of access.inputs.values()) {
          input.onmidimessage = (/** @type {{data: Uint8Array}} */ {data}) => { take(midiSignal(data)); };
        }
      };
      access.onstatechange = attach;
      attach();
      tell(access.inputs.size ? t("MIDI is on.") : t("MIDI is on. Plug a device in; it is taken as soon as it is there."));
    } catch {
      tell(t("This browser gives no MIDI here. A pedal that sends keys works all the same."));
    }
  }

  /** @param {PointerEvent} event */
  function onTap(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (event.pointerType !== "touch" || target?.closest(OWN)) return;
    const isSecond = event.timeStamp - tapped.at < TAPS_MS && Math.hypot(event.clientX - tapped.x, event.clientY - tapped.y) < TAPS_PX;
    tapped = isSecond ? {at: -Infinity, x: 0, y: 0} : {at: event.timeStamp, x: event.clientX, y: event.clientY};
    if (isSecond) take("taps:2");
  }

  draw();
  at("use-midi").addEventListener("click", useMidi);
  document.addEventListener("pointerup", onTap);

  return {
    /** Takes a key; true if it was a pedal's. While somebody types only a key that writes nothing can be one.
     * @param {KeyboardEvent} event @param {boolean} typing */
    key(event, typing) {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return false;
      if (learning && event.key === "Escape") {
        learning = null;
        draw();
        return true;
      }
      if (typing && !/^(Page|F\d)/.test(event.key)) return false;
      return take(keySignal(event));
    },
  };
}
