"""scale-redis: Redis is away for 1, 15 and 300 seconds while a couple plays, and then loses everything.

*Away:* ended, and started again with what it had; one pause or resumption a second meanwhile. *Whole:* what Redis has
of the room is what the last command made of it. *FLUSHALL:* with more couples in rooms on all services, and one room
that was let go and that nobody has yet.

BENCH_AWAY="1 15" leaves out the long one; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import os
import time
from typing import Any

from bench.lib.report import Row
from server.rooms.stores.redis_scripts import WANTED
from tests.conftest import Service
from tests.support.haproxy import Cluster
from tests.support.phone import Phone, couple, playing
from tests.support.wire import Closed

from .several import kept, several, until

AWAY_S, WHOLE_S, COUPLES = (1, 15, 300), 2.0, 12
EXERCISE, LENGTH_S = "the-long-way-out", 600
LET_GO_AFTER_S = 2.5
"""A room that has only just come is not passed on."""


def measure() -> list[Row]:
    """The rows of this figure."""
    asked = os.environ.get("BENCH_AWAY")
    times = tuple(int(word) for word in asked.split()) if asked else AWAY_S
    with several() as cluster, cluster.shown() as front:
        circle, square = _couple(front)
        playing(circle, square)
        rows = [_away(cluster, circle, square, away_s) for away_s in times]
        rows.append(_flushed(cluster, [circle.room, *(_couple(front)[0].room for _ in range(COUPLES - 1))]))
        rows.append(_let_go(cluster, front))
    left_out = sorted(set(AWAY_S) - set(times))
    if left_out:
        rows.append(Row("  left out", " and ".join(f"{s} s" for s in left_out), "none", ok=False))
    return rows


def _couple(front: Service) -> tuple[Phone, Phone]:
    return couple(front, exercise=EXERCISE, length=LENGTH_S)


def _away(cluster: Cluster, circle: Phone, square: Phone, away_s: int) -> Row:
    """Redis ends and comes back; one pause or resumption a second meanwhile."""
    cluster.redis.stop()
    waits: list[float] = []
    ends, goes_on = time.monotonic() + away_s, True
    while time.monotonic() < ends and goes_on:
        asked = time.monotonic()
        goes_on = _toggle(circle, square)
        waits.append(time.monotonic() - asked)
        time.sleep(max(0.0, min(1.0 - waits[-1], ends - time.monotonic())))
    cluster.redis.start()
    is_paused = circle.sees("room")["phase"] == "paused"
    whole = until(lambda: (now := kept(cluster, circle.room)) and (now["paused"] is not None) == is_paused)
    seen = f"{len(waits)} commands, ≤ {max(waits) * 1000:.0f} ms each; whole {whole:.2f} s after it was back"
    seen += "" if goes_on else "; a command was not answered"
    return Row(f"Redis away for {away_s} s", seen, f"exercises go on, whole ≤ {WHOLE_S:.0f} s",
               ratio=f"{whole / WHOLE_S:.2f}", ok=goes_on and whole <= WHOLE_S)  # fmt: skip


def _toggle(circle: Phone, square: Phone) -> bool:
    """Pause what plays, or go on with what is paused: both see it. False where nobody answers."""
    try:
        if circle.sees("room")["phase"] == "playing":
            square.says("pause")
            circle.sees("room", phase="paused")
            return True
        for phone in (circle, square):
            ask = _ask(phone) or phone.hears(lambda m: m["type"] == "room" and m["ask"])["ask"]
            phone.says("answer", ask=ask["id"], yes=True)
        circle.sees("room", phase="playing")
    except (AssertionError, Closed, OSError):
        return False
    return True


def _ask(phone: Phone) -> Any:
    return [m for m in phone.told if m["type"] == "room"][-1]["ask"]


def _flushed(cluster: Cluster, rooms: list[str]) -> Row:
    owners = {cluster.owner(room) for room in rooms}
    cluster.redis.asks("FLUSHALL")
    took = until(lambda: all(kept(cluster, room) for room in rooms))
    what = f"FLUSHALL: {len(rooms)} rooms of {len(owners)} services come from their memory"
    return Row(what, f"all after {took:.2f} s", f"≤ {WHOLE_S:.0f} s", ratio=f"{took / WHOLE_S:.2f}",
               ok=took <= WHOLE_S)  # fmt: skip


def _let_go(cluster: Cluster, front: Service) -> Row:
    """The owner lets a room go because it is wanted elsewhere, and nobody comes for it."""
    circle, square = _couple(front)
    owner = cluster.owner(circle.room)
    time.sleep(LET_GO_AFTER_S)
    for phone in (circle, square):
        phone.socket.close()
    cluster.redis.asks("SADD", f"{WANTED}{cluster.name(owner)}", circle.room)
    until(lambda: cluster.owner(circle.room) < 0)
    cluster.redis.asks("FLUSHALL")
    took = until(lambda: kept(cluster, circle.room))
    return Row("  a room that was let go and that nobody has yet", f"after {took:.2f} s", f"≤ {WHOLE_S:.0f} s",
               ratio=f"{took / WHOLE_S:.2f}", ok=took <= WHOLE_S)  # fmt: skip
