/** Root of the page of a couple's own link: it waits for the room, gently, and goes in by itself. */

import {t} from "../../shared/translate.js";

const EVERY_MS = 4000, SPREAD_MS = 2000;
const KEY = "still-here:coming";
const NO_NETWORK = t("There is no connection at the moment. This page comes back by itself as soon as there is one.");

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

/** The key stands in the fragment; a copy outlives a reload in this tab alone, so that the address shows nothing. */
function ownKey() {
  const given = decodeURIComponent(location.hash.slice(1));
  try {
    if (given) sessionStorage.setItem(KEY, given);
    history.replaceState(null, "", location.pathname);
    return given || sessionStorage.getItem(KEY) || "";
  } catch {
    return given;
  }
}

/** @param {string} waiting @param {string} [refusal] */
function tell(waiting, refusal = "") {
  if (at("waiting").textContent !== waiting) at("waiting").textContent = waiting;
  if (at("refusal").textContent !== refusal) at("refusal").textContent = refusal;
}

/** Tells whether this very phone has a seat in a room already. @param {string} address */
async function isSeated(address) {
  const answer = await fetch(address, {method: "HEAD", cache: "no-store", redirect: "manual"});
  return answer.status === 200;
}

/** @param {string} key @returns {Promise<boolean>} whether to ask again */
async function ask(key) {
  const answer = await fetch(location.pathname, {
    method: "POST",
    headers: {"Content-Type": "application/json", "Accept": "application/json"},
    body: JSON.stringify({key}),
  });
  const body = await answer.json();
  if (body.waiting) {
    tell(body.words);
    return true;
  }
  const {address} = body;
  if (address && (answer.ok || (await isSeated(address)))) {
    location.replace(address);
    return false;
  }
  tell("", body?.error?.message ?? NO_NETWORK);
  return answer.status === 429 || answer.status >= 500;
}

/** @param {string} key */
async function wait(key) {
  const again = await ask(key).catch(() => {
    tell(NO_NETWORK);
    return true;
  });
  // Spread, so that the phones of a whole practice do not ask together.
  if (again) setTimeout(wait, EVERY_MS + Math.random() * SPREAD_MS, key);
}

document.documentElement.classList.add("js");
const key = ownKey();
addEventListener("hashchange", () => location.reload());
if (key) wait(key);
else tell("", t("This link is not whole. Open it again as it was given to you."));
