/**
 * Speaking over the exercise: as long as a key or the button is held, both phones are quieter.
 *
 * The room forgets it by itself five seconds after it was last said, so it is said again while it is held; a console that
 * goes away leaves nobody quiet.
 */

const AGAIN_MS = 2000;

/** @param {{say: (on: boolean) => void, every: (act: () => void, ms: number) => number, cancel: (timer: number) => void,
 *   onChange: (on: boolean) => void}} outside */
export function createTalk({say, every, cancel, onChange}) {
  let timer = 0;
  let on = false;

  return {
    get on() { return on; },

    begin() {
      if (on) return;
      on = true;
      say(true);
      timer = every(() => say(true), AGAIN_MS);
      onChange(true);
    },

    end() {
      if (!on) return;
      on = false;
      cancel(timer);
      say(false);
      onChange(false);
    },
  };
}

/** The button and the key of it. @param {HTMLElement} button @param {ReturnType<typeof createTalk>} talk
 * @param {(event: KeyboardEvent) => boolean} isKey tells whether a key is the one to hold */
export function listenToTalk(button, talk, isKey) {
  button.addEventListener("pointerdown", (event) => {
    button.setPointerCapture(event.pointerId);
    talk.begin();
  });
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) button.addEventListener(kind, talk.end);
  // A long touch would open a menu over the button that is held.
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  /** @param {KeyboardEvent} event */
  const isHeld = (event) => isKey(event) || (event.target === button && (event.key === " " || event.key === "Enter"));
  let held = "";
  document.addEventListener("keydown", (event) => {
    if (!isHeld(event)) return;
    event.preventDefault();
    if (event.repeat) return;
    held = event.code;
    talk.begin();
  });
  // By its place on the keyboard: with Shift the same key has another name when it comes up.
  document.addEventListener("keyup", (event) => { if (event.code === held) talk.end(); });
  window.addEventListener("blur", talk.end);
  window.addEventListener("pagehide", talk.end);
  document.addEventListener("visibilitychange", () => { if (document.hidden) talk.end(); });
}
