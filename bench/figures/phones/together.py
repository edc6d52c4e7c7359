"""together: how far apart two phones play, over networks with delay, jitter and spikes, quiet and on a busy machine.

Two Chromium pages in one room, "apart", so that both speak the same words; each on one channel of one recording
(bench/lib/phones/pair.py), each through a network (bench/lib/phones/network.py), alike for both or not. One whole
exercise a network, and every spoken window of it counts. A window that is missed fails the figure and is never left
out.

Busy is three programs that compute without end, on however many processors there are. There an output may run dry, so a
window may be far off; what is asked is that the next line is right again.

The floor is how far the rig's own reading of the positive control was off in this run.

BENCH_LINES=n looks at the first n lines of the exercise only; the report then says that this is less than asked.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass

import numpy as np

from bench.lib.load import load
from bench.lib.phones.network import network
from bench.lib.phones.pair import Heard, hear, need_control, phones
from bench.lib.report import Row
from bench.lib.service import Service
from tests.support.sound_card import recording

EXERCISE, LENGTH_S = "side-by-side", 180
NETWORKS = ((40.0, 40.0), (120.0, 120.0), (24.0, 150.0))
"""Round trips (ms) of the first phone and of the second."""
HEAVY = 200.0
WINDOWS = 200
SEED = 7
AFTER_S = 3.0
PROGRAMS = 3


@dataclass(frozen=True)
class Asked:
    """Limits of the offsets between two phones. A slip is a window beyond `slip_ms`, in so many lines in a row."""

    p95_ms: float
    max_ms: float | None = None
    slip_ms: float | None = None
    slipped_lines: int = 1

    def words(self) -> str:
        """The figure asked, for the report."""
        parts = [f"p95 ≤ {self.p95_ms:g} ms"]
        if self.max_ms is not None:
            parts.append(f"max ≤ {self.max_ms:g} ms")
        if self.slip_ms is not None:
            parts.append(f"beyond {self.slip_ms:g} ms for {self.slipped_lines} line at most")
        return ", ".join([*parts, "none missed"])


QUIET, BUSY, HEAVY_TAILED = Asked(1.0, 3.0), Asked(3.0, slip_ms=15.0), Asked(6.0)


def listen(service: Service, rtts: tuple[float, float], lines: int | None = None) -> list[Heard]:
    """Every spoken window of one exercise, with a network for each phone."""
    with contextlib.ExitStack() as stack:
        first, second = (
            stack.enter_context(network(service.port, rtt, SEED + i)) for i, rtt in enumerate(rtts)
        )
        pair = stack.enter_context(phones())
        pair.open(first.address, EXERCISE, LENGTH_S, other_address=second.address)
        for page in pair.both:
            page.wait_for_selector("#start-ask:not([hidden])")
        with recording(pair.sound) as take:
            pair.start()
            clips = pair.clips()
            duration = pair.plan["tracks"]["main"]["duration"]
            until_s = duration if lines is None else clips[lines][0]
            pair.a.wait_for_timeout((until_s + AFTER_S) * 1000)
        windows = [w for w in pair.windows() if w.at_s < until_s]
    return hear(take, windows)


def slipped(heard: list[Heard], slip_ms: float) -> int:
    """The most lines in a row in each of which a window is beyond `slip_ms`."""
    lines = sorted({one.window.line for one in heard})
    off = {one.window.line for one in heard if not one.missed and abs(one.offset_ms) > slip_ms}
    longest = running = 0
    for line in lines:
        running = running + 1 if line in off else 0
        longest = max(longest, running)
    return longest


def row(what: str, heard: list[Heard], asked: Asked, enough: int = 0, floor_ms: float | None = None) -> Row:
    """Offsets of all windows that were heard, and how many were not."""
    sizes = np.abs([one.offset_ms for one in heard if not one.missed])
    missed = sum(one.missed for one in heard)
    if not len(sizes):
        return Row(what, f"nothing heard of {len(heard)} windows", asked.words(), ok=False)
    p95, most = float(np.percentile(sizes, 95)), float(sizes.max())
    told = f"p95 {p95:.2f} ms; median {np.median(sizes):.2f}, max {most:.2f}, {len(heard)} windows, missed {missed}"
    ok = p95 <= asked.p95_ms and (asked.max_ms is None or most <= asked.max_ms) and not missed
    if asked.slip_ms is not None:
        longest = slipped(heard, asked.slip_ms)
        told += f", {longest} lines in a row beyond {asked.slip_ms:g}"
        ok = ok and longest <= asked.slipped_lines
    if len(heard) < enough:
        ok, told = False, f"{told}: fewer than the {enough} asked"
    values = {"offsets_ms": [None if one.missed else one.offset_ms for one in heard]}
    floor, ratio = ("–", "–") if not floor_ms else (f"{floor_ms:.2f} ms", f"{p95 / floor_ms:.1f}")
    return Row(what, told, asked.words(), floor=floor, ratio=ratio, ok=ok, values=values)


def floor_of(control: Row) -> float:
    """Error of the rig's reading of the control, in ms: the 95th percentile."""
    return float(np.percentile(control.values["off_ms"], 95))


def _name(rtts: tuple[float, float]) -> str:
    one, other = rtts
    return f"RTT {one:g}" if one == other else f"RTT {one:g} and {other:g} at once"


def measure() -> list[Row]:
    """The rows of this figure."""
    lines = int(os.environ["BENCH_LINES"]) if "BENCH_LINES" in os.environ else None
    rows = [need_control()]
    floor = floor_of(rows[0])
    with Service(yields=True) as service:
        quiet = {rtts: listen(service, rtts, lines) for rtts in NETWORKS}
        heavy = listen(service, (HEAVY, HEAVY), lines)
        with load(PROGRAMS):
            busy = {rtts: listen(service, rtts, lines) for rtts in NETWORKS}
    for rtts, heard in quiet.items():
        rows.append(row(_name(rtts), heard, QUIET, floor_ms=floor))
    together = [one for heard in quiet.values() for one in heard]
    rows.append(row("all networks together", together, QUIET, WINDOWS, floor))
    rows.append(row(f"RTT {HEAVY:g}, heavy-tailed", heavy, HEAVY_TAILED, floor_ms=floor))
    for rtts, heard in busy.items():
        rows.append(row(f"{_name(rtts)}, {PROGRAMS} programs busy", heard, BUSY, floor_ms=floor))
    return rows
