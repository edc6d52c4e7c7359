/** Root of the pages of plans: what each exercise can be, and printing. */

import {followPieces} from "./pieces.js";

document.documentElement.classList.add("js");
followPieces();
document.getElementById("print")?.addEventListener("click", () => print());
