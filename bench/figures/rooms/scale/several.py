"""Several services on a real Redis, what is asked of them, and phones without a page that try to come back."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.lib.report import CannotMeasure
from tests.support.haproxy import Cluster
from tests.support.phone import Phone
from tests.support.redis_server import RedisServer
from tests.support.wire import Closed, Refused

SERVICES = 3
WAIT_S, TRY_S, LOOK_S = 40.0, 0.25, 0.02
PASSCODE = "a bench of wood"


@contextlib.contextmanager
def several(count: int = SERVICES, metrics: bool = False, **environment: str) -> Iterator[Cluster]:
    """So many services on one Redis; `metrics` has each show its numbers."""
    with (
        tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as name,
        RedisServer(Path(name) / "redis") as redis,
        Cluster(Path(name), redis, PASSCODE, count, metrics, **environment) as running,
    ):
        yield running


def until(what: Callable[[], Any], step_s: float = LOOK_S, limit_s: float = WAIT_S) -> float:
    """Seconds until this holds."""
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > limit_s:
            raise CannotMeasure(f"nothing came of it within {limit_s:.0f} s.")
        time.sleep(step_s)
    return time.monotonic() - began


def is_in(phone: Phone) -> bool:
    """One try of a phone to be back in its room."""
    try:
        phone.connects()
    except (Refused, Closed, OSError, AssertionError):
        return False
    return True


def kept(cluster: Cluster, room: str) -> Any:
    """Fields of a room in Redis; None where it has nothing."""
    line = cluster.redis.hash_value(f"still-here:room:{room}", "kept")
    return json.loads(line)["room"] if line else None


def whose(cluster: Cluster, room: str) -> list[str]:
    """The owner of a room and its generation, as Redis has them."""
    return [cluster.redis.hash_value(f"still-here:room:{room}", name) for name in ("owner", "generation")]


def sees(phone: Phone, phase: str) -> bool:
    """Tell whether a phone comes to see a phase."""
    try:
        return bool(phone.sees("room", phase=phase))
    except (AssertionError, Closed, OSError):
        return False
