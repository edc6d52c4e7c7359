/** Root of the library page: what this device knows of the evening, and what plays here with no network. */

import {registerWorker, canKeep} from "../../offline/offline.js";
import {copies} from "../../offline/copy-index.js";
import {readBreak, stateAt} from "../../shared/break-time.js";
import {clock} from "../../shared/format.js";
import {showOpen} from "../../shared/device-storage/open-path.js";
import {favourite, leftPlace} from "../../shared/device-storage/remembered.js";
import {t} from "../../shared/translate.js";

const HERE = t("✓ on this phone"), ELSEWHERE = t("needs a network");

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

/** @param {string} id of an exercise @returns {HTMLAnchorElement | null} its place on the shelf */
const onShelf = (id) => document.querySelector(`[data-exercise="${CSS.escape(id)}"] a`);

/** A line that leads to an exercise, if that is here. @param {string} name @param {string | null | undefined} id */
function offer(name, id) {
  const entry = id ? onShelf(id) : null;
  at(`${name}-line`).hidden = !entry;
  if (!entry) return;
  at(`${name}-link`).href = entry.href;
  at(`${name}-link`).textContent = entry.textContent;
}

function showBreak() {
  /** @type {import("../../shared/break-time.js").Break | null} */
  let agreed = null;
  try {
    agreed = readBreak(localStorage.getItem("still-here:break"));
  } catch {
    // no storage: no break is known
  }
  const runs = agreed !== null && stateAt(agreed, Date.now()) === "during";
  at("break-line").hidden = !runs;
  if (agreed) at("break-until").textContent = clock().format(agreed.until);
}

function showLeft() {
  try {
    offer("left", JSON.parse(leftPlace() ?? "null")?.id);
  } catch {
    at("left-line").hidden = true; // not ours
  }
}

async function markKept() {
  if (!canKeep) return;
  const ids = new Set((await copies().catch(() => [])).map(({id}) => id));
  at("kept-legend").hidden = ids.size === 0;
  for (const item of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-exercise]"))) {
    const mark = /** @type {HTMLElement} */ (item.querySelector("[data-kept]"));
    const kept = ids.has(item.dataset.exercise ?? "");
    mark.hidden = !kept && navigator.onLine;
    mark.textContent = ` · ${kept ? HERE : ELSEWHERE}`;
  }
}

function show() {
  showBreak();
  showLeft();
  offer("favourite", favourite());
  markKept();
}

document.documentElement.classList.add("js");
registerWorker();
showOpen(document);
show();
addEventListener("pageshow", (event) => { if (event.persisted) show(); });
for (const event of ["online", "offline"]) addEventListener(event, markKept);
setInterval(showBreak, 15_000);
