/** Condition of a phone as its browser and its clock tell it: charge, and the network in a word. */

const STEP = 5;
/** Round trips in ms up to which a network is good, and up to which it is fair. */
const GOOD_MS = 120, FAIR_MS = 350;

/** @param {{rttMin: number}} quality @returns {"good" | "fair" | "poor" | null} */
export function networkOf({rttMin}) {
  if (!Number.isFinite(rttMin)) return null;
  return rttMin <= GOOD_MS ? "good" : rttMin <= FAIR_MS ? "fair" : "poor";
}

/** Charge in percent, in steps, so that it changes seldom. @param {number} level from 0 to 1 */
export function chargeOf(level) {
  return Number.isFinite(level) ? Math.max(0, Math.min(100, Math.round((level * 100) / STEP) * STEP)) : null;
}

/** Follows the battery, where the browser tells of it. @param {() => void} onChange */
export function createBattery(onChange) {
  /** @type {number | null} */
  let charge = null;

  async function begin() {
    try {
      const battery = await /** @type {any} */ (navigator).getBattery?.();
      if (!battery) return;
      const read = () => {
        charge = chargeOf(battery.level);
        onChange();
      };
      battery.addEventListener("levelchange", read);
      read();
    } catch {
      // A browser may refuse; then nothing is told.
    }
  }
  begin();

  return {
    get charge() { return charge; },
  };
}
