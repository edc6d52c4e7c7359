/** An address on the page that is copied by a tap: #copy does it, #copied says so. */

import {t} from "./translate.js";

/** @param {string} id of the element that holds it */
export function copyFrom(id) {
  const address = document.getElementById(id);

  async function copy() {
    let words = t("Copied.");
    try {
      await navigator.clipboard.writeText(address?.textContent?.trim() ?? "");
    } catch {
      // Plain http has no clipboard: what is selected can be copied by hand.
      if (address) getSelection()?.selectAllChildren(address);
      words = t("The address is selected, to be copied by hand.");
    }
    const told = document.getElementById("copied");
    if (told) told.textContent = words;
  }

  document.getElementById("copy")?.addEventListener("click", copy);
}
