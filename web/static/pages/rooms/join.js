/** Root of the page where a code is typed: grouped by fours, taken from the address where a picture led here. */

import {t} from "../../shared/translate.js";

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);
const field = /** @type {HTMLInputElement} */ (at("code"));
const LETTERS = 8;
const NO_NETWORK = t("There is no connection at the moment. Try again when there is.");

/** The code that was typed, as the room shows codes: ABCD-EFGH. @param {string} typed */
function grouped(typed) {
  const letters = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").slice(0, LETTERS);
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
}

/** Groups while typing, and leaves the caret behind the letter that was typed. */
function regroup() {
  const before = (field.value.slice(0, field.selectionStart ?? undefined).match(/[0-9A-Za-z]/g) ?? []).length;
  field.value = grouped(field.value);
  const caret = before > 4 ? before + 1 : before;
  field.setSelectionRange(caret, caret);
  carry();
}

/** Take what was typed along into another language, in the fragment, which is never sent. */
function carry() {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-language]"))) link.hash = field.value;
}

async function join() {
  at("refusal").textContent = "";
  at("join").disabled = true;
  try {
    const answer = await fetch(location.pathname, {
      method: "POST",
      headers: {"Content-Type": "application/json", "Accept": "application/json"},
      body: JSON.stringify({code: field.value}),
    });
    const body = await answer.json();
    if (answer.ok) return void location.replace(body.address);
    refuse(body?.error?.message ?? NO_NETWORK);
  } catch {
    refuse(NO_NETWORK);
  }
}

/** @param {string} words */
function refuse(words) {
  at("refusal").textContent = words;
  at("join").disabled = false;
  field.focus();
  field.select();
}

document.documentElement.classList.add("js");
field.addEventListener("input", regroup);
at("join-form").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  if (field.value) join();
});
if (location.hash.length > 1) {
  field.value = grouped(decodeURIComponent(location.hash.slice(1)));
  // A code in the address would stay in the history.
  history.replaceState(null, "", location.pathname);
  at("join").focus();
}
// Letters may stand there already: typed before this ran, or kept by the browser.
if (field.value) regroup();
