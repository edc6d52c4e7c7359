/** Root of the page of cards: what each exercise can be, and the new card to be copied or printed. */

import {copyByTap} from "../../shared/copy.js";
import {followPieces} from "./pieces.js";

document.documentElement.classList.add("js");
followPieces();
copyByTap();
document.getElementById("print")?.addEventListener("click", () => print());
