/** Controls that step back: after some seconds without a hand only the words and "Too much" are seen. */

const QUIET_AFTER_MS = 6000;

/**
 * A keyboard and a screen reader have them always: they fade and never leave the page.
 * @param {HTMLElement} box carries `data-controls`, "shown" or "quiet"
 * @param {() => boolean} mayFade
 */
export function createQuietControls(box, mayFade) {
  let timer = 0;

  function show() {
    box.dataset.controls = "shown";
    clearTimeout(timer);
    timer = setTimeout(fade, QUIET_AFTER_MS);
  }

  function fade() {
    if (mayFade()) box.dataset.controls = "quiet";
    else show();
  }

  // A finger that wakes them has not seen what it lands on, so that tap does nothing else.
  box.addEventListener("pointerdown", (event) => {
    const unseen = box.dataset.controls === "quiet" && event.pointerType === "touch";
    const {target} = event;
    show();
    if (unseen && target instanceof Element && target.closest("[data-fades]")) swallowClick();
  }, {capture: true});
  for (const event of ["pointermove", "keydown", "focusin"]) document.addEventListener(event, show);
  return show;
}

function swallowClick() {
  /** @param {Event} event */
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener("click", swallow, {capture: true, once: true});
  addEventListener("pointerup", () => setTimeout(() => removeEventListener("click", swallow, {capture: true}), 350), {once: true});
}
