"""scale-sequences: twenty thousand random lives of rooms that go from one service to another on a real Redis.

The driver is that of tests/support/moving_rooms.py: at one step of ten the owner is killed, stands still past its
lease, is started again or lets the room go, and at some of them Redis loses everything. Every promise is checked
after every step. Half of the lives run on each of two processors, each share with a Redis of its own; all that this
was ever told is searched for states, answers and typed words in the spellings of tests/support/private_words.py.

BENCH_SEQUENCES plays fewer; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from bench.lib.report import Row

COUNT, STEPS, SHARE = 20_000, 18, 250
SEED = 20_000


class _Played(NamedTuple):
    """Result of a share: the phases that were come to, changes of owner, bytes searched, and what was wrong."""

    phases: dict[str, int]
    moves: int
    searched: int
    found: list[str]
    broken: str = ""


def _lives(seed: int) -> _Played:
    from tests.support.moving_rooms import PRIVATE, Services
    from tests.support.private_words import found
    from tests.support.redis_server import RedisServer
    from tests.support.room_driver import drive

    with (
        tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as name,
        RedisServer(Path(name)) as server,
    ):
        services = Services(server)
        try:
            phases, broken = drive(SHARE, seed, STEPS, services.begin), ""
        except AssertionError as error:
            phases, broken = {}, str(error)
        told = server.told
        return _Played(phases, services.moves, len(told), found(told, PRIVATE), broken)


def measure() -> list[Row]:
    """The rows of this figure."""
    count = int(os.environ.get("BENCH_SEQUENCES", COUNT))
    began = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        results = list(pool.map(_lives, range(SEED, SEED + -(-count // SHARE))))
    took = time.perf_counter() - began
    phases: Counter[str] = Counter()
    for result in results:
        phases.update(result.phases)
    played, moves = SHARE * len(results), sum(result.moves for result in results)
    told = f"{played} sequences, {sum(phases.values())} steps, {moves} changes of owner in {took:.0f} s"
    told += "" if played >= COUNT else ", which is less than asked"
    broken = [result.broken for result in results if result.broken]
    words = sorted({word for result in results for word in result.found})
    searched = sum(result.searched for result in results) / 1e6
    return [
        Row("random sequences with owner changes in between", told, f"{COUNT}", ratio=f"{played / COUNT:.2f}",
            ok=played >= COUNT),
        Row("  promises broken", broken[0] if broken else "none", "none", ok=not broken),
        Row("  states, answers, typed words in Redis", f"{', '.join(words) or 'none'} in {searched:.0f} MB", "none",
            ok=not words and searched > 0),
        Row("  phases that were come to", ", ".join(sorted(phases))),
    ]  # fmt: skip
