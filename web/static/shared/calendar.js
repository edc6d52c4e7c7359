/**
 * One event as an .ics file (RFC 5545). Pure.
 *
 * It says when, and nothing about anybody: a calendar may be shared, or lie open on a table.
 */

import {t} from "./translate.js";

const WORDS = t("We come back");
const LASTS = 15 * 60_000;
/** Octets in a line before it is folded (section 3.1). */
const LINE = 75;

/** @param {{until: number, uid: string, moved: number}} agreed @param {number} now */
export function eventFile({until, uid, moved}, now) {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Still Here//Break//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "BEGIN:VEVENT",
    `UID:${uid}@still-here`,
    `SEQUENCE:${moved}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(until)}`,
    `DTEND:${stamp(until + LASTS)}`,
    `SUMMARY:${escaped(WORDS)}`,
    "CLASS:PRIVATE",
    "TRANSP:TRANSPARENT",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "TRIGGER:PT0S",
    `DESCRIPTION:${escaped(WORDS)}`,
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map(folded).join("\r\n") + "\r\n";
}

/** A time as UTC, to the second. @param {number} at */
function stamp(at) {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
}

/** Text as a property's value. @param {string} text */
export function escaped(text) {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
}

/** A line in pieces of at most 75 octets, never cut within a character. @param {string} line */
export function folded(line) {
  const pieces = [""];
  let octets = 0;
  for (const letter of line) {
    const size = new TextEncoder().encode(letter).length;
    if (octets + size > LINE) {
      pieces.push(" ");
      octets = 1;
    }
    pieces[pieces.length - 1] += letter;
    octets += size;
  }
  return pieces.join("\r\n");
}
