"""scale-killed: the service that has a room is killed (`kill -9`) in the middle of an exercise, twenty times.

Two Chromium phones of a therapist's room play "apart" into one recording, beside a console; a killed service is started
again once all three are back. What is heard is judged as in `restart`. *Back* is from the kill until a page has got its
welcome from another service. *Said twice:* the first window of each line is looked for in the whole recording of each
phone, at 8 kHz; anything like it but at its place counts, except for lines that the exercise itself says again.

BENCH_KILLS kills fewer times; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import soxr
from playwright.sync_api import Page

from bench.figures.phones.restart import SHIFT_MS, Seen, exercise
from bench.lib.phones.pair import LIKENESS, REACH_S, Phones, Window, need_control
from bench.lib.report import CannotMeasure, Row, Spread
from tests.support.haproxy import Cluster
from tests.support.sound_card import RATE_HZ, Take, locate

from .several import WAIT_S, several

EXERCISE = "side-by-side"
KILLS, BACK_S = 20, 5.0
SEARCH_HZ = 8_000


@dataclass
class _Console:
    """The console of an exercise: how soon it was back each time, and which lines were heard too often."""

    back: list[float] = field(default_factory=list)
    lines: int = 0
    twice: int = 0
    page: Page | None = None

    def open(self, address: str, pair: Phones) -> None:
        """A therapist's room with both phones in it."""
        self.page = pair.conducted(address, EXERCISE)

    def listen(self, take: Take, windows: list[Window], zero: float) -> None:
        """Count the lines that are heard anywhere but at their place."""
        firsts = {window.line: window for window in reversed(windows)}
        waves = {line: _slower(window.wave) for line, window in firsts.items()}
        channels = [_slower(take.sound[:, channel]) for channel in (0, 1)]
        reach = round(REACH_S * SEARCH_HZ)
        for line, window in firsts.items():
            wave = waves[line]
            if any(_is_like(wave, other) for number, other in waves.items() if number != line):
                continue
            due = round((zero / RATE_HZ + window.at_s) * SEARCH_HZ)
            self.lines += 1
            self.twice += any(
                locate(wave, sound, start, stop)[1] >= LIKENESS
                for sound in channels
                for start, stop in ((0, due - reach), (due + reach, len(sound) - len(wave)))
                if stop > start
            )


def measure() -> list[Row]:
    """The rows of this figure."""
    kills, done, seen, console = int(os.environ.get("BENCH_KILLS", KILLS)), 0, Seen(), _Console()
    rows = [need_control()]
    # the voice that people hear, as in `restart`
    with several(STILL_HERE_VOICE="") as cluster, cluster.shown() as front:
        while done < kills:
            done += exercise(
                front.url, kills - done, seen, partial(_kill_owner, cluster, console),
                partial(console.open, front.url), console.listen,
            )  # fmt: skip
    missed, worst = sum(one.missed for one in seen.heard), max(seen.shifts, default=float("inf"))
    gaps = f"missed {missed} of {len(seen.heard)} windows; max {worst:.1f} ms off"
    whole, slowest = done >= KILLS, max(seen.back, default=float("inf"))
    return [
        *rows,
        Row("owner killed (-9) under two phones and a console",
            f"{done} times" + ("" if whole else ", which is less than asked"),
            f"{KILLS} times", ratio=f"{done / KILLS:.2f}", ok=whole),
        Row("no gap on either phone", gaps, f"none missed, ≤ {SHIFT_MS:.0f} ms off its place",
            ratio=f"{worst / SHIFT_MS:.2f}", ok=not missed and worst <= SHIFT_MS),
        Row("  an output ran dry, which is taken off", f"{len(seen.dry)} times"),
        Row("nothing said twice", f"{console.twice} of {console.lines} lines", "none",
            ok=not console.twice and console.lines > 0),
        Row("room back on another service, of each phone", Spread.of(seen.back).show(" s", digits=2),
            f"≤ {BACK_S:.0f} s", ratio=f"{slowest / BACK_S:.2f}", ok=slowest <= BACK_S),
        Row("  of the console", Spread.of(console.back).show(" s", digits=2), f"≤ {BACK_S:.0f} s",
            ratio=f"{max(console.back) / BACK_S:.2f}", ok=max(console.back) <= BACK_S),
    ]  # fmt: skip


def _kill_owner(cluster: Cluster, console: _Console, pair: Phones) -> tuple[float, list[float]]:
    """Kill the owner of the pair's room, and start it again when all three pages are back."""
    assert console.page
    pages = (*pair.both, console.page)
    owner, began = cluster.owner(pair.room), time.time()
    cluster.kill(owner)
    while time.time() < began + WAIT_S:
        pair.a.wait_for_timeout(50)
        all_times = [[at / 1000 - began for at, _ in pair.messages(page, "welcome")] for page in pages]
        back = [[at for at in times if at > 0] for times in all_times]
        if all(back):
            console.back.append(back[2][0])
            started = time.time()
            cluster.start_again(owner)
            return time.time() - started, [times[0] for times in back[:2]]
    raise CannotMeasure(f"a page was not back {WAIT_S:.0f} s after its service was killed.")


def _slower(sound: np.ndarray) -> np.ndarray:
    return np.asarray(soxr.resample(sound, RATE_HZ, SEARCH_HZ))


def _is_like(one: np.ndarray, other: np.ndarray) -> bool:
    size = min(len(one), len(other))
    return float(np.dot(one[:size], other[:size])) >= LIKENESS * float(
        np.linalg.norm(one[:size]) * np.linalg.norm(other[:size])
    )
