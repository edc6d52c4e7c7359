/** Addresses on the page that are copied by a tap: a button names the element that it copies, #copied says so. */

import {t} from "./translate.js";

export function copyByTap() {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copies]"))) {
    const address = document.getElementById(button.dataset.copies ?? "");
    if (address) button.addEventListener("click", () => copy(address));
  }
}

/** @param {HTMLElement} address */
async function copy(address) {
  let words = t("Copied.");
  try {
    await navigator.clipboard.writeText(address.textContent?.trim() ?? "");
  } catch {
    // Plain http has no clipboard: what is selected can be copied by hand.
    getSelection()?.selectAllChildren(address);
    words = t("The address is selected, to be copied by hand.");
  }
  const told = document.getElementById("copied");
  if (told) told.textContent = words;
}
