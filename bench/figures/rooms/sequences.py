"""sequences: a hundred thousand random lives of a room, and every promise checked after every step of each.

The driver and its invariants are those of tests/support/room_driver.py: no sound before both have consented, nobody
named, at most one vector, nothing that was stopped goes on by itself, a state only where it was offered. It keeps its
own books, so it does not lean on the state that it judges. Half of the lives run on each of two processors.

BENCH_SEQUENCES plays fewer; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from bench.lib.report import Row

COUNT, STEPS, SHARE = 100_000, 18, 500
SEED = 90_000
PHASES = {"gathering", "preparing", "ready", "playing", "paused", "held", "grounding", "closing", "ended"}


def _lives(seed: int) -> dict[str, int] | str:
    """The number of times each phase was come to in SHARE lives, or which promise was broken."""
    from tests.support.room_driver import drive

    try:
        return drive(SHARE, seed, STEPS)
    except AssertionError as error:
        return str(error)


def measure() -> list[Row]:
    """The rows of this figure."""
    count = int(os.environ.get("BENCH_SEQUENCES", COUNT))
    began = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        results = list(pool.map(_lives, range(SEED, SEED + -(-count // SHARE))))
    broken = [result for result in results if isinstance(result, str)]
    seen: Counter[str] = Counter()
    for result in results:
        if isinstance(result, dict):
            seen.update(result)
    played = SHARE * len(results)
    took = time.perf_counter() - began
    told = f"{played} sequences, {sum(seen.values())} steps in {took:.0f} s"
    told += "" if played >= COUNT else ", which is less than asked"
    missing = PHASES - set(seen)
    return [
        Row("random sequences of events on a room", told, f"{COUNT}", ok=played >= COUNT),
        Row("  promises broken", broken[0] if broken else "none", "none", ok=not broken),
        Row("  phases that were come to", ", ".join(sorted(seen)), "all", ok=not missing),
    ]
