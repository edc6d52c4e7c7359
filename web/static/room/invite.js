/** The code that brings a phone into the room: shown big, as a picture, and to be copied. */

import {t} from "../shared/translate.js";

/** Asked for anew a little before it runs out. */
const EARLY_S = 15;

/**
 * @param {HTMLElement} box holds #code, #qr, #join-address, #copy, #new-code and #invite-trouble
 * @param {string} [seat] which partner's seat, where that is asked for
 */
export function createInvite(box, seat) {
  /** @param {string} name @returns {any} */
  const part = (name) => box.querySelector(`#${name}`);
  let wanted = false;
  let link = "";
  let timer = 0;

  async function fetchCode() {
    clearTimeout(timer);
    part("invite-trouble").textContent = "";
    try {
      const answer = await fetch("invite", {
        method: "POST",
        headers: {"Content-Type": "application/json", "Accept": "application/json"},
        body: JSON.stringify(seat ? {seat} : {}),
      });
      const body = await answer.json();
      if (!answer.ok) throw new Error(body?.error?.message ?? "");
      show(body);
    } catch (error) {
      const words = error instanceof Error && !(error instanceof TypeError) ? error.message : "";
      part("invite-trouble").textContent = words || t("No code came. There may be no connection at the moment.");
    }
  }

  /** @param {{code: string, expires_s: number, join_address: string, qr_svg: string, only_here: string}} invite */
  function show({code, expires_s, join_address, qr_svg, only_here}) {
    const bare = join_address.replace(/#.*/, "");
    link = `${bare}#${code}`;
    part("code").textContent = code;
    part("join-address").textContent = bare.replace(/^https?:\/\//, "");
    // As a picture, not as part of the page: nothing in it can act. It then has to name what it is.
    const svg = qr_svg.replace(/^<svg(?![^>]*\sxmlns=)/, '<svg xmlns="http://www.w3.org/2000/svg"');
    part("qr").src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    // A picture of an address that leads nowhere from another phone helps nobody; what to do does.
    part("qr").hidden = Boolean(only_here);
    part("join-address").closest("p").hidden = part("copy").hidden = Boolean(only_here);
    part("invite-trouble").textContent = only_here;
    timer = setTimeout(() => { if (wanted) fetchCode(); }, Math.max(5, expires_s - EARLY_S) * 1000);
  }

  async function copy() {
    let words = t("Copied.");
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      // Plain http has no clipboard: what is selected can be copied by hand.
      getSelection()?.selectAllChildren(part("code"));
      words = t("The code is selected, to be copied by hand.");
    }
    part("invite-trouble").textContent = words;
  }

  part("copy").addEventListener("click", () => { if (link) copy(); });
  part("new-code").addEventListener("click", fetchCode);

  return {
    /** Tells whether somebody is still to come. @param {boolean} open @param {boolean} [anew] the last code was used */
    ask(open, anew = false) {
      if (open && (!wanted || anew)) fetchCode();
      if (!open) clearTimeout(timer);
      wanted = open;
      box.hidden = !open;
    },
  };
}
