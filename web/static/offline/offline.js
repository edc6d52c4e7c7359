/** The page's side of what works without a network: registers the service worker, and asks it for things. */

import {root} from "../shared/language-root.js";
import {hasRoom, sizeWords} from "./cache-policy.js";
import {partAddress} from "./downloader.js";
import {t} from "../shared/translate.js";

/** @typedef {import("./downloader.js").Outcome | {state: "progress", done: number, total: number} | {state: "removed"} | {state: "tended"}} Reply */

const CHANGED_WAIT_MS = 10_000;

export const NOT_HERE = isSecureContext
  ? t("This browser has no way to keep pages, or a private window forbids it, so nothing can be kept on this phone.")
  : t("This address is plain http, and a phone keeps nothing from such an address. Over https it could be kept here; until then the files below can be taken along instead.");
const REFUSED = t("It didn’t come. Try again in a minute.");
const SENTENCES = {
  network: t("The connection broke off, so this was not kept. What was kept before still plays."),
  changed: t("This service was updated in the meantime. Load this page again, then keep it."),
  room: t("This phone ran out of room, so this was not kept. What was kept before still plays."),
};

/** Tells whether this browser can keep anything here; false on plain http. */
export const canKeep = isSecureContext && "serviceWorker" in navigator && "caches" in window;

/** After the page has loaded, so that it never competes with it; then what is kept is brought up to date. */
export function registerWorker() {
  if (!canKeep) return;
  // A newer worker knows newer pages, so it looks after what is kept anew.
  navigator.serviceWorker.addEventListener("controllerchange", () => send({ask: "tend"}));
  const begin = () => setTimeout(async () => {
    const registered = await register().catch(() => null);
    const looked = await registered?.update().catch(() => null); // without a network there is nothing to compare with
    // One that is on its way does it when it takes over, and takes over sooner if the one before has nothing to do.
    if (looked && !registered.installing && !registered.waiting) await send({ask: "tend"});
  }, 0);
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, {once: true});
}

/** The worker of this page's language; that of another would keep other pages. */
const register = () => navigator.serviceWorker.register(`${root}/sw.js`, {type: "module", updateViaCache: "none"});

/** The same, once it is at work. @returns {Promise<ServiceWorker | null>} */
async function ownWorker() {
  if (!root) return (await navigator.serviceWorker.ready).active;
  const {active, waiting, installing} = await register();
  const coming = waiting ?? installing;
  if (active || !coming) return active;
  await new Promise((resolve) => {
    coming.addEventListener("statechange", () => { if (coming.state === "activated") resolve(null); });
  });
  return coming;
}

/**
 * @param {Record<string, string>} message @param {(reply: Reply) => void} [onReply] each reply, progress too
 * @returns {Promise<Reply>} the last one
 */
export async function send(message, onReply = () => {}) {
  const active = await ownWorker();
  const {port1, port2} = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({data}) => {
      onReply(data);
      if (data.state !== "progress") {
        port1.close();
        resolve(data);
      }
    };
    active?.postMessage(message, [port2]);
  });
}

/** Asks the browser not to clear what is kept. To be called within a tap: some browsers ask the person. */
export const askToStay = () => navigator.storage?.persist?.().catch(() => false);

/**
 * Keeps one exercise, after making sure that it has room.
 * @param {{id: string, title: string, query: string}} wish
 * @param {(done: number, total: number) => void} onProgress
 * @returns {Promise<string>} what went wrong, in one sentence; empty if it is kept
 */
export async function keepCopy(wish, onProgress) {
  const lacks = await roomLacks(wish);
  if (lacks) return lacks;
  const onReply = (/** @type {Reply} */ reply) => reply.state === "progress" && onProgress(reply.done, reply.total);
  const message = {ask: "keep", ...wish};
  let reply = await send(message, onReply);
  if (reply.state === "changed" && (await renewed())) reply = await send(message, onReply);
  if (reply.state === "kept") return "";
  return reply.state === "refused" ? reply.message || REFUSED : SENTENCES[/** @type {keyof SENTENCES} */ (reply.state)];
}

/** @param {{id: string, query: string}} wish */
async function roomLacks({id, query}) {
  try {
    const bytes = await soundBytes(id, query);
    if (hasRoom(await navigator.storage.estimate(), bytes)) return "";
    return t("There isn’t enough room on this phone for this one, which takes {size}. Nothing was changed; what is kept still plays.", {size: sizeWords(bytes)});
  } catch {
    return ""; // the keeping itself says what is wrong
  }
}

/** Bytes of the sound, which are known before it is made; zero where the service does not say. @param {string} id @param {string} query */
export async function soundBytes(id, query) {
  const head = await fetch(partAddress(id, "audio.mp3", query), {method: "HEAD"});
  return head.ok ? Number(head.headers.get("Content-Length")) : 0;
}

/** Tells whether a newer worker has taken over, for which some time is given. @returns {Promise<boolean>} */
function renewed() {
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true), {once: true});
    setTimeout(() => resolve(false), CHANGED_WAIT_MS);
  });
}
