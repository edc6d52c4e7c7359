"""restart: the service is killed (`kill -9`) in the middle of an exercise, and started again after five seconds.

Twenty times, over as many exercises as that takes, while two Chromium phones play "apart" into one recording
(bench/pair.py). *No gap:* every spoken window of every exercise has to be heard on both phones, at its place: within
20 ms of where it would be had nothing happened, which is also what two phones may be apart after it. *Back:* from
the moment that the service is started again until a phone has got its welcome; the time that the service itself takes
to start is in it.

Phones and service share this machine here, and a service that starts keeps both processors busy for a second; sound
that runs dry by that would say nothing of phones with a processor of their own, so the service yields to them.

BENCH_KILLS kills fewer times; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import os
import time

import numpy as np

from .pair import Heard, Phones, hear, need_control, phones
from .prompt import line_through
from .report import CannotMeasure, Row, Spread
from .rig import RATE_HZ, recording
from .service import Service

EXERCISE, LENGTH_S = "side-by-side", 300
KILLS, AWAY_S, BACK_S, SHIFT_MS = 20, 5.0, 3.0, 20.0
SETTLE_S, BETWEEN_S, LAST_S, TAIL_S = 12.0, 9.0, 25.0, 2.0
WAIT_S = 15.0


def _welcomes(pair: Phones) -> list[list[float]]:
    return [[at for at, _ in pair.messages(page, "welcome")] for page in pair.both]


def _one_kill(service: Service, pair: Phones) -> tuple[float, list[float]]:
    """Kill and start once: seconds until the service listens, and until each phone is back."""
    service.kill()
    pair.a.wait_for_timeout(AWAY_S * 1000)
    began = time.time()
    service.start()
    listening = time.time() - began
    until = began + WAIT_S
    while time.time() < until:
        pair.a.wait_for_timeout(100)
        back = [[at / 1000 - began for at in times if at / 1000 > began] for times in _welcomes(pair)]
        if all(back):
            return listening, [times[0] for times in back]
    raise CannotMeasure(f"a phone was not back {WAIT_S:.0f} s after the service was started again.")


def exercise(service: Service, kills: int) -> tuple[list[Heard], list[float], list[float]]:
    """One exercise with up to `kills` kills: its windows, how soon the service listened, how soon phones were back."""
    with phones() as pair:
        pair.open(service.address, EXERCISE, LENGTH_S)
        for page in pair.both:
            page.wait_for_selector("#start-ask:not([hidden])")
        with recording(pair.sound) as take:
            pair.start()
            windows = pair.windows()
            duration = pair.plan["tracks"]["main"]["duration"]
            ends = time.monotonic() + duration
            pair.a.wait_for_timeout(SETTLE_S * 1000)
            listening: list[float] = []
            back: list[float] = []
            while len(listening) < kills and time.monotonic() < ends - LAST_S:
                up, both = _one_kill(service, pair)
                listening.append(up)
                back += both
                pair.a.wait_for_timeout(BETWEEN_S * 1000)
            played_s = duration - (ends - time.monotonic())
    return hear(take, [w for w in windows if w.at_s < played_s - TAIL_S]), listening, back


def _shifts_ms(heard: list[Heard]) -> list[float]:
    """How far each window of each phone is from its place: the straight line that most of that phone's are on.

    A line and not a point, since the recorder's seconds are not quite the phones'.
    """
    shifts: list[float] = []
    sure = [one for one in heard if not one.missed]
    for found in ([one.left for one in sure], [one.right for one in sure]):
        if len(found) > 2:
            due = np.array([one.window.at_s for one in sure])
            slope, height = line_through(due, np.array(found))
            shifts += list(np.abs(found - (slope * due + height)) * 1000 / RATE_HZ)
    return shifts


def measure() -> list[Row]:
    """The rows of this figure."""
    kills = int(os.environ.get("BENCH_KILLS", KILLS))
    rows, count, missed = [need_control()], 0, 0
    listening: list[float] = []
    back: list[float] = []
    shifts: list[float] = []
    with Service(yields=True) as service:
        while len(listening) < kills:
            heard, up, both = exercise(service, kills - len(listening))
            listening, back, shifts = listening + up, back + both, shifts + _shifts_ms(heard)
            count, missed = count + len(heard), missed + sum(one.missed for one in heard)
    whole = len(listening) >= KILLS
    worst = max(shifts, default=float("inf"))
    told = f"{len(listening)} times" + ("" if whole else ", which is less than asked")
    p95 = float(np.percentile(shifts or [worst], 95))
    gaps = f"missed {missed} of {count} windows; p95 {p95:.1f} ms, max {worst:.1f} ms off"
    soon = Spread.of(back)
    rows += [
        Row("killed and started again after 5 s", told, f"{KILLS} times", ok=whole),
        Row("no gap on either phone", gaps, f"none missed, ≤ {SHIFT_MS:.0f} ms off its place",
            ok=not missed and worst <= SHIFT_MS),
        Row("back in the room, of each phone", soon.show(" s", digits=2), f"≤ {BACK_S:.0f} s", ok=max(back) <= BACK_S),
        Row("  of that, the service's own start", Spread.of(listening).show(" s", digits=2)),
    ]  # fmt: skip
    return rows
