/** Root of the overview of recordings: a ZIP is sent as it is, not as a form, so that it streams. */

import {t} from "../../shared/translate.js";

document.documentElement.classList.add("js");
const form = /** @type {HTMLFormElement} */ (document.getElementById("bring"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("archive"));
const told = /** @type {HTMLElement} */ (document.getElementById("told"));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = field.files?.[0];
  if (!file) return;
  told.textContent = t("It is being looked through. Stay on this page.");
  try {
    const answer = await fetch("recordings/import.json", {
      method: "POST", body: file, headers: {Accept: "application/json", "Content-Type": "application/zip"},
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error.message);
    location.reload();
  } catch (error) {
    const words = error instanceof Error && !(error instanceof TypeError) ? error.message : "";
    told.textContent = words || t("It did not arrive. Check the connection and send it again.");
  }
});
