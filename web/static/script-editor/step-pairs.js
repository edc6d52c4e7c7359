/** Two texts of one script beside each other, step by step. Pure. */

const STEP = /^( *)- /;

/** The lines on which steps begin, from 0; empty where there are none yet. @param {string} text @returns {number[]} */
export function stepLines(text) {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => /^steps:/.test(line));
  if (from < 0) return [];
  const first = lines.slice(from + 1).find((line) => STEP.test(line));
  const indent = first ? STEP.exec(first)?.[1] : undefined;
  return lines.flatMap((line, at) => (at > from && STEP.exec(line)?.[1] === indent ? [at] : []));
}

/**
 * The line of the other text that a line of this one stands beside: the same line of the same step.
 * @param {number} line @param {number[]} mine @param {number[]} other lines on which steps begin
 * @returns {number}
 */
export function besideLine(line, mine, other) {
  let step = mine.length - 1;
  while (step >= 0 && mine[step] > line) step -= 1;
  if (step < 0 || !other.length) return line;
  const theirs = Math.min(step, other.length - 1), next = other[theirs + 1] ?? Infinity;
  return Math.min(other[theirs] + line - mine[step], next - 1);
}
