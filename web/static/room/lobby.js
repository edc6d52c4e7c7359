/** Before the start: the other phone, what is nearest today, who speaks, and what is still missing. */

import {createAlignmentPanel} from "./alignment/panel.js";
import {createInvite} from "./invite.js";
import {createWordCheck} from "./word-check.js";
import {readiness} from "./view.js";
import {t} from "../shared/translate.js";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

/**
 * @param {ReturnType<typeof import("./session.js").createSession>} session
 * @param {"circle" | "square"} seat
 * @param {() => void} redraw
 */
export function createLobby(session, seat, redraw) {
  const other = seat === "circle" ? "square" : "circle";
  const invite = createInvite(at("invite"));
  const alignment = createAlignmentPanel(at("alignment"), session);
  const wordCheck = createWordCheck(at("word-check"), {
    words: () => session.plan?.check ?? [],
    play: session.playWord,
    later: (act, ms) => window.setTimeout(act, ms),
    onHeard: () => session.report(),
  });
  /** The state of this person today: in this page's memory, and nowhere else. @type {{nearest: string | null, let_see: boolean}} */
  const today = {nearest: null, let_see: false};
  /** @type {{setting: string, speaker: string}} */
  let shared = {setting: "together", speaker: "circle"};
  /** @type {any} */
  let lastExercise = null;

  /** @param {HTMLElement} box @param {string} name @param {string | null} value */
  function press(box, name, value) {
    for (const button of box.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(value !== null && button.dataset[name] === value));
    }
  }

  function sayNearest() {
    const nearest = today.nearest || null;
    session.say({type: "nearest", nearest: nearest === "plain" ? null : nearest, let_see: today.let_see});
  }

  /** Open or close the choices; what was chosen does not stay in sight, since the other may be looking at the same screen. @param {boolean} open */
  function foldNearest(open) {
    at("nearest-options").hidden = !open;
    at("nearest-kept").hidden = open;
    redraw();
  }

  for (const button of at("nearest").querySelectorAll("[data-nearest]")) {
    button.addEventListener("click", () => {
      today.nearest = button.dataset.nearest;
      if (!today.nearest) today.let_see = at("let-see").checked = false;
      sayNearest();
      foldNearest(false);
      at("nearest-again").focus();
    });
  }
  at("nearest-again").addEventListener("click", () => {
    foldNearest(true);
    at("nearest-options").querySelector("button").focus();
  });
  at("let-see").addEventListener("change", () => {
    today.let_see = at("let-see").checked;
    sayNearest();
  });

  /** @param {string} setting @param {string} speaker */
  const saySetting = (setting, speaker) => session.say({type: "setting", setting, speaker});
  for (const button of at("setting").querySelectorAll("[data-setting]")) {
    button.addEventListener("click", () => saySetting(button.dataset.setting, shared.speaker));
  }
  for (const button of at("speaker").querySelectorAll("[data-speaker]")) {
    button.addEventListener("click", () => saySetting("together", button.dataset.speaker === "own" ? seat : other));
  }

  for (const button of at("words").querySelectorAll("[data-words]")) {
    button.addEventListener("click", () => {
      const {id, length, words} = lastExercise;
      if (button.dataset.words !== words) session.say({type: "choose", exercise: id, length, words: button.dataset.words});
    });
  }

  /** @param {any} picture */
  function drawQuieter({choices, note, exercise}) {
    const box = at("quieter-ones");
    const failed = note && note.code.endsWith("_failed") && lastExercise && !choices.length;
    const offers = failed ? [lastExercise] : exercise ? [] : choices;
    box.hidden = !offers.length;
    const key = JSON.stringify(offers);
    if (box.dataset.key === key) return;
    box.dataset.key = key;
    box.replaceChildren(...offers.map((/** @type {any} */ offer) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "answer";
      button.textContent = failed ? t("Try {title} again", {title: offer.title}) : offer.title;
      button.addEventListener("click", () => session.say({type: "choose", exercise: offer.id, length: offer.length}));
      return button;
    }));
  }

  /** @param {any} picture */
  function drawReady(picture) {
    const list = readiness(picture, {...session.facts, sound: session.audible});
    const key = JSON.stringify(list);
    const box = at("ready-list");
    if (box.dataset.key !== key) {
      box.dataset.key = key;
      box.replaceChildren(...list.map(({name, done, words}) => {
        const item = document.createElement("li");
        item.dataset.done = String(done);
        item.dataset.name = name;
        item.textContent = words;
        return item;
      }));
    }
    const {ready, wanted} = session.progress;
    const loading = picture.missing.includes("clips") && wanted && ready < wanted ? t("{ready} of {wanted} lines are here.", {ready, wanted}) : "";
    const words = at("nearest-kept").hidden ? t("One answer above, then this phone is ready.")
      : picture.phase !== "ready" ? loading
      : picture.therapist !== "absent" && !at("word-check").hidden && !wordCheck.heard ? t("The therapist begins once you’ve tapped the word you heard.")
      : picture.therapist !== "absent" && !picture.ask ? t("Both phones are ready. The therapist will begin.") : "";
    if (at("waiting-words").textContent !== words) at("waiting-words").textContent = words;
  }

  return {
    today,
    wordCheck,

    /** One question after the other: this phone is asked for the start once it was asked about today. */
    get isAsked() {
      return !at("nearest-kept").hidden;
    },

    /** @param {any} picture */
    draw(picture) {
      shared = {setting: picture.setting, speaker: picture.speaker};
      const waits = picture.missing.includes("admission");
      at("lobby").dataset.waits = String(waits);
      if (waits) {
        at("lobby-note").textContent = picture.therapist === "here"
          ? t("The therapist can see that you’re here, and will let you in.")
          : t("The therapist isn’t here right now. This phone will wait.");
        return;
      }
      if (picture.exercise) lastExercise = picture.exercise;
      invite.ask(picture.partner === "absent" && picture.therapist === "absent");
      press(at("setting"), "setting", picture.setting);
      press(at("speaker"), "speaker", picture.speaker === seat ? "own" : "other");
      at("speaker").hidden = picture.setting !== "together";
      at("let-see-line").hidden = picture.therapist === "absent" || !today.nearest;
      at("nearest").hidden = false;
      at("nearest-again").hidden = picture.ask !== null;
      at("setting").hidden = picture.partner === "absent";
      at("alignment").hidden = picture.partner === "absent" || picture.setting !== "apart";
      alignment.draw();
      at("word-check").hidden = !session.plan?.speaks || !session.plan.check?.length;
      press(at("words"), "words", picture.exercise?.words ?? null);
      at("words").hidden = !picture.exercise || picture.ask !== null;
      at("lobby-note").textContent = picture.note?.words ?? "";
      drawQuieter(picture);
      drawReady(picture);
    },
  };
}
