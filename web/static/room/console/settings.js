/** Before the start, on the console: who speaks, how many words, another exercise, and bringing the phones in. */

import {BEFORE} from "./actions.js";
import {createInvite} from "../invite.js";
import {element} from "./act-buttons.js";
import {say} from "./cards.js";
import {t} from "../../shared/translate.js";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const SECOND_TAP_MS = 4000;

/** @param {(command: object) => void} act */
export function createSettings(act) {
  const invite = createInvite(at("invite"));
  /** @type {any} */
  let picture = null;
  let present = "";

  function drawInvite() {
    const absent = Object.values(picture.phones).filter(({here}) => here === "absent").length;
    const changed = present !== String(absent);
    present = String(absent);
    invite.ask(absent > 0 && BEFORE.includes(picture.phase), changed);
    say(at("invite-title"), absent > 1 ? t("Bring the phones in, one after the other") : t("Bring the other phone in"));
  }

  /** After a no to the start: the quieter ones. */
  function drawOffers() {
    const offers = picture.exercise ? [] : picture.choices;
    const box = at("choices"), key = JSON.stringify(offers);
    if (box.dataset.key === key) return;
    box.dataset.key = key;
    box.replaceChildren(...offers.map((/** @type {any} */ offer) => {
      const button = element("button", {type: "button", class: "answer"}, offer.title);
      button.addEventListener("click", () => act({type: "choose", exercise: offer.id, length: offer.length}));
      return button;
    }));
  }

  at("setting").addEventListener("change", () => {
    const {value} = at("setting");
    const speaker = value === "apart" ? picture?.speaker ?? "circle" : value;
    act({type: "setting", setting: value === "apart" ? "apart" : "together", speaker});
  });
  at("words").addEventListener("change", () => {
    const {id, length} = picture.exercise;
    act({type: "choose", exercise: id, length, words: at("words").value});
  });
  at("choose-form")?.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const option = at("choose").selectedOptions[0];
    act({type: "choose", exercise: option.value, length: Number(option.dataset.usual)});
  });
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-free]"))) {
    onSecondTap(button, t("Free it? Tap again"), () => act({type: "free", seat: button.dataset.free}));
  }

  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-admit]"))) {
    button.addEventListener("click", () => act({type: "admit", seat: button.dataset.admit}));
  }
  at("admission").addEventListener("change", () => act({type: "admission", on: at("admission").checked}));

  return {
    /** @param {any} next */
    draw(next) {
      picture = next;
      const isOpen = BEFORE.includes(picture.phase) || picture.phase === "ended";
      at("settings").disabled = !isOpen;
      at("settings-closed").hidden = isOpen;
      at("setting").value = picture.setting === "apart" ? "apart" : picture.speaker;
      at("admission").checked = picture.admission;
      at("words").disabled = !picture.exercise;
      at("words").value = picture.exercise?.words ?? "all";
      drawInvite();
      drawOffers();
      const id = picture.exercise?.id ?? "";
      for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-notes]"))) {
        box.hidden = box.dataset.notes !== id;
      }
    },
  };
}

/** Acts on a second tap within some seconds; the first asks. @param {HTMLElement} button @param {string} asks @param {() => void} act */
function onSecondTap(button, asks, act) {
  const words = button.textContent;
  let timer = 0;

  function over() {
    clearTimeout(timer);
    timer = 0;
    button.textContent = words;
  }

  button.addEventListener("click", () => {
    const isSecond = timer !== 0;
    over();
    if (isSecond) return act();
    button.textContent = asks;
    timer = setTimeout(over, SECOND_TAP_MS);
  });
}
