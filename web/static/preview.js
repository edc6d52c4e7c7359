/**
 * Hearing a voice before choosing it: one short sentence, played when voice, pace or pitch is changed.
 *
 * What could be chosen next is fetched when the settings are opened, one after the other, so a change is heard at once.
 */

const HEARD = ["voice", "pace", "pitch"];

/** @param {FormData} chosen @param {Record<string, string>} [instead] */
function addressOf(chosen, instead = {}) {
  const query = new URLSearchParams(HEARD.map((name) => [name, instead[name] ?? String(chosen.get(name))]));
  return `/voices/preview.flac?${query}`;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLDetailsElement} details what has to be open for any of this
 */
export function createPreview(form, details) {
  if (!form.elements.namedItem("pitch")) return;
  const sound = new Audio();
  const fetched = new Set();
  let turn = 0;

  async function fetchNext() {
    const mine = (turn += 1);
    const chosen = new FormData(form);
    for (const name of ["pitch", "pace", "voice"]) {
      for (const option of /** @type {HTMLSelectElement} */ (form.elements.namedItem(name)).options) {
        const address = addressOf(chosen, {[name]: option.value});
        if (mine !== turn || !details.open) return;
        if (fetched.has(address)) continue;
        const response = await fetch(address).catch(() => null);
        if (response?.ok) fetched.add(address);
      }
    }
  }

  details.addEventListener("toggle", () => {
    if (details.open) fetchNext();
    else sound.pause();
  });
  form.addEventListener("change", (event) => {
    if (!HEARD.includes(/** @type {HTMLSelectElement} */ (event.target).name)) return;
    sound.src = addressOf(new FormData(form));
    sound.play().catch(() => {}); // a phone may refuse; then nothing is heard before the exercise
    fetchNext();
  });
  return {stop: () => sound.pause()};
}
