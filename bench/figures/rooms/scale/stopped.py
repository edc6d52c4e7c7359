"""scale-stopped: the service that has a room stands still past its lease, and goes on; another one ends in order.

The phones have no page, and try to come back four times a second. *Stopped:* SIGSTOP until both are with another
service, then SIGCONT. From there on the room's generation may only grow: a request that waited at the old owner may
bring the room back there by rights, with what the new owner kept, and nothing else of the old one counts.
*Drained:* SIGTERM until both phones are back, and until the process has ended.
"""

from __future__ import annotations

import signal
import time
from itertools import pairwise

from bench.lib.report import Row
from tests.support.haproxy import Cluster
from tests.support.phone import Phone, couple, playing

from .several import LOOK_S, TRY_S, is_in, kept, sees, several, until, whose

DRAINED_S, SURE_S = 5.0, 5.0


def measure() -> list[Row]:
    """The rows of this figure."""
    with several() as cluster, cluster.shown() as front:
        circle, square = couple(front)
        playing(circle, square)
        rows = _stopped(cluster, circle, square)
        circle, square = couple(front)
        playing(circle, square)
        return [*rows, _drained(cluster, circle, square)]


def _stopped(cluster: Cluster, circle: Phone, square: Phone) -> list[Row]:
    owner = cluster.owner(circle.room)
    cluster.send(owner, signal.SIGSTOP)
    took = until(lambda: is_in(circle), TRY_S) + until(lambda: is_in(square), TRY_S)
    before = whose(cluster, circle.room)
    cluster.send(owner, signal.SIGCONT)
    square.says("pause")
    began, owners = time.monotonic(), [before]
    while time.monotonic() < began + SURE_S:
        if (now := whose(cluster, circle.room)) != owners[-1]:
            owners.append(now)
        time.sleep(LOOK_S)
    wrong = [
        f"{old} was followed by {new}" for old, new in pairwise(owners) if int(new[1] or 0) <= int(old[1])
    ]
    wrong += ["the pause is not kept"] if kept(cluster, circle.room)["paused"] is None else []
    same = sees(circle, "paused")
    return [
        Row(
            "owner stopped past its lease: its writes refused",
            f"no: {'; '.join(wrong)}" if wrong else "yes",
            "yes",
            ok=not wrong,
        ),
        Row("  phones see one room", "yes" if same else "no", "yes", ok=same),
        Row("  back on another service", f"{took:.2f} s; then {len(owners) - 1} changes of owner by rights"),
    ]


def _drained(cluster: Cluster, circle: Phone, square: Phone) -> Row:
    owner = cluster.owner(circle.room)
    cluster.send(owner, signal.SIGTERM)
    took = max(until(lambda phone=phone: is_in(phone), TRY_S) for phone in (circle, square))  # type: ignore[misc]
    ended = until(lambda: cluster.services[owner].process.poll() is not None)
    seen = f"back after {took:.2f} s, ended {ended:.2f} s later"
    whole = took + ended
    return Row("a service drained (SIGTERM)", seen, f"≤ {DRAINED_S:.0f} s", ratio=f"{whole / DRAINED_S:.2f}",
               ok=whole <= DRAINED_S)  # fmt: skip
