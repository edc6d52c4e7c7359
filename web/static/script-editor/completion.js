/** Completions at a place of a script: keys and values of the published schema. Pure. */

/** @typedef {Record<string, any>} Schema */

const KEY = /^(\s*)((?:- )*)([\w]*)$/;
const VALUE = /^(\s*)((?:- )*)(\w+):[ ]+([\w-]*)$/;
const LINE = /^(\s*)((?:- )*)(\w+):/;

/**
 * @param {Schema} schema @param {string} text @param {number} at the place of the caret
 * @returns {{from: number, offers: {label: string, insert: string}[]}} where the word begins that an offer takes the place of
 */
export function offersAt(schema, text, at) {
  const lines = text.slice(0, at).split("\n");
  const line = lines.pop() ?? "";
  const value = VALUE.exec(line);
  if (value) {
    const [, indent, dashes, key, begun] = value;
    const path = [...pathTo(lines, indent.length + dashes.length), key];
    return {from: at - begun.length, offers: begins(valuesAt(schema, path), begun, "")};
  }
  const word = KEY.exec(line);
  if (!word) return {from: at, offers: []};
  const [, indent, dashes, begun] = word;
  return {from: at - begun.length, offers: begins(keysAt(schema, pathTo(lines, indent.length + dashes.length)), begun, ": ")};
}

/** @param {string[]} all @param {string} begun @param {string} after */
function begins(all, begun, after) {
  return all.filter((one) => one.startsWith(begun) && one !== begun).map((label) => ({label, insert: label + after}));
}

/** The keys that something in this column lies within. @param {string[]} above @param {number} column */
function pathTo(above, column) {
  const path = [];
  for (const line of above.toReversed()) {
    const found = LINE.exec(line);
    if (!found || found[1].length + found[2].length >= column) continue;
    column = found[1].length + found[2].length;
    path.unshift(found[3]);
  }
  return path;
}

/** Every plain shape that a part of the schema allows. @param {Schema} root @param {Schema} part @returns {Schema[]} */
function shapes(root, part) {
  if (part.$ref) return shapes(root, root.$defs[part.$ref.split("/").pop()]);
  const several = part.anyOf ?? part.oneOf;
  if (several) return several.flatMap((/** @type {Schema} */ one) => shapes(root, one));
  if (part.type === "array" && part.items) return shapes(root, part.items);
  return [part];
}

/** @param {Schema} root @param {string[]} path */
function shapesAt(root, path) {
  let found = shapes(root, root);
  for (const key of path) {
    found = found.flatMap((one) => (one.properties?.[key] ? shapes(root, one.properties[key]) : []));
  }
  return found;
}

/** @param {Schema} schema @param {string[]} path @returns {string[]} */
function keysAt(schema, path) {
  return [...new Set(shapesAt(schema, path).flatMap((one) => Object.keys(one.properties ?? {})))];
}

/** @param {Schema} schema @param {string[]} path @returns {string[]} */
function valuesAt(schema, path) {
  const found = shapesAt(schema, path).flatMap((one) => {
    if (one.type === "boolean") return ["true", "false"];
    if (one.type === "null") return ["null"];
    if ("const" in one) return [one.const];
    if (one.type === "integer" && one.maximum <= 3) return ["0", "1", "2", "3"];
    return one.enum ?? [];
  });
  return [...new Set(found.map(String))];
}
