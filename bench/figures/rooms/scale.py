"""scale: three services that are one to people, behind HAProxy as docs/scale.md has it, on a real Redis.

*Owner killed:* the service that has the room is killed (`kill -9`) in the middle of an exercise, and started again once
both phones are back, twenty times, while two Chromium phones play "apart" into one recording; what is heard is
judged as in `restart`. Back is from the kill until a phone has got its welcome from another service.

The rest is asked of phones without a page, which try to come back four times a second. *Stopped:* SIGSTOP until the
phones are with another service and its lease is long over, then SIGCONT. *Redis away:* ended, and started again with
what it had; one command a second meanwhile. *Whole:* what Redis has of the room is what the last command made of it.

BENCH_KILLS kills fewer times; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.figures.rooms.restart import SHIFT_MS, Seen, exercise, welcomes
from bench.lib.phones.pair import Phones, need_control
from bench.lib.report import CannotMeasure, Row, Spread
from tests.support.haproxy import Cluster
from tests.support.phone import Phone, couple, playing
from tests.support.redis_server import RedisServer
from tests.support.wire import Closed, Refused

SERVICES, KILLS, BACK_S, DRAINED_S, WHOLE_S = 3, 20, 5.0, 5.0, 2.0
AWAY_S = (1, 15)
WAIT_S, TRY_S, LOOK_S, SURE_S = 40.0, 0.25, 0.02, 5.0
PASSCODE = "a bench of wood"


@contextlib.contextmanager
def _cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="still-here-bench-") as name:
        redis = RedisServer(Path(name) / "redis")
        running = Cluster(Path(name), redis, PASSCODE, SERVICES, STILL_HERE_VOICE="")
        try:
            yield running
        finally:
            running.stop()
            redis.stop()


def _until(what: Callable[[], Any], step_s: float = LOOK_S) -> float:
    """Seconds until this holds."""
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > WAIT_S:
            raise CannotMeasure(f"nothing came of it within {WAIT_S:.0f} s.")
        time.sleep(step_s)
    return time.monotonic() - began


def _is_in(phone: Phone) -> bool:
    try:
        phone.connects()
    except (Refused, Closed, OSError, AssertionError):
        return False
    return True


def _kept(cluster: Cluster, room: str) -> Any:
    line = cluster.redis.hash_value(f"still-here:room:{room}", "kept")
    return json.loads(line)["room"] if line else None


def _kill_owner(cluster: Cluster, pair: Phones) -> tuple[float, list[float]]:
    """Kill the owner of the pair's room, and start it again when both are back."""
    owner, began = cluster.owner(pair.room), time.time()
    cluster.kill(owner)
    while time.time() < began + WAIT_S:
        pair.a.wait_for_timeout(50)
        back = [[at / 1000 - began for at in times if at / 1000 > began] for times in welcomes(pair)]
        if all(back):
            started = time.time()
            cluster.start_again(owner)
            return time.time() - started, [times[0] for times in back]
    raise CannotMeasure(f"a phone was not back {WAIT_S:.0f} s after its service was killed.")


def _killed(cluster: Cluster, address: str) -> list[Row]:
    kills, done, seen = int(os.environ.get("BENCH_KILLS", KILLS)), 0, Seen()
    while done < kills:
        done += exercise(address, kills - done, seen, lambda pair: _kill_owner(cluster, pair))
    missed, worst = sum(one.missed for one in seen.heard), max(seen.shifts, default=float("inf"))
    gaps = f"missed {missed} of {len(seen.heard)} windows; max {worst:.1f} ms off"
    whole = done >= KILLS
    return [
        Row("owner killed (-9) under two phones", f"{done} times" + ("" if whole else ", which is less than asked"),
            f"{KILLS} times", ok=whole),
        Row("no gap on either phone", gaps, f"none missed, ≤ {SHIFT_MS:.0f} ms off its place",
            ok=not missed and worst <= SHIFT_MS),
        Row("  an output ran dry, which is taken off", f"{len(seen.dry)} times"),
        Row("room back on another service, of each phone", Spread.of(seen.back).show(" s", digits=2),
            f"≤ {BACK_S:.0f} s", ok=max(seen.back) <= BACK_S),
    ]  # fmt: skip


def _drained(cluster: Cluster, circle: Phone, square: Phone) -> Row:
    owner = cluster.owner(circle.room)
    cluster.send(owner, signal.SIGTERM)
    took = max(_until(lambda phone=phone: _is_in(phone), TRY_S) for phone in (circle, square))  # type: ignore[misc]
    ended = _until(lambda: cluster.services[owner].process.poll() is not None)
    cluster.start_again(owner)
    seen = f"back after {took:.2f} s, ended {ended:.2f} s later"
    return Row("a service drained (SIGTERM)", seen, f"≤ {DRAINED_S:.0f} s", ok=took + ended <= DRAINED_S)


def _stopped(cluster: Cluster, circle: Phone, square: Phone) -> list[Row]:
    owner = cluster.owner(circle.room)
    cluster.send(owner, signal.SIGSTOP)
    took = _until(lambda: _is_in(circle), TRY_S) + _until(lambda: _is_in(square), TRY_S)
    room = f"still-here:room:{circle.room}"
    before = [cluster.redis.hash_value(room, name) for name in ("owner", "generation")]
    cluster.send(owner, signal.SIGCONT)
    square.says("pause")
    began, is_one = time.monotonic(), True
    while time.monotonic() < began + SURE_S:
        is_one &= before == [cluster.redis.hash_value(room, name) for name in ("owner", "generation")]
        time.sleep(LOOK_S)
    is_one &= cluster.owner(circle.room) != owner and _kept(cluster, circle.room)["paused"] is not None
    sees = _sees(circle, "paused")
    return [
        Row("owner stopped past its lease: its writes refused", "yes" if is_one else "no", "yes", ok=is_one),
        Row("  phones see one room", "yes" if sees else "no", "yes", ok=sees),
        Row("  back on another service", f"{took:.2f} s"),
    ]


def _sees(phone: Phone, phase: str) -> bool:
    try:
        return bool(phone.sees("room", phase=phase))
    except (AssertionError, Closed, OSError):
        return False


def _away(cluster: Cluster, circle: Phone, square: Phone, away_s: int) -> Row:
    """Redis ends and comes back; one pause or resumption a second meanwhile."""
    cluster.redis.stop()
    waits = []
    until = time.monotonic() + away_s
    while time.monotonic() < until:
        asked = time.monotonic()
        _toggle(circle, square)
        waits.append(time.monotonic() - asked)
        time.sleep(max(0.0, min(1.0 - waits[-1], until - time.monotonic())))
    cluster.redis.start()
    paused = circle.sees("room")["phase"] == "paused"
    whole = _until(lambda: (kept := _kept(cluster, circle.room)) and (kept["paused"] is not None) == paused)
    seen = f"a command ≤ {max(waits) * 1000:.0f} ms meanwhile; whole {whole:.2f} s after it was back"
    return Row(
        f"Redis away for {away_s} s", seen, f"exercises go on, whole ≤ {WHOLE_S:.0f} s", ok=whole <= WHOLE_S
    )


def _toggle(circle: Phone, square: Phone) -> None:
    """Pause what plays, or go on with what is paused: both see it."""
    if circle.sees("room")["phase"] == "playing":
        square.says("pause")
        circle.sees("room", phase="paused")
        return
    for phone in (circle, square):
        ask = (
            phone.hears(lambda m: m["type"] == "room" and m["ask"]) if not _ask(phone) else phone.sees("room")
        )
        phone.says("answer", ask=ask["ask"]["id"], yes=True)
    circle.sees("room", phase="playing")


def _ask(phone: Phone) -> Any:
    return [m for m in phone.told if m["type"] == "room"][-1]["ask"]


def _flushed(cluster: Cluster, circle: Phone) -> Row:
    cluster.redis.asks("FLUSHALL")
    took = _until(lambda: _kept(cluster, circle.room))
    return Row("FLUSHALL: the room comes from its owner's memory", f"after {took:.2f} s", f"≤ {WHOLE_S:.0f} s",
               ok=took <= WHOLE_S)  # fmt: skip


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = [need_control()]
    with _cluster() as cluster, cluster.shown() as front:
        rows += _killed(cluster, front.url)
        circle, square = couple(front)
        playing(circle, square)
        rows.append(_drained(cluster, circle, square))
        rows += _stopped(cluster, circle, square)
        circle, square = couple(front)
        playing(circle, square)
        rows += [_away(cluster, circle, square, away_s) for away_s in AWAY_S]
        rows.append(_flushed(cluster, circle))
    return rows
