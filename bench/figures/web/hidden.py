"""hidden: two minutes of an exercise with its page hidden, as it came out of the sound card.

An exercise with a bed is begun, so that its sound never stops by itself. After some seconds another tab is opened
in front of it; the browser is not told to spare hidden pages. What the sound card played is compared with the file:
a piece of it every second, each looked for by its waveform where the one before says that it is. A gap would be
silence, and would move everything behind it. Then the page comes back into view, and its words are read at once.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from bench.lib.browsers.tab import Tab, chromium
from bench.lib.report import CannotMeasure, Row
from bench.lib.service import Service
from bench.lib.sound.decoding import RATE_HZ as FILE_HZ
from bench.lib.sound.decoding import decode
from tests.support.sound_card import RATE_HZ, Take, locate, recording, sound_card

EXERCISE = "the-long-way-out"
CHOICES = {"bed": "air", "bell": "none", "reading": "0"}
HIDDEN_S, BEFORE_S = 120.0, 8.0
PIECE_S, REACH_S, LIKENESS = 0.5, 0.25, 0.6
ALLOWED_SHIFT_MS = 5.0
ALLOWED_SILENCE_MS = 5.0
WORDS = """(() => {
  const said = document.querySelector('[data-half="circle"] .said');
  return [document.hidden, document.getElementById("audio").currentTime, said.textContent];
})()"""


def _begin(tab: Tab) -> None:
    end = time.monotonic() + 30
    while not tab.evaluate("document.documentElement.classList.contains('js')"):
        if time.monotonic() > end:
            raise CannotMeasure("the page does not open.")
        time.sleep(0.1)
    time.sleep(3)
    tab.evaluate("document.getElementById('begin').click()")
    while tab.evaluate("document.getElementById('audio').currentTime") < BEFORE_S:
        time.sleep(0.1)
        if time.monotonic() > end:
            raise CannotMeasure("the page does not play.")


def _silence_ms(take: Take, start: int, stop: int) -> float:
    """The longest run of samples that are nothing at all."""
    quiet = ~take.sound[start:stop].any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
    runs = edges[1::2] - edges[::2]
    return float(runs.max() / RATE_HZ * 1000) if len(runs) else 0.0


def _places(take: Take, file: np.ndarray, first_s: float, last_s: float) -> list[tuple[float, float]]:
    """(ms that a piece stands from where the first one puts it, likeness), one for each second of the file."""
    heard = take.sound[:, 0]
    size, places = int(PIECE_S * RATE_HZ), []
    origin: float | None = None
    for at_s in np.arange(first_s, last_s, 1.0):
        at = int(at_s * RATE_HZ)
        piece = file[at : at + size]
        near = (
            (0, len(heard))
            if origin is None
            else (int(at + origin - REACH_S * RATE_HZ), int(at + origin + REACH_S * RATE_HZ))
        )
        found, likeness = locate(piece, heard, *near)
        if origin is None:
            origin = found - at
        places.append(((found - at - origin) / RATE_HZ * 1000, likeness))
    return places


def _words_at(plan: dict[str, Any], at: float) -> str:
    spoken = [cue for cue in plan["cues"] if cue["kind"] in ("line", "prompt") and cue["start"] <= at]
    return str(spoken[-1]["text"]["circle"])


def measure() -> list[Row]:
    """The rows of this figure."""
    with Service() as service, sound_card() as own, tempfile.TemporaryDirectory() as folder:
        mp3 = Path(folder) / "whole.mp3"
        mp3.write_bytes(service.get(f"/exercises/{EXERCISE}/audio.mp3", **CHOICES).body)
        plan = json.loads(service.get(f"/exercises/{EXERCISE}/timeline.json", **CHOICES).body)
        file = soxr.resample(decode(mp3, 1)[:, 0], FILE_HZ, RATE_HZ)
        query = "&".join(f"{name}={value}" for name, value in CHOICES.items())
        with chromium(own) as browser, recording(own) as take:
            tab = browser.open(f"{service.address}/exercises/{EXERCISE}/?{query}")
            _begin(tab)
            browser.open("about:blank")
            time.sleep(0.5)
            hidden, first, _ = tab.evaluate(WORDS)
            if not hidden:
                raise CannotMeasure("this Chromium does not hide a tab behind another.")
            time.sleep(HIDDEN_S)
            hidden, last, _ = tab.evaluate(WORDS)
            tab.send("Page.bringToFront")
            shown, at, words = tab.evaluate(WORDS)
            time.sleep(1)
    places = _places(take, file, first, last - 1)
    clear = [ms for ms, likeness in places if likeness >= LIKENESS]
    start = int(locate(file[int(first * RATE_HZ) :][: RATE_HZ // 2], take.sound[:, 0], 0, len(take.sound))[0])
    silence = _silence_ms(take, start, start + int((last - first - 1) * RATE_HZ))
    shift = max(map(abs, clear), default=float("inf"))
    found = f"{len(clear)} of {len(places)} pieces found, at most {shift:.2f} ms out of place"
    right = hidden and not shown and words == _words_at(plan, at)
    return [
        Row(f"hidden for {last - first:.0f} s: longest silence", f"{silence:.1f} ms", f"≤ {ALLOWED_SILENCE_MS:.0f} ms",
            ok=silence <= ALLOWED_SILENCE_MS),
        Row("  the file against what came out", found, f"all, ≤ {ALLOWED_SHIFT_MS:.0f} ms",
            ok=len(clear) == len(places) and shift <= ALLOWED_SHIFT_MS, values={"places": places}),
        Row("  words when it is back in view", "right" if right else f"{words!r}", "right at once", ok=right),
    ]  # fmt: skip
