/**
 * Contents of the caches on this phone, and what a request gets from them. Pure: descriptions in, decisions out.
 *
 * Two kinds of cache. A *shell* holds the pages and files of one version, whole. A *copy* holds the sound and the texts
 * of one exercise for one set of choices, whole. The index says which copy is the one that counts, so that changing
 * one entry of it exchanges a copy at once.
 *
 * @typedef {{id: string, title: string, query: string, cache: string, bytes: number, duration: number}} Copy
 * @typedef {{version: string, files: Record<string, string>,
 *   exercises: Record<string, {path: string, digest: string}>,
 *   grounding: {id: string, title: string, query: string} | null}} Listing
 * @typedef {{as: "asset"} | {as: "part", id: string, name: string} | {as: "page"} | {as: "network"}} Way
 */

import {root, site} from "../shared/language-root.js";
import {number, t} from "../shared/translate.js";

/** Each language keeps to itself, so that neither clears away what the other holds. */
const OURS = `still-here${root.replace("/", "-")}`;
export const INDEX = `${OURS}-kept`;
const SHELL = `${OURS}-shell-`;
const COPY = `${OURS}-copy-`;

/** The parts of a copy, by name, with the type that it must have. The sound comes last: it is the largest. */
export const PARTS = /** @type {const} */ ({
  "timeline.json": "application/json",
  "captions.vtt": "text/vtt",
  "transcript.txt": "text/plain",
  "audio.mp3": "audio/mpeg",
});

/** @param {string} version */
export const shellName = (version) => SHELL + version;

/**
 * A copy's cache is named by what is in it, so that the same is never fetched twice and never taken for another.
 * @param {string} id @param {(string | null)[]} etags
 */
export function copyName(id, etags) {
  return `${COPY}${id}-${etags.map((etag) => (etag ?? "").replace(/^W\/|"/g, "")).join("-")}`;
}

/** The address under which the index keeps an entry. @param {string} id */
export const indexKey = (id) => `/kept/${encodeURIComponent(id)}`;

/** Shells of other versions, the newest first. @param {string[]} names oldest first @param {string} version */
export function otherShells(names, version) {
  return names.filter((name) => name.startsWith(SHELL) && name !== shellName(version)).reverse();
}

/**
 * Which caches nobody needs any more. The shell before this one stays: a page of it may still be open.
 * @param {string[]} names oldest first @param {string} version @param {Copy[]} copies @param {string[]} busy copies under way
 */
export function spareCaches(names, version, copies, busy) {
  const held = new Set([...copies.map((copy) => copy.cache), ...busy]);
  const loose = names.filter((name) => name.startsWith(COPY) && !held.has(name));
  return [...otherShells(names, version).slice(1), ...loose];
}

const PART = new RegExp(`^${root}/exercises/([^/]+)/([^/]+)$`);

/**
 * Source that answers a request. A path not named here is the network's alone: rooms, the console, sockets, forms.
 * @param {{method: string, mode: string, path: string, isOwn: boolean}} request @returns {Way}
 */
export function wayOf({method, mode, path, isOwn}) {
  if (!isOwn || method !== "GET") return {as: "network"};
  const [, id, name] = PART.exec(path) ?? [];
  if (name && name in PARTS) return {as: "part", id, name};
  if (mode === "navigate") return {as: "page"};
  if (path.startsWith(`${site}/static/`) || path === `${root}/manifest.webmanifest`) return {as: "asset"};
  return {as: "network"};
}

/** Tells whether two query strings choose the same. @param {string} a @param {string} b */
export function sameChoices(a, b) {
  const sorted = (/** @type {string} */ query) => {
    const params = new URLSearchParams(query);
    params.sort();
    return params.toString();
  };
  return sorted(a) === sorted(b);
}

/** Tells whether they choose the same but for the wordings of the day. @param {string} a @param {string} b */
export function sameButReading(a, b) {
  const without = (/** @type {string} */ query) => {
    const params = new URLSearchParams(query);
    params.delete("reading");
    return params.toString();
  };
  return sameChoices(without(a), without(b));
}

/**
 * True if an answer may be kept: whole, from here, of the right type, and not forbidden. An error page never is.
 * @param {{status: number, type: string, redirected: boolean, contentType: string | null, cacheControl: string | null}} answer
 * @param {string} [wanted] the type that it must have, if that is known
 */
export function mayKeep({status, type, redirected, contentType, cacheControl}, wanted) {
  if (status !== 200 || type !== "basic" || redirected) return false;
  if (/\bno-store\b/.test(cacheControl ?? "")) return false;
  return !wanted || (contentType ?? "").split(";")[0].trim() === wanted;
}

/**
 * The part of a file that a Range header asks for: first byte and the one after the last; null for all of it, as
 * for a header that says nothing usable; "none" where the file has no such bytes. (RFC 9110, 14.2)
 * @param {string | null} header @param {number} size @returns {[start: number, stop: number] | null | "none"}
 */
export function sliceOf(header, size) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec((header ?? "").trim()) ?? [];
  if (first === undefined || (first === "" && last === "")) return null;
  if (first === "") return Number(last) ? [Math.max(0, size - Number(last)), size] : "none";
  if (last !== "" && Number(last) < Number(first)) return null;
  if (Number(first) >= size) return "none";
  return [Number(first), last === "" ? size : Math.min(Number(last) + 1, size)];
}

/** Not all of what a browser offers can be used: the index and the file system take some. */
const SLACK_BYTES = 512 * 1024;

/** Tells whether `bytes` more have a place. @param {{quota?: number, usage?: number}} estimate @param {number} bytes */
export function hasRoom({quota, usage}, bytes) {
  return quota === undefined || quota - (usage ?? 0) >= bytes + SLACK_BYTES;
}

/** Bytes as people read them. @param {number} bytes */
export function sizeWords(bytes) {
  const mb = bytes / 1e6;
  if (mb < 0.1) return t("less than {size} MB", {size: number(0.1, 1)});
  return mb >= 1000 ? `${number(mb / 1000, 1)} GB` : `${number(mb, mb >= 100 ? 0 : 1)} MB`;
}
