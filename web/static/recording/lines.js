/**
 * The lines of a script as the page lists them, and which one is at hand.
 *
 * @typedef {{digest: string, words: string, about: string, state: string, seconds: number, note: string,
 *   sentence: string}} Line
 */

import {number, t} from "../shared/translate.js";

/** @type {Record<string, [mark: string, words: string]>} */
const MARKS = {kept: ["✓", t("read")], changed: ["↻", t("wants a new take")], none: ["·", t("not read yet")]};

/** A sentence on a line. @param {{state: string, seconds: number, note: string}} line */
export function sentenceOf({state, seconds, note}) {
  if (state === "changed") return t("The words of this line have changed since it was read. It wants a new take; until then the synthetic voice says it.");
  if (state !== "kept") return t("Nobody has read this line yet. The synthetic voice says it.");
  const take = t("There is a take of {seconds} seconds.", {seconds: number(seconds, 1)});
  return `${take} ${note}`.trim();
}

/**
 * @param {HTMLElement} list the page's own list, which holds the words
 * @param {() => void} onMove called when another line is at hand
 * @param {() => boolean} isHeld whether the line at hand has to stay, since it is being recorded
 */
export function createLines(list, onMove, isHeld) {
  let index = 0;
  const items = [...list.querySelectorAll("li")].map((item, number) => build(item, number));

  /** @param {HTMLElement} item @param {number} number */
  function build(item, number) {
    const {line, state, about, seconds, note} = /** @type {Record<string, string>} */ ({...item.dataset});
    const words = item.querySelector(".line-text")?.textContent ?? "";
    const values = {digest: line, words, about, state, seconds: Number(seconds), note};
    const button = document.createElement("button");
    const mark = document.createElement("span");
    const text = document.createElement("span");
    const small = document.createElement("small");
    button.type = "button";
    button.className = "pick";
    mark.className = "mark-of";
    mark.setAttribute("aria-hidden", "true");
    text.lang = "en"; // what is read aloud is the English script
    text.textContent = words;
    button.append(mark, text, small);
    button.addEventListener("click", () => { if (!isHeld()) move(number); });
    item.append(button);
    const built = {values, button, mark, small};
    draw(built);
    return built;
  }

  /** @param {{values: Omit<Line, "sentence">, mark: HTMLElement, small: HTMLElement}} item */
  function draw({values, mark, small}) {
    const [sign, words] = MARKS[values.state];
    mark.textContent = sign;
    small.textContent = values.note ? t("{state}, with a remark", {state: words}) : words;
  }

  /** @param {number} to */
  function move(to) {
    if (to < 0 || to >= items.length) return false;
    items[index].button.removeAttribute("aria-current");
    index = to;
    items[index].button.setAttribute("aria-current", "true");
    onMove();
    return true;
  }

  items[0].button.setAttribute("aria-current", "true");

  return {
    get index() { return index; },
    get count() { return items.length; },
    get kept() { return items.filter(({values}) => values.state === "kept").length; },
    /** @returns {Line} */
    get current() {
      const {values} = items[index];
      return {...values, sentence: sentenceOf(values)};
    },
    /** Takes in what the service says of a line. @param {Omit<Line, "sentence">} line */
    update(line) {
      const item = items.find(({values}) => values.digest === line.digest);
      if (!item) return;
      Object.assign(item.values, {state: line.state, seconds: line.seconds, note: line.note});
      draw(item);
    },
    /** @param {number} step */
    go: (step) => move(index + step),
    /** To the next line that nobody has read, from here on and round. */
    goOpen() {
      for (let step = 1; step <= items.length; step += 1) {
        const to = (index + step) % items.length;
        if (items[to].values.state !== "kept") return move(to);
      }
      return false;
    },
  };
}
