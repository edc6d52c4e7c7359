/** Both phones as large cards: one word for how each is, a few lines besides, and alerts that are read aloud. */

import {cardState, phoneWords, waitsAtDoor} from "./words.js";
import {createPhoneAlerts} from "./phone-alerts.js";
import {element} from "./act-buttons.js";
import {t} from "../../shared/translate.js";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const SEATS = {circle: t("Circle"), square: t("Square")};

/** @param {HTMLElement} box @param {string} words */
export function say(box, words) {
  if (box.textContent !== words) box.textContent = words;
}

/** @param {{seat: string, kind: string}} alert */
function alertWords({seat, kind}) {
  const phone = SEATS[/** @type {keyof typeof SEATS} */ (seat)];
  if (kind === "lost") return t("{phone}: the phone is lost. It goes on by its own plan.", {phone});
  if (kind === "back") return t("{phone}: the phone is back.", {phone});
  return t("{phone}: too much. Both phones rest.", {phone});
}

/**
 * @param {{toLocal: (at: number) => number, now: () => number, sound: {play: () => void}}} outside `toLocal`: this
 *   page's ms of the shared clock's second
 */
export function createCards({toLocal, now, sound}) {
  const alerts = createPhoneAlerts();
  /** Time of the first sight of a phone as away, where the shared clock does not tell. @type {Map<string, number>} */
  const seenAway = new Map();

  /** @param {string} seat @param {import("./actions.js").Phone} phone */
  function awayS(seat, phone) {
    if (phone.here !== "away") {
      seenAway.delete(seat);
      return 0;
    }
    if (!seenAway.has(seat)) seenAway.set(seat, now());
    const since = typeof phone.away_since === "number" ? toLocal(phone.away_since) : NaN;
    return (now() - (Number.isFinite(since) ? since : /** @type {number} */ (seenAway.get(seat)))) / 1000;
  }

  /** @param {string} seat @param {import("./actions.js").Phone} phone @param {string} phase */
  function drawCard(seat, phone, phase) {
    const box = at(`phone-${seat}`);
    const {state, words} = cardState(phone, phase, awayS(seat, phone));
    if (box.dataset.state !== state) box.dataset.state = state;
    box.dataset.heard = String(phone.heard === true && state === "ready");
    say(box.querySelector(".phone-state"), words);
    const lines = phoneWords(phone, phase), key = JSON.stringify(lines);
    if (box.dataset.key !== key) {
      box.dataset.key = key;
      box.querySelector("ul").replaceChildren(...lines.map((line) => element("li", {}, line.replace(/(\d) (?=%|ms)/g, "$1\u00a0"))));
    }
    box.querySelector("[data-admit]").hidden = !waitsAtDoor(phone);
    const isFree = phone.here === "absent" || !["gathering", "preparing", "ready", "ended"].includes(phase);
    box.querySelector("[data-free]").hidden = isFree;
  }

  return {
    /** To be called on each picture and every second between. @param {import("./actions.js").Picture} picture */
    draw({phones, phase}) {
      for (const [seat, phone] of Object.entries(phones)) drawCard(seat, phone, phase);
      for (const alert of alerts.look(phones, (seat) => awayS(seat, phones[seat]))) {
        say(at(alert.kind === "back" ? "alert-polite" : "alert-urgent"), alertWords(alert));
        if (alert.kind === "back") say(at("alert-urgent"), ""); else sound.play();
      }
    },
  };
}
