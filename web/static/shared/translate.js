/** The words of the page's language: English sentences stand in the code, their translations in a block of the page. */

/** @type {Record<string, string> | null} by the English words; read once, empty on an English page */
let translated = null;

function read() {
  const block = document.getElementById("catalogue");
  return block ? JSON.parse(block.textContent ?? "{}") : {};
}

/**
 * A sentence in the page's language, with what stands in braces filled in.
 * @param {string} english @param {Record<string, string | number>} [values]
 */
export function t(english, values = {}) {
  translated ??= read();
  const words = /** @type {Record<string, string>} */ (translated)[english] ?? english;
  return words.replace(/\{(\w+)\}/g, (slot, name) => String(values[name] ?? slot));
}

/** A number as the page's language writes it. @param {number} value @param {number} [digits] after the point */
export function number(value, digits = 0) {
  return value.toLocaleString(document.documentElement.lang, {minimumFractionDigits: digits, maximumFractionDigits: digits});
}
