/**
 * The service worker: keeps the page itself, one cache for each version, and answers from what is kept.
 *
 * An update becomes active only when all of its files are there and each has the digest that the list gives it. It may
 * then take over at once: static files carry their version in the address, so an open page of the version before
 * still gets its own, from the cache of that version, which stays until the next update.
 */

import {copies, copyOf} from "./copy-index.js";
import {Changed, createKeeper, partAddress} from "./downloader.js";
import {root} from "../shared/language-root.js";
import {mayKeep, otherShells, sameChoices, shellName, sliceOf, spareCaches, wayOf} from "./cache-policy.js";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const DIGEST_LETTERS = 16;
const OFFLINE = `${root}/offline`;

/** @param {import("./cache-policy.js").Listing} listing */
export function serve(listing) {
  const shell = shellName(listing.version);
  const keeper = createKeeper({withPage, isOpen});

  worker.addEventListener("install", (event) => event.waitUntil(install()));
  worker.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => worker.clients.claim())));
  worker.addEventListener("fetch", onFetch);
  worker.addEventListener("message", (event) => event.waitUntil(onMessage(event)));

  // ---- the page itself ----

  async function install() {
    const cache = await caches.open(shell);
    try {
      const kept = (await copies()).map((copy) => listing.exercises[copy.id]).filter(Boolean);
      const wanted = [...Object.entries(listing.files), ...kept.map(({path, digest}) => [path, digest])];
      await Promise.all(wanted.map(([path, digest]) => take(cache, path, digest)));
    } catch (error) {
      await caches.delete(shell);
      throw error;
    }
    await worker.skipWaiting();
  }

  /** @param {string} id the page of an exercise that is being kept */
  async function withPage(id) {
    const {path, digest} = listing.exercises[id] ?? {};
    if (!path) throw new Changed();
    try {
      await take(await caches.open(shell), path, digest);
    } catch (error) {
      // The service has a newer version: that one will keep it.
      if (error instanceof Changed) worker.registration.update().catch(() => {});
      throw error;
    }
  }

  async function tidy() {
    const spare = spareCaches(await caches.keys(), listing.version, await copies(), keeper.busy());
    await Promise.all(spare.map((name) => caches.delete(name)));
  }

  // ---- requests ----

  /** @param {FetchEvent} event */
  function onFetch(event) {
    const {request} = event;
    const url = new URL(request.url);
    const way = wayOf({method: request.method, mode: request.mode, path: url.pathname, isOwn: url.origin === location.origin});
    if (way.as === "network") return;
    const answer = way.as === "asset" ? asset(request) : way.as === "part" ? part(request, url, way) : page(request, url);
    // A store that a browser will not open must not stand between a page and the network.
    event.respondWith(answer.catch(() => fetch(request)));
  }

  /** @param {Request} request */
  async function asset(request) {
    const own = await caches.match(request, {cacheName: shell});
    if (own) return own;
    for (const name of otherShells(await caches.keys(), listing.version)) {
      const found = await caches.match(request, {cacheName: name});
      if (found) return found;
    }
    return fetch(request);
  }

  /** @param {Request} request @param {URL} url @param {{id: string, name: string}} way */
  async function part(request, url, {id, name}) {
    const copy = await copyOf(id);
    const query = url.search.slice(1);
    if (!copy || !sameChoices(copy.query, query)) return request.mode === "navigate" ? page(request, url) : fetch(request);
    const whole = await caches.match(partAddress(id, name, copy.query), {cacheName: copy.cache});
    return whole ? sliced(whole, request.headers.get("Range")) : fetch(request);
  }

  /** @param {Request} request @param {URL} url */
  async function page(request, url) {
    const kept = (/** @type {string} */ path) => caches.match(path, {cacheName: shell});
    const found = url.search ? undefined : await kept(url.pathname);
    if (found) return found;
    try {
      return await fetch(request);
    } catch (error) {
      const instead = (await kept(url.pathname)) ?? (await kept(OFFLINE));
      if (!instead) throw error;
      return instead;
    }
  }

  // ---- what pages ask for ----

  /** @param {ExtendableMessageEvent} event */
  async function onMessage(event) {
    const {ask, ...wish} = event.data ?? {};
    const port = event.ports[0];
    if (ask === "keep") {
      port.postMessage(await keeper.keep(wish, (done, total) => port.postMessage({state: "progress", done, total})));
    } else if (ask === "remove") {
      await keeper.remove(wish.id);
      port.postMessage({state: "removed"});
    } else if (ask === "tend") {
      await keeper.tend(listing.grounding);
      await tidy();
      port.postMessage({state: "tended"});
    }
  }

  /** @param {string} id */
  async function isOpen(id) {
    const open = await worker.clients.matchAll({type: "window", includeUncontrolled: true});
    return open.some((client) => new URL(client.url).pathname === `${root}/exercises/${id}/`);
  }
}

/** Puts a file into a cache, if it is what the list says. @param {Cache} cache @param {string} path @param {string} digest */
async function take(cache, path, digest) {
  const response = await fetch(path, {cache: "no-cache"});
  const {status, type, redirected, headers} = response;
  const cacheControl = headers.get("Cache-Control");
  if (!mayKeep({status, type, redirected, contentType: null, cacheControl})) throw new Changed(path);
  const body = await response.arrayBuffer();
  const seen = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const letters = [...seen].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (letters.slice(0, DIGEST_LETTERS) !== digest) throw new Changed(path);
  const kept = new Headers(headers);
  // These are about the bytes on the wire.
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) kept.delete(name);
  await cache.put(path, new Response(body, {headers: kept}));
}

/** Answer an <audio> element as it asks: 206 and a slice. @param {Response} whole @param {string | null} range */
async function sliced(whole, range) {
  const body = await whole.blob();
  const asked = sliceOf(range, body.size);
  const headers = new Headers(whole.headers);
  headers.set("Accept-Ranges", "bytes");
  if (asked === "none") return new Response(null, {status: 416, headers: {"Content-Range": `bytes */${body.size}`}});
  const [start, stop] = asked ?? [0, body.size];
  headers.set("Content-Length", String(stop - start));
  if (asked) headers.set("Content-Range", `bytes ${start}-${stop - 1}/${body.size}`);
  return new Response(body.slice(start, stop, headers.get("Content-Type") ?? ""), {status: asked ? 206 : 200, headers});
}
