/** Root of "To take along": the files get today's wordings. */

import {readingToday} from "../../shared/device-storage/reading.js";

const field = /** @type {HTMLInputElement | null} */ (document.querySelector('[name="reading"]'));
if (field) field.value = String(readingToday());
