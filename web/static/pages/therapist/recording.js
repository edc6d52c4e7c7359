/** Root of the page on which a script is read aloud, line by line. */

import {openMicrophone} from "../../recording/microphone.js";
import {createLines} from "../../recording/lines.js";
import {inOrder, isClipped, levelOf, mono, peakOf, roomOf, wavOf} from "../../recording/wav.js";
import {t} from "../../shared/translate.js";

const MEASURE_MS = 1500;
const NOISY_DB = -50;
const LONGEST_S = 60;
const DECODED_HZ = 48000;
const METER_MS = 60;
const QUIETEST_DB = -60;
const LOUD_DB = -1;

/** @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

document.documentElement.classList.add("js");
const player = /** @type {HTMLAudioElement} */ (at("player"));
let recording = false;
let busy = false;
const lines = createLines(at("lines"), show, () => recording || busy);
/** @type {Awaited<ReturnType<typeof openMicrophone>> | null} */
let microphone = null;
/** @type {number[] | null} */
let measuring = null;
let timer = 0;
/** A take that did not arrive, and may be sent again. @type {(() => Promise<boolean>) | null} */
let unsent = null;
let shownAt = 0;

/** @param {string} words @param {string} [kind] */
function say(words, kind = "") {
  at("state").textContent = words;
  at("state").dataset.kind = kind;
}

function show() {
  const line = lines.current;
  at("which").textContent = t("Line {number} of {all}", {number: lines.index + 1, all: lines.count});
  at("about").textContent = line.about;
  at("words").textContent = line.words;
  at("progress").textContent = t("{kept} of {lines} lines read", {kept: lines.kept, lines: lines.count});
  say(line.sentence, line.state);
  allow();
}

function allow() {
  const line = lines.current;
  const kept = line.state === "kept";
  at("record").disabled = !microphone || measuring !== null || busy;
  at("record").setAttribute("aria-pressed", String(recording));
  at("record-label").textContent = recording ? t("Stop") : kept ? t("Again") : t("Record");
  at("listen").disabled = !kept || recording || busy;
  at("delete").hidden = !kept;
  at("resend").hidden = !unsent;
  for (const id of ["resend", "delete", "back", "next", "next-open", "files"]) at(id).disabled = recording || busy;
  if (!recording) at("back").disabled ||= lines.index === 0;
  if (!recording) at("next").disabled ||= lines.index === lines.count - 1;
  at("next-open").hidden = lines.kept === lines.count;
}

/** @param {Float32Array} piece */
function hear(piece) {
  measuring?.push(levelOf(piece));
  const now = performance.now();
  if (now - shownAt < METER_MS) return;
  shownAt = now;
  const peak = Math.max(QUIETEST_DB, peakOf(piece));
  at("meter").value = peak;
  at("bar-level").style.transform = `scaleX(${1 - peak / QUIETEST_DB})`;
  at("bar").dataset.loud = String(peak > LOUD_DB);
}

async function open() {
  at("open").disabled = true;
  at("room-words").textContent = t("The microphone is being opened.");
  try {
    if (!navigator.mediaDevices) throw new DOMException("", "SecurityError");
    microphone = await openMicrophone(hear);
  } catch (error) {
    at("open").disabled = false;
    at("room-words").textContent = whyNot(error);
    return;
  }
  at("microphone").hidden = true;
  at("levels").hidden = false;
  measuring = [];
  at("room").textContent = t("Stay quiet for a moment: the room is being listened to.");
  allow();
  setTimeout(() => {
    const room = roomOf(measuring ?? []);
    measuring = null;
    at("room").textContent = room > NOISY_DB
      ? t("This room is not quiet (−{level} dB). Close the window, turn off what hums, or sit nearer; then read.", {level: Math.round(-room)})
      : t("The room is quiet. You can read.");
    allow();
    at("record").focus();
  }, MEASURE_MS);
}

/** @param {unknown} error */
function whyNot(error) {
  const name = error instanceof DOMException ? error.name : "";
  if (!isSecureContext) return t("A browser gives the microphone only to https pages. Open this page on the machine itself, or over https; files can be dropped here all the same.");
  if (name === "NotAllowedError") return t("The microphone was not allowed. Allow it beside the address, then try again.");
  if (name === "NotFoundError") return t("There is no microphone here. Plug one in, or drop files.");
  return t("The microphone cannot be opened. Another program may hold it; close that and try again.");
}

async function record() {
  if (!microphone || measuring || busy) return;
  if (!recording) {
    player.pause();
    recording = true;
    microphone.start();
    say(t("Recording. Read the line; stop when you are done."));
    timer = window.setTimeout(record, LONGEST_S * 1000 - 500);
    allow();
    return;
  }
  clearTimeout(timer);
  recording = false;
  busy = true;
  allow();
  const samples = await microphone.stop();
  await send(lines.current, samples, microphone.rate);
  busy = false;
  allow();
}

/**
 * Sends a take; what came of it is told. Whether it was taken.
 * @param {typeof lines.current} line @param {Float32Array} samples @param {number} rate
 */
async function send(line, samples, rate) {
  say(t("Sending the take."));
  unsent = null;
  if (samples.length > rate * LONGEST_S) {
    say(t("That is longer than {most} seconds, too much for one line.", {most: LONGEST_S}), "trouble");
    return false;
  }
  try {
    const body = await answered(`${line.digest}.wav`, wavOf(samples, rate), "audio/wav");
    lines.update(body);
    show();
    if (isClipped(samples) && !body.note) say(t("It was too loud in places. Read it again a little farther away."), "trouble");
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) unsent = () => send(line, samples, rate);
    say(sentenceOf(error), "trouble");
    return false;
  }
}

/** The service looked at a take and will not have it: sending it again is of no use. */
class Refused extends Error {}

/** @param {string} address @param {BodyInit} [body] @param {string} [type] */
async function answered(address, body, type = "application/json") {
  const answer = await fetch(address, {
    method: "POST", body: body ?? "{}", headers: {Accept: "application/json", "Content-Type": type},
  });
  const plain = await answer.json();
  if (!answer.ok) throw new (answer.status === 422 ? Refused : Error)(plain.error.message);
  return plain;
}

/** @param {unknown} error */
function sentenceOf(error) {
  const words = error instanceof Error && !(error instanceof TypeError) && !(error instanceof SyntaxError) ? error.message : "";
  return words || t("It did not arrive. Check the connection; what you have read is still here and can be sent again.");
}

async function listen() {
  if (lines.current.state !== "kept" || recording) return;
  // a new take has the same address, and nothing of it is kept by the browser
  player.src = `${lines.current.digest}.flac?${Date.now()}`;
  try {
    await player.play();
  } catch {
    say(t("This browser cannot play the take. It is kept all the same."), "trouble");
  }
}

async function remove() {
  const line = lines.current;
  if (line.state !== "kept" || !confirm(t("Delete this take? It is gone then, wherever it was heard."))) return;
  player.pause();
  try {
    await answered(`${line.digest}/delete`);
    lines.update({...line, state: "none", seconds: 0, note: ""});
    show();
  } catch (error) {
    say(sentenceOf(error), "trouble");
  }
}

/** @param {Iterable<File>} chosen */
async function takeFiles(chosen) {
  const files = inOrder([...chosen]);
  if (!files.length || busy || recording) return;
  busy = true;
  allow();
  let taken = 0;
  for (const file of files) {
    const samples = await decoded(file);
    if (!samples || !(await send(lines.current, samples, DECODED_HZ))) {
      const why = samples ? at("state").textContent : t("Its sound cannot be read here. Save it as WAV or MP3.");
      const before = taken ? t("{count} before it were.", {count: taken}) : "";
      const not = t("{file} was not taken.", {file: file.name});
      say(`${not} ${why} ${before}`.trim(), "trouble");
      break;
    }
    taken += 1;
    if (taken < files.length && !lines.go(1)) {
      say(t("There are more files than lines; {count} were taken.", {count: taken}), "trouble");
      break;
    }
  }
  busy = false;
  at("files").value = "";
  allow();
}

/** A file as one channel of samples, or null. @param {File} file */
async function decoded(file) {
  try {
    const context = new OfflineAudioContext(1, 1, DECODED_HZ);
    const sound = await context.decodeAudioData(await file.arrayBuffer());
    return mono(Array.from({length: sound.numberOfChannels}, (_, i) => sound.getChannelData(i)));
  } catch {
    return null;
  }
}

async function resend() {
  if (!unsent || busy) return;
  busy = true;
  allow();
  await unsent();
  busy = false;
  allow();
}

/** @param {number} step */
function go(step) {
  if (recording || busy) return;
  player.pause();
  lines.go(step);
}

at("open").addEventListener("click", open);
at("record").addEventListener("click", record);
at("listen").addEventListener("click", listen);
at("back").addEventListener("click", () => go(-1));
at("next").addEventListener("click", () => go(1));
at("next-open").addEventListener("click", () => { if (!busy) lines.goOpen(); });
at("resend").addEventListener("click", resend);
at("delete").addEventListener("click", remove);
at("files").addEventListener("change", () => takeFiles(at("files").files));

for (const type of ["dragenter", "dragover"]) {
  at("drop").addEventListener(type, (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    at("drop").dataset.over = "true";
  });
}
for (const type of ["dragleave", "drop"]) at("drop").addEventListener(type, () => { at("drop").dataset.over = "false"; });
at("drop").addEventListener("drop", (/** @type {DragEvent} */ event) => {
  event.preventDefault();
  takeFiles(event.dataTransfer?.files ?? []);
});

/** @type {Record<string, () => void>} */
const KEYS = {r: record, l: listen, n: () => go(1), b: () => go(-1)};
document.addEventListener("keydown", (event) => {
  if (!at("keys-on").checked || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
addEventListener("pagehide", () => microphone?.close());

show();
