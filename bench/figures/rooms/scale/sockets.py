"""scale-sockets and scale-held: thousands of phones on two services, beside one.

*scale-sockets:* 5,000 phones in 2,500 rooms through HAProxy, one command a second in each room, on one service with
Redis and then on two. Phones, HAProxy, Redis and services share two processors here, so what two services could carry
shows in no rate that was reached: *carries* is the commands a second that the busiest service would have time for with
a processor to itself, from the time that it used for its share.

*scale-held:* 10,000 phones in 5,000 rooms, half of them at each of two services, one command in two seconds in each
room. HAProxy is left out: it takes two files for each phone, more than many systems allow. *Memory* is as in `sockets`.

BENCH_ROOMS opens fewer; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import os
from typing import Any

from bench.lib.phones.crowd_process import SPARE_FILES, allow_files, p99_of, run_crowd
from bench.lib.report import Row
from tests.support.haproxy import Cluster

from .several import several

ROOMS, SECONDS, TIMES = 2500, 30, 1.6
HELD_ROOMS, HELD_SECONDS, HELD_EVERY_S = 5000, 30, 2.0
HELD_P99_MS, HELD_KB = 50.0, 45.0


def measure() -> list[Row]:
    """The rows of scale-sockets."""
    rooms = int(os.environ.get("BENCH_ROOMS", ROOMS))
    allow_files(4 * rooms + SPARE_FILES)
    one, two = (_through_haproxy(count, rooms) for count in (1, 2))
    p99, p99_of_two = (p99_of(seen["waits"])[0] for seen in (one, two))
    carried, carried_by_two = (_carried(seen) for seen in (one, two))
    told = f"{2 * rooms}" + ("" if rooms >= ROOMS else ", which is less than asked")
    shares = ", ".join(f"{s:.1f} s" for s in two["cpu_s"])
    return [
        Row("sockets on one service, then on two", told, f"{2 * ROOMS}", ratio=f"{rooms / ROOMS:.2f}",
            ok=rooms >= ROOMS),
        Row("command to its answer, one service", p99_of(one["waits"])[1]),
        Row("command to its answer, two services", p99_of(two["waits"])[1], "p99 no worse than one's",
            floor=f"{p99:.1f} ms", ratio=f"{p99_of_two / p99:.2f}", ok=p99_of_two <= p99),
        Row("commands a second that two carry", f"{carried_by_two:.0f}", f"≥ {TIMES} × one's", floor=f"{carried:.0f}",
            ratio=f"{carried_by_two / carried:.2f}", ok=carried_by_two >= TIMES * carried),
        Row("  processor used by each of two, by one", f"{shares}; {one['cpu_s'][0]:.1f} s"),
        _nothing_lost(one, two),
        Row("  the client behind its plan, at the most", f"{one['late'] * 1000:.0f} ms, {two['late'] * 1000:.0f} ms"),
    ]  # fmt: skip


def measure_held() -> list[Row]:
    """The rows of scale-held."""
    rooms = int(os.environ.get("BENCH_ROOMS", HELD_ROOMS))
    allow_files(2 * rooms + SPARE_FILES)
    with several(2) as cluster:
        seen = run_crowd(
            [service.url for service in cluster.services], rooms, HELD_SECONDS, _pids(cluster), HELD_EVERY_S
        )
    p99, told = p99_of(seen["waits"])
    sockets = 2 * rooms
    each = max((after - before) * len(seen["memory_kb"]) / sockets for before, after in seen["memory_kb"])
    count = f"{sockets} in {rooms} rooms" + ("" if rooms >= HELD_ROOMS else ", which is less than asked")
    return [
        Row("sockets held by two services", count, f"{2 * HELD_ROOMS}", ratio=f"{rooms / HELD_ROOMS:.2f}",
            ok=rooms >= HELD_ROOMS and not seen["lost"]),
        Row("command to its answer", told, f"p99 ≤ {HELD_P99_MS:.0f} ms", ratio=f"{p99 / HELD_P99_MS:.2f}",
            ok=p99 <= HELD_P99_MS),
        Row("memory for each socket", f"{each:.1f} kB", f"≤ {HELD_KB:.0f} kB", ratio=f"{each / HELD_KB:.2f}",
            ok=each <= HELD_KB),
        _nothing_lost(seen),
        Row("  commands a second", f"{seen['sent'] / HELD_SECONDS:.0f}"),
        Row("  the client behind its plan, at the most", f"{seen['late'] * 1000:.0f} ms"),
    ]  # fmt: skip


def _through_haproxy(count: int, rooms: int) -> dict[str, Any]:
    with several(count) as cluster, cluster.shown() as front:
        return run_crowd([front.url], rooms, SECONDS, _pids(cluster))


def _pids(cluster: Cluster) -> list[int]:
    return [service.process.pid for service in cluster.services]


def _carried(seen: dict[str, Any]) -> float:
    return seen["sent"] / max(seen["cpu_s"])


def _nothing_lost(*runs: dict[str, Any]) -> Row:
    lost = [tuple(run[name] for name in ("unanswered", "unmoved", "lost")) for run in runs]
    return Row("unanswered, untold, lost", ", ".join(map(str, lost)), "none", ok=not any(map(any, lost)))
