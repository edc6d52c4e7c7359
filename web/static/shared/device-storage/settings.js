/**
 * Listening choices of two people, kept on this device: settings only, and nothing that says which exercise was heard.
 *
 * A length is kept as shortest, usual or longest, since each exercise has its own. The sound under the voice is kept
 * by what an exercise would use by itself, so that a wish for soft air never reaches the ones that are silent on purpose.
 */

import {readingToday} from "./reading.js";

const KEY = "still-here:settings";

/** @returns {Record<string, string>} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {}; // no storage, or not ours: the defaults will do
  }
}

/** @param {string} key @param {string} value */
function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A private window may refuse; nothing depends on it.
  }
}

/** @param {HTMLSelectElement} select */
function slot(select) {
  return select.name === "bed" ? `bed:${select.dataset.default}` : select.name;
}

/** @param {HTMLSelectElement} select */
function valueOf(select) {
  return select.name === "length" ? String(select.selectedIndex) : select.value;
}

/** @param {HTMLSelectElement} select @param {string} value */
function choose(select, value) {
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}

/** @param {HTMLSelectElement} select @param {string} value as it was kept */
function apply(select, value) {
  if (select.name === "length") {
    if (select.options[Number(value)]) select.selectedIndex = Number(value);
  } else choose(select, value);
}

/**
 * Usual choices of these two, for an exercise whose form is not at hand.
 * @param {string} query its own choices @param {string[]} lengths
 */
export function usualQuery(query, lengths) {
  const params = new URLSearchParams(query);
  const remembered = kept();
  for (const [name, own] of [...params]) {
    const value = remembered[name === "bed" ? `bed:${own}` : name];
    const usual = name === "length" ? lengths[Number(value)] : value;
    if (usual !== undefined) params.set(name, usual);
  }
  params.set("reading", String(readingToday()));
  return params.toString();
}

/**
 * Fills the form with what was kept, unless the address says otherwise, and keeps what is changed.
 * @param {HTMLFormElement} form
 * @param {(query: string) => void} onChange called at once, and on every change
 * @returns {(query: string) => void} chooses what a query says, for this once: it is not remembered
 */
export function createSettings(form, onChange) {
  // by the form's own list: one of them may stand elsewhere on the page
  const selects = [...form.elements].filter((one) => one instanceof HTMLSelectElement);
  const asked = new URLSearchParams(location.search);
  const remembered = kept();
  // An exercise for need has the same words each time, and is kept in those.
  let reading = asked.get("reading") ?? (form.dataset.reading || String(readingToday()));
  for (const select of selects) {
    const value = remembered[slot(select)];
    // A page from this phone's own store is not written for the choices in the address.
    if (asked.has(select.name)) choose(select, asked.get(select.name) ?? "");
    else if (value !== undefined) apply(select, value);
  }

  function tell() {
    const chosen = selects.map((select) => [select.name, select.value]);
    onChange(new URLSearchParams([...chosen, ["reading", reading]]).toString());
  }

  for (const select of selects) {
    select.addEventListener("change", () => {
      keep(KEY, JSON.stringify({...kept(), [slot(select)]: valueOf(select)}));
      tell();
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  tell();
  return (query) => {
    const wanted = new URLSearchParams(query);
    for (const select of selects) choose(select, wanted.get(select.name) ?? "");
    reading = wanted.get("reading") ?? reading;
    tell();
  };
}
