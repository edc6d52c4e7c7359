/** Acts as buttons: the urgent ones in the bar, each with its key, and each saying why when it can't be used. */

import {ACTS, actOf, keyCap, keyName, shortcut} from "./actions.js";
import {t} from "../../shared/translate.js";

/** @typedef {import("./actions.js").Act} Act */

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
/** Acts of the bar, from left to right; the one in the middle is the "Too much" of every page. */
const URGENT = ["pause", "ground-both", "close"];

/** @param {string} name @param {Record<string, string>} [attributes] @param {...(Node | string)} children */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** @param {Act} act @param {HTMLElement} button */
function fill(act, button) {
  const cap = element("kbd", {"aria-hidden": "true"}, act.id === "ground-both" ? "Esc" : keyCap(act.key));
  button.replaceChildren(element("span", {class: "act-label"}, act.id === "ground-both" ? t("Too much: ground both") : act.label), cap);
  button.setAttribute("aria-keyshortcuts", act.id === "ground-both" ? ["Escape", "3"].join(" ") : shortcut(act.key));
  button.setAttribute("aria-disabled", "true");
  return button;
}

/**
 * @param {{perform: (act: Act) => void, refuse: (why: string) => void}} hands
 */
export function createActButtons({perform, refuse}) {
  /** @type {Map<string, HTMLElement>} */
  const buttons = new Map();
  const tooMuch = at("too-much");
  let closed = "";
  /** Reasons by act, as last drawn; before there is a picture nothing can be used. @type {Map<string, string>} */
  const reasons = new Map();

  /** @param {Act} act */
  function made(act) {
    if (act.id === "ground-both") {
      tooMuch.setAttribute("role", "button");
      return fill(act, tooMuch);
    }
    const isUrgent = URGENT.includes(act.id);
    return fill(act, element("button", {type: "button", id: `act-${act.id}`, class: isUrgent ? "too-much act-urgent" : "act"}));
  }

  /** @param {string} id */
  function press(id) {
    const act = ACTS.find((one) => one.id === id);
    if (!act) return;
    const why = closed || reasons.get(id);
    if (why === undefined) return;
    if (why) refuse(why); else perform(act);
  }

  for (const act of ACTS) {
    const button = made(act);
    buttons.set(act.id, button);
    button.addEventListener("click", (event) => {
      // A therapist is not led away from the couple: "Too much" grounds both here.
      event.preventDefault();
      press(act.id);
    });
    if (URGENT.includes(act.id)) at("too-much").parentElement.append(button);
    else document.querySelector(`[data-acts~="${act.id}"]`)?.append(button);
    const keys = act.id === "ground-both" ? `${keyName(act.key)}, Esc` : keyName(act.key);
    const row = element("div", {}, element("dt", {}, element("kbd", {}, keys)), element("dd", {}, `${act.label}: ${act.about}`));
    at("key-list").append(row);
  }
  tooMuch.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    press("ground-both");
  });

  return {
    /** @param {import("./actions.js").Picture} picture @param {import("./actions.js").Way} way */
    draw(picture, way) {
      for (const act of ACTS) {
        const why = act.why(picture, way), button = /** @type {HTMLElement} */ (buttons.get(act.id));
        reasons.set(act.id, why);
        button.setAttribute("aria-disabled", String(why !== ""));
        const title = why || act.about;
        if (button.title !== title) button.title = title;
      }
    },

    /** The room is over. @param {string} words */
    close(words) {
      closed = words;
      for (const button of buttons.values()) {
        button.setAttribute("aria-disabled", "true");
        button.title = words;
      }
    },

    press,

    /** The act of a key; true if it was one. @param {KeyboardEvent} event */
    key(event) {
      const act = event.key === "Escape" ? ACTS.find(({id}) => id === "ground-both") : actOf(event, false);
      if (!act) return false;
      press(act.id);
      return true;
    },

    /** @param {string} id @param {string} label @param {boolean} pressed */
    relabel(id, label, pressed) {
      const button = /** @type {HTMLElement} */ (buttons.get(id)), name = /** @type {HTMLElement} */ (button.querySelector(".act-label"));
      if (name.textContent !== label) name.textContent = label;
      button.setAttribute("aria-pressed", String(pressed));
    },
  };
}
