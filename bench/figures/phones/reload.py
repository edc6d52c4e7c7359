"""reload: one phone's page is loaded again in the middle of an exercise, eight times, while the other plays on.

The page is back when its `load` has fired. *Ready:* from then until it has placed the first sound of the exercise.
*Heard:* every line that begins two seconds or more after the page was back has to be heard whole on that phone, and
in step with the other (bench/lib/phones/pair.py); only lines that began earlier, while it was away, are excused. The
browser lets a page sound without a touch here; where one asks for a touch first, the time until somebody gives it
comes on top.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from playwright.sync_api import Page

from bench.lib.phones.pair import anchor, hear, need_control, phones, until, windows_of
from bench.lib.report import Row, Spread
from bench.lib.service import Service
from tests.support.sound_card import RATE_HZ, recording

EXERCISE, LENGTH_S = "side-by-side", 180
RELOADS, READY_S, STEP_MS = 8, 2.0, 5.0
SETTLE_S, EVERY_S, LAST_S = 16.0, 17.0, 1.0
"""Until the first reload, from one to the next, and what is left out at the end, so that each line is there whole."""


def _reload(page: Page) -> tuple[float, float, float]:
    """Load the page again: wall-clock seconds of the order, of its return, and of the first sound it placed."""
    ordered = time.time()
    page.reload(wait_until="load")
    page.wait_for_selector("#room[data-state=playing]")
    log: dict[str, Any] = until(
        page, lambda: (found := page.evaluate("() => window.bench"))["starts"] and found
    )
    return ordered, log["loaded"] / 1000, log["starts"][0][0] / 1000


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = [need_control()]
    with Service(yields=True) as service, phones() as pair:
        pair.open(service.address, EXERCISE, LENGTH_S)
        for page in pair.both:
            page.wait_for_selector("#start-ask:not([hidden])")
        with recording(pair.sound) as take:
            pair.start()
            clips, reloads = pair.clips(), []
            pair.a.wait_for_timeout(SETTLE_S * 1000)
            for _ in range(RELOADS):
                reloads.append(_reload(pair.b))
                pair.a.wait_for_timeout(EVERY_S * 1000)
    windows = [window for start, clip in clips for window in windows_of(start, clip)]
    zero = anchor(take, windows)
    # good to the recorder's period, some tens of ms, which is enough to tell lines apart
    zero_s = take.start() + zero / RATE_HZ + time.time() - time.monotonic()
    ready = [placed - back for _, back, placed in reloads]
    away = [(ordered - zero_s, back - zero_s + READY_S) for ordered, back, _ in reloads]
    heard_s = (len(take.sound) - zero) / RATE_HZ - LAST_S
    due = [
        window
        for start, clip in clips
        if start + len(clip) / RATE_HZ < heard_s
        and not any(begin - len(clip) / RATE_HZ <= start < end for begin, end in away)
        for window in windows_of(start, clip)
    ]
    heard = hear(take, due, zero)
    missed = sum(one.missed for one in heard)
    sizes = [abs(one.offset_ms) for one in heard if not one.missed] or [float("inf")]
    p95 = float(np.percentile(sizes, 95))
    whole = f"missed {missed} of {len(heard)} windows"
    asked = f"≤ {READY_S:.0f} s"
    return [
        *rows,
        Row(f"ready to sound after the page is back, {RELOADS} times", Spread.of(ready).show(" s", digits=2), asked,
            ok=max(ready) <= READY_S),
        Row("lines that begin 2 s after it is back, or later", whole, "none missed", ok=bool(heard) and not missed),
        Row("  in step with the other phone", f"p95 {p95:.2f} ms, max {max(sizes):.2f} ms", f"p95 ≤ {STEP_MS:.0f} ms",
            ok=p95 <= STEP_MS),
    ]  # fmt: skip
