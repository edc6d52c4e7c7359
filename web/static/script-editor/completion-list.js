/** The small list of what can stand at the caret: opened by typing or by Ctrl and the space bar, used by keys or a finger. */

import {offersAt} from "./completion.js";

/**
 * @param {HTMLTextAreaElement[]} areas @param {HTMLElement} list @param {() => void} changed told once an offer was taken
 */
export function startCompletion(areas, list, changed) {
  /** @type {Record<string, any> | null} */
  let schema = null;
  /** @type {ReturnType<typeof offersAt>} */
  let open = {from: 0, offers: []};
  let chosen = -1;
  let area = areas[0];
  fetch(`${location.pathname.replace(/[^/]*$/, "")}schema.json`).then((answer) => answer.json()).then((read) => {
    schema = read;
    if (document.activeElement === area) offer(false); // what was typed meanwhile
  }).catch(() => {}); // writing goes on without offers

  function close() {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
    open = {from: 0, offers: []};
  }

  function place() {
    const before = area.value.slice(0, open.from).split("\n"), style = getComputedStyle(area);
    const column = before[before.length - 1].length;
    const top = area.offsetTop + parseFloat(style.paddingTop) + before.length * parseFloat(style.lineHeight) - area.scrollTop;
    const left = area.offsetLeft + parseFloat(style.paddingLeft) + column * parseFloat(style.fontSize) * 0.6 - area.scrollLeft;
    list.style.top = `${Math.min(top, area.offsetTop + area.clientHeight)}px`;
    list.style.left = `${Math.max(area.offsetLeft, Math.min(left, area.offsetLeft + area.clientWidth - 200))}px`;
  }

  /** @param {number} next */
  function choose(next) {
    chosen = next;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) return;
    area.setAttribute("aria-activedescendant", list.children[chosen].id);
    list.children[chosen].scrollIntoView({block: "nearest"});
  }

  /** @param {boolean} asked also where nothing was typed yet */
  function offer(asked) {
    if (!schema || area.selectionStart !== area.selectionEnd) return close();
    const found = offersAt(schema, area.value, area.selectionStart);
    if (!found.offers.length || (!asked && found.from === area.selectionStart)) return close();
    open = found;
    list.replaceChildren(...found.offers.map(({label}, at) => {
      const item = document.createElement("li");
      item.id = `offer-${at}`;
      item.setAttribute("role", "option");
      item.textContent = label;
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(at); });
      return item;
    }));
    list.hidden = false;
    choose(asked ? 0 : -1);
    place();
  }

  /** @param {number} at */
  function take(at) {
    area.setRangeText(open.offers[at].insert, open.from, area.selectionStart, "end");
    close();
    changed();
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (event.ctrlKey && event.code === "Space") {
      event.preventDefault();
      return offer(true);
    }
    if (list.hidden) return;
    const count = open.offers.length;
    if (event.key === "ArrowDown") choose((chosen + 1) % count);
    else if (event.key === "ArrowUp") choose((chosen + count - 1) % count);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" && chosen >= 0) || event.key === "Tab") take(Math.max(chosen, 0));
    else return;
    event.preventDefault();
  }

  for (const each of areas) {
    each.setAttribute("aria-autocomplete", "list");
    each.setAttribute("aria-controls", list.id);
    each.addEventListener("focus", () => { area = each; });
    each.addEventListener("keydown", key);
    each.addEventListener("input", () => { area = each; offer(false); });
    each.addEventListener("blur", close);
    each.addEventListener("scroll", close);
  }
}
