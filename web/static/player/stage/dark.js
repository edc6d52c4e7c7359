/** The end in the dark: a black screen, over which the background goes on for a time that was chosen, and then fades. */

const KEY = "still-here:dark-minutes";
const LAST_MS = 60_000;

/**
 * @param {{screen: HTMLElement, minutes: HTMLSelectElement}} at
 * @param {{rest: (ms?: number) => void, outlast: () => boolean}} balance
 * @param {() => void} onWake
 */
export function createDark({screen, minutes}, balance, onWake) {
  let timer = 0;
  try {
    const kept = localStorage.getItem(KEY);
    if (kept !== null && [...minutes.options].some(({value}) => value === kept)) minutes.value = kept;
  } catch {
    // no storage: as the page has it
  }
  minutes.addEventListener("change", () => {
    try {
      localStorage.setItem(KEY, minutes.value);
    } catch {
      // A private window may refuse; then it holds for this page.
    }
  });
  screen.addEventListener("click", () => {
    clearTimeout(timer);
    balance.rest();
    onWake();
  });

  return {
    begin() {
      const ms = Number(minutes.value) * 60_000;
      if (ms && balance.outlast()) timer = setTimeout(() => balance.rest(LAST_MS), ms - LAST_MS);
      else balance.rest(4000);
    },
  };
}
