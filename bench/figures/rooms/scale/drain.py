"""scale-drain: a service is added and another drained under a thousand rooms with two phones each.

Three services are behind HAProxy; the third is off at first. The phones (bench/lib/phones/returning.py) play, with a
command in each room every five seconds. *Added:* the third is started, HAProxy finds it, and one phone of each room
comes anew, as with another network; where HAProxy leads it to the new service, the room goes there and the other phone
follows. *Drained:* SIGTERM to one of the first two. *Two places:* a pause of which the other phone, which was there all
the time, heard nothing; and rooms that the services hold together beyond those that there are.

BENCH_ROOMS opens fewer; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from bench.lib.floors import ROOT
from bench.lib.phones.crowd_process import SPARE_FILES, allow_files
from bench.lib.report import CannotMeasure, Row
from tests.support.haproxy import Cluster
from tests.support.programs import end, with_us

from .several import SERVICES, several, until

ROOMS, AWAY_S, ENDED_S = 1000, 3.0, 5.0
COME_S, FOUND_S, SETTLE_S = 25, 3.0, 10.0
DRAINED, ADDED = 0, SERVICES - 1


class _Phones:
    """The process of the phones."""

    def __init__(self, url: str, rooms: int):
        self._process = subprocess.Popen(
            with_us([sys.executable, "-m", "bench.lib.phones.returning", url, str(rooms)]),
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> _Phones:
        self.hear()
        return self

    def __exit__(self, *_: object) -> None:
        end(self._process)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()

    def ask(self, what: str) -> dict[str, Any]:
        """One line to them, and their answer."""
        assert self._process.stdin
        print(what, file=self._process.stdin, flush=True)
        return self.hear()

    def hear(self) -> dict[str, Any]:
        """The next line from them. Raises CannotMeasure."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise CannotMeasure("the phones gave up; what they said stands above.")
        return json.loads(line)


def measure() -> list[Row]:
    """The rows of this figure."""
    rooms = int(os.environ.get("BENCH_ROOMS", ROOMS))
    allow_files(4 * rooms + SPARE_FILES)
    with several(metrics=True) as cluster, cluster.shown() as front:
        cluster.send(ADDED, signal.SIGTERM)
        until(lambda: cluster.services[ADDED].process.poll() is not None)
        time.sleep(FOUND_S)
        with _Phones(front.url, rooms) as phones:
            cluster.start_again(ADDED)
            time.sleep(FOUND_S)
            phones.ask(f"come {COME_S}")
            time.sleep(SETTLE_S)
            added, moved = phones.ask("tell"), cluster.rooms_open(ADDED)
            held_1 = _held(cluster, range(SERVICES))
            cluster.send(DRAINED, signal.SIGTERM)
            ended = until(lambda: cluster.services[DRAINED].process.poll() is not None)
            time.sleep(SETTLE_S)
            drained, held_2 = phones.ask("tell"), _held(cluster, range(1, SERVICES))
    told = f"{rooms}" + ("" if rooms >= ROOMS else ", which is less than asked")
    apart = added["apart"] + drained["apart"]
    pauses, lost = added["pauses"] + drained["pauses"], 2 * rooms - drained["here"]
    return [
        Row("rooms with two phones each", told, f"{ROOMS}", ratio=f"{rooms / ROOMS:.2f}", ok=rooms >= ROOMS),
        _away(f"a service added, {moved} rooms went there: phones away", added["away"]),
        _away("a service drained: phones away", drained["away"]),
        Row("  the process ended", f"after {ended:.2f} s", f"≤ {ENDED_S:.0f} s", ratio=f"{ended / ENDED_S:.2f}",
            ok=ended <= ENDED_S),
        Row("pauses that the other phone did not hear of", f"{apart} of {pauses}", "none",
            ok=not apart and pauses > 0),
        Row("rooms of all services together, after each", f"{held_1}, {held_2}", f"{rooms}",
            ok=held_1 == held_2 == rooms),
        Row("phones that are not in their room in the end", f"{lost}", "none", ok=not lost),
    ]  # fmt: skip


def _held(cluster: Cluster, numbers: Iterable[int]) -> int:
    return sum(cluster.rooms_open(number) for number in numbers)


def _away(what: str, away: list[float]) -> Row:
    if not away:
        return Row(what, "none was away", f"≤ {AWAY_S:.0f} s", ok=False)
    values = np.array(away)
    worst = float(values.max())
    seen = f"max {worst:.2f} s; median {np.median(values):.2f}, p99 {np.percentile(values, 99):.2f}, n={len(away)}"
    return Row(what, seen, f"≤ {AWAY_S:.0f} s", ratio=f"{worst / AWAY_S:.2f}", ok=worst <= AWAY_S)
