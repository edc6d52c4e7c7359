/** The script inside a card that is one file: a sound begins, its words change with it, and it asks what it has to. */

import {momentAt, moments, passedWithoutConsent, returnStart} from "../player/stage/schedule.js";

/** So long the answer to a no stands there. */
const ANSWERED_MS = 4500;

/** @param {HTMLElement} box */
function createPiece(box) {
  const part = (/** @type {string} */ name) => /** @type {any} */ (box.querySelector(`[data-part="${name}"]`));
  const audio = /** @type {HTMLAudioElement} */ (part("sound"));
  const timeline = JSON.parse(part("timeline").textContent);
  const list = moments(timeline);
  /** @type {Set<any>} */
  const agreed = new Set();
  /** @type {any} */
  let asking = null;
  let timer = 0;

  // A blob can be gone through in every browser, where a data address cannot.
  const bytes = Uint8Array.from(atob(audio.src.slice(audio.src.indexOf(",") + 1)), (sign) => sign.charCodeAt(0));
  audio.src = URL.createObjectURL(new Blob([bytes], {type: "audio/mpeg"}));
  audio.controls = false;

  /** @param {HTMLElement} group @param {(yes: boolean) => void} onAnswer */
  function twoYeses(group, onAnswer) {
    const buttons = /** @type {NodeListOf<HTMLElement>} */ (group.querySelectorAll("[data-yes]"));
    const given = new Set();
    const draw = () => { for (const one of buttons) one.setAttribute("aria-pressed", String(given.has(one))); };
    for (const one of buttons) {
      one.addEventListener("click", () => {
        if (!given.delete(one)) given.add(one);
        draw();
        if (given.size === buttons.length) onAnswer(true);
      });
    }
    group.querySelector("[data-no]")?.addEventListener("click", () => onAnswer(false));
    return () => { given.clear(); draw(); };
  }

  const clearDecision = twoYeses(part("decision"), (yes) => {
    if (yes && asking) agreed.add(asking); else refuse();
    part("decision").hidden = true;
  });
  const clearBefore = part("both") && twoYeses(part("both"), (yes) => {
    part("begin").disabled = !yes;
    part("begin").hidden = !yes;
    part("told").textContent = yes ? "" : part("told").dataset.no;
  });

  function refuse() {
    asking = null;
    part("decision").hidden = true;
    audio.pause();
    say(part("told").dataset.no);
    clearTimeout(timer);
    timer = setTimeout(() => {
      audio.currentTime = returnStart(timeline);
      audio.play();
    }, ANSWERED_MS);
  }

  /** @param {string} circle @param {string} [square] */
  function say(circle, square = circle) {
    const words = circle === square ? circle : `● ${circle}\n■ ${square}`;
    if (part("words").textContent !== words) part("words").textContent = words;
  }

  function draw() {
    if (audio.paused || box.dataset.state !== "playing") return;
    const {text, decision} = momentAt(list, audio.currentTime + 0.02);
    say(text?.circle ?? part("words").dataset.opening, text?.square);
    if (decision !== asking) ask(decision);
    if (passedWithoutConsent(timeline, audio.currentTime, agreed)) refuse();
    else requestAnimationFrame(draw);
  }

  /** @param {any} decision */
  function ask(decision) {
    asking = decision;
    part("decision").hidden = !decision;
    if (!decision) return;
    clearDecision();
    for (const one of part("decision").querySelectorAll("[data-yes] span:last-child")) one.textContent = decision.answers[0];
    part("decision").querySelector("[data-no]").textContent = decision.answers[1];
  }

  /** @param {string} state */
  function turnTo(state) {
    box.dataset.state = state;
    part("before").hidden = state !== "before";
    part("player").hidden = state !== "playing";
    part("stopped").hidden = state !== "stopped";
  }

  function begin() {
    for (const other of pieces) if (other !== piece) other.rest();
    agreed.clear();
    turnTo("playing");
    audio.currentTime = 0;
    audio.play();
    part("pause").focus();
  }

  function rest() {
    clearTimeout(timer);
    audio.pause();
    clearBefore?.();
    if (part("both")) part("begin").disabled = true;
    if (box.dataset.state !== "before") turnTo("before");
  }

  part("begin").addEventListener("click", begin);
  part("pause").addEventListener("click", () => { if (audio.paused) audio.play(); else audio.pause(); });
  part("too-much").addEventListener("click", () => {
    rest();
    turnTo("stopped");
  });
  part("back").addEventListener("click", rest);
  audio.addEventListener("ended", rest);
  for (const event of ["play", "pause"]) {
    audio.addEventListener(event, () => {
      part("pause").textContent = audio.paused ? part("pause").dataset.goOn : part("pause").dataset.pause;
      if (!audio.paused) requestAnimationFrame(draw);
    });
  }
  audio.addEventListener("timeupdate", draw); // frames stop in a hidden page, a question must not go by
  rest();
  turnTo("before");
  const piece = {rest};
  return piece;
}

document.documentElement.classList.add("js");
const pieces = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-piece]"))].map(createPiece);
