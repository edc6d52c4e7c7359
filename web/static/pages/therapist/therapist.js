/** Root of the therapist's own page: the lengths of the exercise that is chosen, and the rooms that are open. */

import {followList} from "../../shared/follow-list.js";

document.documentElement.classList.add("js");
const exercise = /** @type {HTMLSelectElement | null} */ (document.getElementById("exercise"));
const length = /** @type {HTMLSelectElement | null} */ (document.getElementById("length"));

function showLengths() {
  if (!exercise || !length) return;
  const own = [...length.options].filter((option) => option.dataset.of === exercise.value);
  for (const option of length.options) option.hidden = option.disabled = option.dataset.of !== exercise.value;
  (own.find((option) => option.dataset.usual !== undefined) ?? own[0]).selected = true;
}

exercise?.addEventListener("change", showLengths);
showLengths();
if (exercise) followList("open-rooms");
