"""say: from Enter on the console to a typed line on the phones, spoken by the default voice of this machine.

A therapist's room with two Chromium phones, "apart", both on one recording (bench/lib/phones/pair.py). The exercise is
paused, so that nothing else sounds; then lines are typed that nobody has spoken before. *Heard:* the first sound in
the recording after Enter, on each phone, by the clocks of the page and of the recorder, which agree to some tens of
milliseconds.
"""

from __future__ import annotations

import time

import numpy as np
from playwright.sync_api import Page

from bench.lib.phones.pair import PASSCODE, need_control, phones
from bench.lib.report import Row, Spread
from bench.lib.service import Service
from tests.support.sound_card import RATE_HZ, recording

EXERCISE = "side-by-side"
LINES = (
    "Both feet on the floor, if you like.",
    "There is no hurry here at all. The chair holds you, and so does the floor under it.",
    "Let your hands rest wherever they are.",
    "You can look at the window, or at nothing.",
    "Whatever is here may stay for a while. Nobody has to do anything about it, and nobody has to say anything.",
    "One breath as it comes, and then another.",
    "Notice the farthest sound that you can hear.",
    "You may open your eyes.",
)
ASKED_S, QUIET_S, LISTEN_S = 1.5, 2.0, 4.0
A_WORD_S = 0.8
"""Longer than any word with the rests that belong to it, so that each line is over before the next is typed."""
STEP_S, AUDIBLE = 0.005, 0.003


def _enter(console: Page, line: str) -> float:
    """Type a line and press Enter; the wall-clock second at which it was pressed."""
    console.fill("#line", line)
    console.press("#line", "Enter")
    return [at for at, kind, key in console.evaluate("() => window.bench.taps") if key == "Enter"][-1] / 1000


def _onset_s(sound: np.ndarray, from_s: float) -> float | None:
    """Seconds from `from_s` until something sounds; None where nothing does, or something did at once."""
    size, start = round(STEP_S * RATE_HZ), round(from_s * RATE_HZ)
    piece = sound[start : start + round(LISTEN_S * RATE_HZ)]
    levels = np.sqrt(
        np.mean(piece[: len(piece) // size * size].reshape(-1, size).astype(np.float64) ** 2, axis=1)
    )
    loud = np.flatnonzero(levels > AUDIBLE)
    return float(loud[0]) * STEP_S if len(loud) and loud[0] > 0 else None


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = [need_control()]
    with Service(environment={"STILL_HERE_PASSCODE": PASSCODE}) as service, phones() as pair:
        console = pair.conducted(service.address, EXERCISE)
        with recording(pair.sound) as take:
            pair.start()
            console.wait_for_timeout(3000)
            console.keyboard.press("p")
            console.wait_for_timeout(QUIET_S * 1000)
            entered = []
            for line in LINES:
                entered.append(_enter(console, line))
                console.wait_for_timeout((LISTEN_S + A_WORD_S * len(line.split())) * 1000)
    began_s = take.start() + time.time() - time.monotonic()
    heard = [[_onset_s(take.sound[:, channel], at - began_s) for channel in (0, 1)] for at in entered]
    read = [max(a, b) for a, b in heard if a is not None and b is not None]
    unread = len(heard) - len(read)
    if not read:
        return [*rows, Row("a typed line", "never heard", f"≤ {ASKED_S} s", ok=False)]
    return [
        *rows,
        Row("a typed line: Enter to its first sound, the later phone", Spread.of(read).show(" s", digits=2),
            f"≤ {ASKED_S} s", ok=max(read) <= ASKED_S),
        Row("lines that were not heard on both", f"{unread} of {len(heard)}", "none", ok=not unread),
    ]  # fmt: skip
