/** Root of the pages of paths: a button keeps one of them open on this device, or closes it. */

import {keepOpen, openPath, showOpen} from "../../shared/device-storage/open-path.js";

document.documentElement.classList.add("js");
for (const button of document.querySelectorAll("button[data-path]")) {
  button.addEventListener("click", () => {
    const id = button.getAttribute("data-path");
    keepOpen(openPath() === id ? null : id);
    showOpen(document);
  });
}
showOpen(document);
