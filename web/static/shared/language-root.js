/**
 * Beginning of the paths of this language: nothing for English, "/es" for Spanish. A page has it from its first
 * element, a service worker from its scope; each language has a worker of its own.
 */

export const root = typeof document === "undefined"
  ? new URL(/** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self)).registration.scope).pathname.replace(/\/$/, "")
  : document.documentElement.dataset.root ?? "";

/** Beginning of all paths of the service: nothing, or where a proxy shows it, such as "/quiet". */
export const site = /^(.*?)\/static\//.exec(new URL(import.meta.url).pathname)?.[1] ?? "";
