/** Keeps a part of a page as it is on the service, by looking at the page again; what is typed elsewhere stays. */

const EVERY_MS = 5000;

/** @param {string} id of the part @param {number} [everyMs] */
export function followList(id, everyMs = EVERY_MS) {
  async function look() {
    if (!document.hidden) await renew().catch(() => {}); // No connection at the moment; the next look may find one.
    setTimeout(look, everyMs);
  }

  async function renew() {
    const answer = await fetch(location.pathname, {cache: "no-store"});
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
    const part = document.getElementById(id);
    if (!fresh || !part || fresh.innerHTML === part.innerHTML || part.contains(document.activeElement)) return;
    part.replaceWith(fresh);
  }

  setTimeout(look, everyMs);
}
