/** Root of "Kept on this phone": what is kept and how much room it takes, keep or remove each and all. */

import {copies} from "../../offline/copy-index.js";
import {askToStay, registerWorker, canKeep, keepCopy, NOT_HERE, send, soundBytes} from "../../offline/offline.js";
import {usualQuery} from "../../shared/device-storage/settings.js";
import {hasRoom, sizeWords} from "../../offline/cache-policy.js";
import {t} from "../../shared/translate.js";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const entries = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-exercise]")]);
let working = false;

/** @param {HTMLElement} entry */
function wishOf(entry) {
  const {exercise = "", title = "", query = "", lengths = ""} = entry.dataset;
  return {id: exercise, title, query: usualQuery(query, lengths.split(" "))};
}

/** @param {HTMLElement} entry @param {string} name */
const part = (entry, name) => /** @type {HTMLElement} */ (entry.querySelector(`[data-keep="${name}"]`));

async function draw() {
  const kept = new Map((await copies().catch(() => [])).map((copy) => [copy.id, copy]));
  for (const entry of entries) {
    const copy = kept.get(entry.dataset.exercise ?? "");
    part(entry, "button").hidden = Boolean(copy) || working;
    part(entry, "remove").hidden = !copy || entry.dataset.stays !== undefined || working;
    part(entry, "state").textContent = copy ? t("kept, {size}", {size: sizeWords(copy.bytes)}) : t("not kept");
  }
  const bytes = [...kept.values()].reduce((sum, copy) => sum + copy.bytes, 0);
  at("room").textContent = t("{kept} of {all} are kept and take {size}.", {kept: kept.size, all: entries.length, size: sizeWords(bytes)});
  at("keep-all").hidden = working || kept.size === entries.length;
  at("remove-all").hidden = working || ![...kept.keys()].some((id) => !isFixed(id));
}

/** @param {string} id */
const isFixed = (id) => entries.some((entry) => entry.dataset.exercise === id && entry.dataset.stays !== undefined);

/** @param {HTMLElement} entry @returns {Promise<string>} */
function keepOne(entry) {
  const state = part(entry, "state");
  state.textContent = t("keeping it");
  return keepCopy(wishOf(entry), (done, total) => {
    state.textContent = t("keeping it: {done} of {total}", {done: sizeWords(done), total: sizeWords(total)});
  });
}

/** One at a time, and no further than the first that fails. @param {HTMLElement[]} wanted */
async function keep(wanted) {
  askToStay(); // in the tap itself
  at("trouble").textContent = "";
  working = true;
  await draw();
  let sentence = wanted.length > 1 ? await lacksRoom(wanted) : "";
  for (const [index, entry] of wanted.entries()) {
    if (sentence) break;
    at("status").textContent = wanted.length > 1 ? t("{number} of {all}. Stay on this page until it is done.", {number: index + 1, all: wanted.length}) : "";
    sentence = await keepOne(entry);
  }
  working = false;
  at("status").textContent = "";
  at("trouble").textContent = sentence;
  await draw();
  at("room").focus();
}

/** Told before the first is fetched, not at the last. @param {HTMLElement[]} wanted */
async function lacksRoom(wanted) {
  try {
    const sizes = await Promise.all(wanted.map(wishOf).map(({id, query}) => soundBytes(id, query)));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (hasRoom(await navigator.storage.estimate(), bytes)) return "";
    return t("There isn’t enough room on this phone for all of them, which take {size}. Nothing was changed; keep single ones instead.", {size: sizeWords(bytes)});
  } catch {
    return ""; // the keeping itself says what is wrong
  }
}

/** @param {HTMLElement[]} wanted */
async function remove(wanted) {
  for (const entry of wanted) await send({ask: "remove", id: entry.dataset.exercise ?? ""});
  await draw();
  at("room").focus();
}

document.documentElement.classList.add("js");
registerWorker();
if (canKeep) {
  for (const entry of entries) {
    part(entry, "button").addEventListener("click", () => keep([entry]));
    part(entry, "remove").addEventListener("click", () => remove([entry]));
  }
  at("keep-all").addEventListener("click", async () => {
    const kept = new Set((await copies()).map((copy) => copy.id));
    keep(entries.filter((entry) => !kept.has(entry.dataset.exercise ?? "")));
  });
  at("remove-all").addEventListener("click", () => remove(entries.filter((entry) => entry.dataset.stays === undefined)));
  draw();
} else {
  for (const control of document.querySelectorAll("[data-keep], #keep-all, #remove-all")) /** @type {HTMLElement} */ (control).hidden = true;
  at("room").textContent = NOT_HERE;
}
