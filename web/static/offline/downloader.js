/**
 * Fetches a copy of an exercise, part by part into a cache of its own, and lets it count only when it is whole.
 * Until then, and whatever goes wrong, the copy before it plays.
 */

import {copies, copyOf, forget, point} from "./copy-index.js";
import {root} from "../shared/language-root.js";
import {copyName, mayKeep, PARTS, sameChoices} from "./cache-policy.js";

/**
 * @typedef {import("./cache-policy.js").Copy} Copy
 * @typedef {{id: string, title: string, query: string}} Wish
 * @typedef {{state: "kept", copy: Copy} | {state: "room"} | {state: "network"} | {state: "refused", message: string}
 *   | {state: "changed"}} Outcome
 */

class Refused extends Error {}
/** The error for what became something else while it was fetched. */
export class Changed extends Error {}

/** @param {string} id @param {string} name @param {string} query */
export const partAddress = (id, name, query) => `${root}/exercises/${id}/${name}?${query}`;

/** @param {Response} response @param {string} [wanted] */
function check(response, wanted) {
  const {status, type, redirected, headers} = response;
  const seen = {contentType: headers.get("Content-Type"), cacheControl: headers.get("Cache-Control")};
  return mayKeep({status, type, redirected, ...seen}, wanted);
}

/** @param {string} address @param {string} wanted @param {RequestInit} [options] */
async function fetchPart(address, wanted, options) {
  // No second copy of a megabyte in the browser's own cache.
  const response = await fetch(address, {cache: "no-store", ...options});
  if (check(response, wanted)) return response;
  const body = await response.json().catch(() => null);
  throw new Refused(body?.error?.message ?? "");
}

/** The whole body, and whether it is whole. @param {Response} response @param {(bytes: number) => void} onBytes */
async function bodyOf(response, onBytes) {
  const promised = response.headers.has("Content-Encoding") ? null : response.headers.get("Content-Length");
  const pieces = [];
  let bytes = 0;
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    pieces.push(step.value);
    onBytes((bytes += step.value.length));
  }
  if (promised !== null && Number(promised) !== bytes) throw new TypeError("The answer broke off.");
  return new Blob(pieces);
}

/**
 * Parts that a copy would be made of now.
 * @param {Wish} wish
 */
async function look({id, query}) {
  const plan = await fetchPart(partAddress(id, "timeline.json", query), PARTS["timeline.json"]);
  const sound = await fetchPart(partAddress(id, "audio.mp3", query), PARTS["audio.mp3"], {method: "HEAD"});
  const {duration} = await plan.json();
  const etags = [plan, sound].map((response) => response.headers.get("ETag"));
  return {etags, duration, soundBytes: Number(sound.headers.get("Content-Length")), cache: copyName(id, etags)};
}

/**
 * @param {Wish} wish @param {Awaited<ReturnType<typeof look>>} found @param {(done: number, total: number) => void} onProgress
 * @returns {Promise<number>} bytes
 */
async function fill({id, query}, found, onProgress) {
  const cache = await caches.open(found.cache);
  let total = 0;
  for (const [name, type] of Object.entries(PARTS)) {
    const address = partAddress(id, name, query);
    let here = await cache.match(address);
    if (!here) {
      const response = await fetchPart(address, type);
      const etag = name === "audio.mp3" ? found.etags[1] : name === "timeline.json" ? found.etags[0] : null;
      if (etag && copyName(id, [etag]) !== copyName(id, [response.headers.get("ETag")])) throw new Changed();
      const body = await bodyOf(response, (bytes) => name === "audio.mp3" && onProgress(bytes, found.soundBytes));
      here = new Response(body, {headers: {"Content-Type": response.headers.get("Content-Type") ?? type, ETag: response.headers.get("ETag") ?? ""}});
      await cache.put(address, here.clone());
    }
    total += (await here.blob()).size;
  }
  return total;
}

/** @param {unknown} error @returns {Outcome} */
function outcomeOf(error) {
  if (error instanceof Refused) return {state: "refused", message: error.message};
  if (error instanceof Changed) return {state: "changed"};
  if (error instanceof DOMException && error.name === "QuotaExceededError") return {state: "room"};
  return {state: "network"};
}

/**
 * @param {{
 *   withPage: (id: string) => Promise<void>, sees to it that the exercise's page is kept too
 *   isOpen: (id: string) => Promise<boolean>, whether somebody may be listening to it right now
 * }} around
 */
export function createKeeper({withPage, isOpen}) {
  /** Caches that are being filled. @type {Set<string>} */
  const busy = new Set();
  /** One at a time: two that fill the same cache would undo each other's work. @type {Promise<unknown>} */
  let last = Promise.resolve();

  /** @template T @param {() => Promise<T>} job @returns {Promise<T>} */
  function inTurn(job) {
    const mine = last.then(job);
    last = mine.catch(() => {});
    return mine;
  }

  /**
   * @param {Wish} wish
   * @param {(done: number, total: number) => void} onProgress bytes of the sound
   * @param {(found: string) => Promise<boolean>} mayExchange asked when the new copy is whole
   */
  async function stage(wish, onProgress, mayExchange) {
    const found = await look(wish);
    const before = await copyOf(wish.id);
    if (before?.cache === found.cache && sameChoices(before.query, wish.query)) return before;
    busy.add(found.cache);
    try {
      await withPage(wish.id);
      const bytes = await fill(wish, found, onProgress);
      /** @type {Copy} */
      const copy = {...wish, cache: found.cache, bytes, duration: found.duration};
      if (!(await mayExchange(wish.id))) return before;
      await point(copy);
      if (before && before.cache !== copy.cache) await caches.delete(before.cache);
      return copy;
    } catch (error) {
      if (before?.cache !== found.cache) await caches.delete(found.cache);
      throw error;
    } finally {
      busy.delete(found.cache);
    }
  }

  return {
    /** Copies under way. */
    busy: () => [...busy],

    /** @param {Wish} wish @param {(done: number, total: number) => void} [onProgress] @returns {Promise<Outcome>} */
    async keep(wish, onProgress = () => {}) {
      for (let tries = 0; ; tries++) {
        try {
          const copy = await inTurn(() => stage(wish, onProgress, async () => true));
          return copy ? {state: "kept", copy} : {state: "changed"};
        } catch (error) {
          if (!(error instanceof Changed) || tries) return outcomeOf(error);
        }
      }
    },

    /**
     * Brings what is kept up to date, and keeps the grounding exercise. What somebody may be listening to is left as
     * it is: a file must not change while it plays.
     * @param {Wish | null} grounding
     */
    async tend(grounding) {
      const kept = await copies();
      const wishes = kept.map(({id, title, query}) => ({id, title, query}));
      if (grounding && !kept.some((copy) => copy.id === grounding.id)) wishes.unshift(grounding);
      for (const wish of wishes) {
        const isNew = !kept.some((copy) => copy.id === wish.id);
        if (!isNew && (await isOpen(wish.id))) continue;
        // No network, no room, a voice that is gone: what is kept stays, and the next visit tries again.
        const staged = await inTurn(() => stage(wish, () => {}, async (id) => isNew || !(await isOpen(id)))).catch(outcomeOf);
        if (staged && "state" in staged && staged.state === "network") return;
      }
    },

    /** @param {string} id */
    remove: (id) => inTurn(() => forget(id)),
  };
}
