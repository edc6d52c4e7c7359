/** Pronunciations on the page of voices: each is heard before it is kept, and nothing of it is sent in an address. */

import {t} from "../../shared/translate.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("word-form"));
const told = document.getElementById("word-told");
const sound = new Audio();
/** @type {Map<string, string>} */
const fetched = new Map();

/** @param {string} words */
function tell(words) {
  if (told) told.textContent = words;
}

/** @param {FormData} typed the address of the sound, or "" where there is none and it was said why */
async function soundOf(typed) {
  const asked = JSON.stringify({language: typed.get("language"), say: String(typed.get("say")).trim()});
  const known = fetched.get(asked);
  if (known) return known;
  const answer = await fetch(form.action.replace(/keep(#.*)?$/, "hear"), {
    method: "POST", headers: {"Content-Type": "application/json"}, body: asked,
  });
  if (!answer.ok) {
    tell((await answer.json()).error.message);
    return "";
  }
  const address = URL.createObjectURL(await answer.blob());
  fetched.set(asked, address);
  return address;
}

/** @param {HTMLFormElement} from */
async function hear(from) {
  tell("");
  let address = "";
  try {
    address = await soundOf(new FormData(from));
  } catch {
    tell(t("There is no connection at the moment. Try again when there is."));
  }
  if (!address) return;
  sound.src = address;
  // A phone may want another tap, since the sound came after the first one.
  await sound.play().catch(() => tell(t("Press it again to hear it.")));
}

for (const button of document.querySelectorAll("[data-hear]")) {
  const from = /** @type {HTMLFormElement} */ (button.closest("form"));
  button.addEventListener("click", () => hear(from));
}
