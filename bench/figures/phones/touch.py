"""touch: from a finger on one phone to what is felt and seen on the other, over loopback.

Two Chromium pages in one room, each with a sound card's output. The first phone's mark is pressed and let go again
and again while the exercise is at a touch. *Held:* the event of the pointer, by its own time stamp. *Felt:* the tone is
begun on the other page, and what that browser states of its output's latency is added; a vibration begins at the same
moment and needs no output. *Seen:* the second frame after the light was switched on, so that one was drawn with it.
Both pages read the wall clock of one machine.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np

from bench.lib.phones.pair import Phones, phones
from bench.lib.report import CannotMeasure, Row, Spread
from bench.lib.service import Service

SCRIPTS = Path(__file__).parents[3] / "tests" / "support" / "scripts"
GROUNDING = Path(__file__).parents[3] / "exercises" / "scripts" / "too-much-for-now.yaml"
EXERCISE, LENGTH_S = "fingertip", 84
TOUCHES, HELD_MS, APART_MS = 40, 300, 350
ASKED_MS = 80.0

NOTING = """(() => {
  const wall = () => performance.timeOrigin + performance.now();
  const touch = window.touch = {held: [], felt: [], seen: [], latency: []};
  const contexts = [], Plain = window.AudioContext;
  window.AudioContext = class extends Plain { constructor(...a) { super(...a); contexts.push(this); } };
  const pressed = ({timeStamp}) => touch.held.push(performance.timeOrigin + timeStamp);
  addEventListener("pointerdown", pressed, {capture: true});
  addEventListener("DOMContentLoaded", () => {
    const mark = document.querySelector("#pair");
    if (!mark) return;
    const lit = () => {
      if (mark.dataset.circle !== "true") return;
      const {outputLatency = 0, baseLatency = 0} = contexts.at(-1) ?? {};
      touch.felt.push(wall());
      touch.latency.push((outputLatency + baseLatency) * 1000);
      requestAnimationFrame(() => requestAnimationFrame(() => touch.seen.push(wall())));
    };
    new MutationObserver(lit).observe(mark, {attributeFilter: ["data-circle"]});
  });
})();"""


def _touched(pair: Phones) -> tuple[list[float], dict[str, list[float]]]:
    """Times at which the first phone was pressed, and what the second noted of each."""
    pair.a.wait_for_selector("#pair[data-touch]")
    pair.b.wait_for_selector("#pair[data-touch]")
    pair.a.hover("#pair")
    pair.a.evaluate("() => { touch.held.length = 0; }")
    for _ in range(TOUCHES):
        pair.a.mouse.down()
        pair.a.wait_for_timeout(HELD_MS)
        pair.a.mouse.up()
        pair.a.wait_for_timeout(APART_MS)
    return pair.a.evaluate("() => touch.held"), pair.b.evaluate("() => touch")


def measure() -> list[Row]:
    """The rows of this figure."""
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as folder:
        for path in (SCRIPTS / f"{EXERCISE}.yaml", GROUNDING):
            shutil.copy(path, folder)
        with Service(scripts=Path(folder)) as service, phones() as pair:
            for page in pair.both:
                page.context.add_init_script(NOTING)
            pair.open(service.address, EXERCISE, LENGTH_S)
            pair.start()
            for page in pair.both:
                page.click("#ask [data-answer=yes]")
            held, noted = _touched(pair)
    felt, latency, seen = (np.array(noted[name]) for name in ("felt", "latency", "seen"))
    if not len(held) == len(felt) == len(seen):
        raise CannotMeasure(f"of {len(held)} touches {len(felt)} were felt; is the machine too busy?")
    told = felt - np.array(held)
    return [
        _row("held to felt by a hand (vibration begins)", told),
        _row("held to felt by ear (tone begins, and the output's own latency)", told + latency),
        _row("held to seen (drawn)", seen - np.array(held)),
    ]


def _row(what: str, ms: np.ndarray) -> Row:
    p95 = float(np.percentile(ms, 95))
    seen = f"p95 {p95:.1f} ms; {Spread.of(ms).show(' ms')}"
    return Row(what, seen, f"p95 ≤ {ASKED_MS:.0f} ms", ok=p95 <= ASKED_MS, values={"ms": ms.tolist()})
