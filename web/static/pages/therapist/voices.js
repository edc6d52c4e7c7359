/** Root of the page of voices: tells how far a voice has come, and loads the page anew when one is there. */

import {t} from "../../shared/translate.js";

document.documentElement.classList.add("js");
const EVERY_MS = 1000;

/** @param {HTMLElement} item @param {{state: string, percent: number}} voice */
function tell(item, voice) {
  const line = item.querySelector("[role=status]");
  const words = t("On its way, {percent} %", {percent: voice.percent});
  if (voice.state === "coming" && line && line.textContent !== words) line.textContent = words;
}

async function look() {
  const coming = [...document.querySelectorAll("[data-state=coming]")];
  if (!coming.length) return;
  try {
    const {voices} = await (await fetch("voices.json")).json();
    for (const item of coming) {
      const voice = voices.find((/** @type {any} */ v) => v.name === item.dataset.voice);
      if (voice?.state !== "coming") return location.reload();
      tell(item, voice);
    }
  } catch {
    // No connection at the moment; the next look may find one.
  }
  setTimeout(look, EVERY_MS);
}

for (const sample of document.querySelectorAll(".voice-shelf audio")) {
  sample.addEventListener("error", () => {
    const line = sample.closest("li")?.querySelector("[role=status]");
    if (line) line.textContent = t("The sample didn’t load. Try again later.");
  });
}
look();
