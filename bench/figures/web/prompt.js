// Runs in the measured page before its own scripts: notes each change of the prompt, and plays noise bursts at
// known times on the right channel. The page's own code is untouched.
(shift) => {
  const log = (window.bench = {changes: [], bursts: [], alignment: []});

  // Positive control: what the page reads as the time of the sound is `shift` seconds old.
  const own = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
  if (shift) {
    Object.defineProperty(HTMLMediaElement.prototype, "currentTime", {
      get() { return own.get.call(this) - shift; },
      set(value) { own.set.call(this, value); },
      configurable: true,
    });
  }

  // A change made within a frame's callback is in that frame; one made by a timer or an event is in the next.
  let inFrame = false;
  const raf = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => raf((at) => {
    inFrame = true;
    try { callback(at); } finally { queueMicrotask(() => { inFrame = false; }); }
  });

  let jumpedAt = -Infinity;
  document.addEventListener("seeking", () => { jumpedAt = performance.now(); }, true);

  function changed(said) {
    // a frame may draw the new position before the event says that the sound is on its way there
    const audio = document.getElementById("audio");
    const jumped = audio.seeking || performance.now() - jumpedAt < 500;
    const change = {
      n: log.changes.length, cue: Number(said.dataset.cue), text: said.textContent, changed: performance.now(),
      position: own.get.call(audio), jumped, next: null,
    };
    performance.mark(`bench-${change.n}`);
    log.changes.push(change);
    const ended = (at) => { change.next = at; };
    if (inFrame) raf(ended); else raf(() => raf(ended));
  }

  // where a browser runs nothing before a page's own scripts, this one comes when the page is there
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch);
  else watch();

  function watch() {
    const said = document.querySelector('#stage [data-half="circle"] .said');
    if (!said) return;
    let last = said.dataset.cue;
    new MutationObserver(() => {
      if (said.dataset.cue === last) return;
      last = said.dataset.cue;
      changed(said);
    }).observe(said, {attributes: true, attributeFilter: ["data-cue"]});
  }

  window.benchBursts = async ({rate, size, everyMs, level, windowSize}) => {
    const context = new AudioContext({sampleRate: rate, latencyHint: "playback"});
    await context.resume();
    const merger = context.createChannelMerger(2);
    merger.connect(context.destination);
    const recent = [];
    let due = performance.now() + 2500;
    setInterval(() => {
      const now = performance.now();
      const {contextTime, performanceTime} = context.getOutputTimestamp();
      if (performanceTime > 0) {
        const alignment = contextTime - performanceTime / 1000;
        recent.push(alignment);
        log.alignment.push([performanceTime, alignment]);
      }
      if (recent.length > windowSize) recent.shift();
      if (now < due - 400 || recent.length < windowSize / 4) return;
      const sorted = [...recent].sort((a, b) => a - b);
      const at = sorted[sorted.length >> 1] + due / 1000;
      const buffer = context.createBuffer(1, size, rate);
      const data = buffer.getChannelData(0);
      let seed = 12345 + 7919 * log.bursts.length;
      for (let i = 0; i < size; i++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        data[i] = (seed / 2 ** 32 - 0.5) * 2 * level;
      }
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(merger, 0, 1);
      source.start(at);
      log.bursts.push(at);
      due += everyMs;
    }, 20);
  };
}
