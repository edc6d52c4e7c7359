/**
 * Alerts about a phone, each told once: it is lost, it is back, it was stopped. Pure: pictures and seconds in.
 *
 * @typedef {{seat: string, kind: "lost" | "back" | "stopped"}} Alert
 */

/** Seconds after which a phone that is away counts as lost; a shorter gap is the network's everyday. */
export const LOST_S = 20;

export function createPhoneAlerts() {
  /** Seats whose loss was told. @type {Set<string>} */
  const lost = new Set();
  /** Footing of each seat at the last look. @type {Map<string, string>} */
  const footings = new Map();

  return {
    /**
     * News since the last look; the first look only takes note.
     * @param {Record<string, import("./actions.js").Phone>} phones @param {(seat: string) => number} awayS
     * @returns {Alert[]}
     */
    look(phones, awayS) {
      /** @type {Alert[]} */
      const alerts = [];
      for (const [seat, {here, footing = "with"}] of Object.entries(phones)) {
        if (here === "away" && !lost.has(seat) && awayS(seat) >= LOST_S) {
          lost.add(seat);
          alerts.push({seat, kind: "lost"});
        }
        if (here !== "away" && lost.delete(seat) && here === "here") alerts.push({seat, kind: "back"});
        if (footing === "quiet" && footings.get(seat) === "with") alerts.push({seat, kind: "stopped"});
        footings.set(seat, footing);
      }
      return alerts;
    },
  };
}
