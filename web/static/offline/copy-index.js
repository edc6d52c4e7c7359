/** The index of what is kept, as pages and the worker read it. It names no time: when something was kept is nobody's. */

import {INDEX, indexKey, PARTS} from "./cache-policy.js";

/** @typedef {import("./cache-policy.js").Copy} Copy */

/** @param {string} id @returns {Promise<Copy | null>} */
export async function copyOf(id) {
  const entry = await (await caches.open(INDEX)).match(indexKey(id));
  const copy = await entry?.json();
  return copy && (await isWhole(copy)) ? copy : null;
}

/** Everything that is kept. @returns {Promise<Copy[]>} */
export async function copies() {
  const index = await caches.open(INDEX);
  const ids = (await index.keys()).map((request) => decodeURIComponent(new URL(request.url).pathname.split("/").pop() ?? ""));
  const found = await Promise.all(ids.map(copyOf));
  return found.filter((copy) => copy !== null);
}

/** A browser in need of room may have taken the cache and left the index. @param {Copy} copy */
async function isWhole(copy) {
  return (await caches.has(copy.cache)) && (await (await caches.open(copy.cache)).keys()).length === Object.keys(PARTS).length;
}

/** The copy that counts from now on. @param {Copy} copy */
export async function point(copy) {
  await (await caches.open(INDEX)).put(indexKey(copy.id), new Response(JSON.stringify(copy), {headers: {"Content-Type": "application/json"}}));
}

/** @param {string} id */
export async function forget(id) {
  const index = await caches.open(INDEX);
  const entry = await index.match(indexKey(id));
  await index.delete(indexKey(id));
  const copy = await entry?.json();
  if (copy) await caches.delete(copy.cache);
}
