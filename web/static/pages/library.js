/** Root of the library page: folds the text before first use away once it has been read on this device. */

import {beginKeeping} from "../offline/offline.js";
import {showOpen} from "../shared/open-path.js";
import {hasRead, markRead} from "../shared/settings.js";

document.documentElement.classList.add("js");
beginKeeping();
showOpen(document);
const first = /** @type {HTMLDetailsElement | null} */ (document.getElementById("first"));
if (first) {
  if (hasRead()) first.open = false;
  first.addEventListener("toggle", () => { if (!first.open) markRead(); });
  // Whoever goes on to an exercise has had it in front of them.
  for (const link of document.querySelectorAll(".entry a")) link.addEventListener("click", markRead);
}
