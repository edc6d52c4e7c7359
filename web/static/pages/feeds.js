/** Root of the feeds page: the new address, to be copied. */

import {t} from "../shared/translate.js";

document.documentElement.classList.add("js");
const address = document.getElementById("feed-address");

async function copy() {
  let words = t("Copied.");
  try {
    await navigator.clipboard.writeText(address?.textContent ?? "");
  } catch {
    // Plain http has no clipboard: what is selected can be copied by hand.
    if (address) getSelection()?.selectAllChildren(address);
    words = t("The address is selected, to be copied by hand.");
  }
  const told = document.getElementById("copied");
  if (told) told.textContent = words;
}

document.getElementById("copy")?.addEventListener("click", copy);
