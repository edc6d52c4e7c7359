/** Text size and a dim light: two buttons wherever they stand, kept on this device. */

const SIZES = ["", "large", "larger"];
const root = document.documentElement;

/** @param {"text" | "light"} name @param {string} value */
function set(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  try {
    localStorage.setItem(`still-here:${name}`, value);
  } catch {
    // A private window may refuse; then it holds for this page.
  }
  draw();
}

function draw() {
  for (const button of document.querySelectorAll("[data-dim]")) button.setAttribute("aria-pressed", String(root.dataset.light === "dim"));
}

for (const button of document.querySelectorAll("[data-larger]")) {
  button.addEventListener("click", () => set("text", SIZES[(SIZES.indexOf(root.dataset.text ?? "") + 1) % SIZES.length]));
}
for (const button of document.querySelectorAll("[data-dim]")) {
  button.addEventListener("click", () => set("light", root.dataset.light === "dim" ? "" : "dim"));
}
draw();
