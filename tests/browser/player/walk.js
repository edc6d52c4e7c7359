// The moments of an exercise that differ in what stands there: of each part its longest line, and everything that asks.
async (view) => {
  const audio = document.getElementById("audio"), said = "[data-half] .said";
  const plan = window.plan ??= await (await fetch('timeline.json' + document.querySelector('[data-file]').search)).json();
  const seen = (one) => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 2;
  const press = (id, on) => { const b = document.getElementById(id); if ((b.getAttribute("aria-pressed") === "true") !== on) b.click(); };
  press("turn", view === "turned"); press("split", view !== "one"); if (view === "turned") press("turn", true);
  const longest = new Map();
  const size = ({text}) => Math.max(text.circle.length, text.square.length);
  for (const cue of plan.cues) {
    if (!cue.text || cue.kind === "word") continue;
    const key = `${cue.part} ${cue.text.circle === cue.text.square}`;
    if (!longest.has(key) || size(longest.get(key)) < size(cue)) longest.set(key, cue);
  }
  const wanted = plan.cues.filter((c) => [...longest.values()].includes(c) || ["decision", "hold", "breath"].includes(c.kind));
  const faults = [];
  for (const cue of wanted) {
    audio.currentTime = cue.start + 0.05;
    for (const yes of document.querySelectorAll('#decision:not([hidden]) [data-yes][aria-pressed="false"]')) yes.click();
    if (cue.kind === "decision") await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));  // words are fitted before they are painted
    const told = `${view} at ${cue.start.toFixed(1)} (${cue.kind})`;
    const controls = [...document.querySelectorAll("#player button, #too-much, #more")].filter(seen).filter((b) => !b.closest("#sheet"));
    for (const id of ["play", "skip", "too-much", ...(cue.kind === "decision" ? ["ask"] : [])]) {
      if (id === "ask" ? !controls.some((b) => b.matches("[data-no]")) : !controls.some((b) => b.id === id)) faults.push(`${told}: no ${id}`);
    }
    const boxes = controls.map((b) => [b, b.getBoundingClientRect()]);
    for (const [b, r] of boxes) {
      const name = b.id || b.textContent.trim();
      if (r.left < -0.5 || r.top < -0.5 || r.right > innerWidth + 0.5 || r.bottom > innerHeight + 0.5) faults.push(`${told}: ${name} is outside`);
      for (const [x, y] of [[0.5, 0.5], [0.2, 0.3], [0.8, 0.7]]) {
        const hit = document.elementFromPoint(r.left + r.width * x, r.top + r.height * y);
        if (!hit || (hit !== b && !b.contains(hit))) faults.push(`${told}: ${name} lies under ${hit?.id || hit?.className}`);
      }
    }
    const words = [...document.querySelectorAll(said)].filter(seen);
    if (!words.length) faults.push(`${told}: no words`);
    for (const p of words) {
      const r = p.getBoundingClientRect();
      if (r.left < 0 || r.top < 0 || r.right > innerWidth || r.bottom > innerHeight || p.scrollWidth > p.clientWidth + 1) faults.push(`${told}: cut: ${p.textContent}`);
      for (const [b, c] of boxes) {
        if (c.left < r.right && c.right > r.left && c.top < r.bottom - 4 && c.bottom > r.top + 4) faults.push(`${told}: words under ${b.id || b.textContent.trim()}: ${p.textContent}`);
      }
      for (const q of words) {
        const c = q.getBoundingClientRect();
        if (q !== p && c.left < r.right && c.right > r.left && c.top < r.bottom - 2 && c.bottom > r.top + 2) faults.push(`${told}: words on words: ${p.textContent}`);
      }
    }
  }
  return faults;
}
