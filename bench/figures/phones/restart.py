"""restart: the service is killed (`kill -9`) in the middle of an exercise, and started again after five seconds.

Twenty times, over as many exercises as that takes, while two Chromium phones play "apart" into one recording
(bench/lib/phones/pair.py). *No gap:* every spoken window of every exercise has to be heard on both phones, at its
place: within 20 ms of where it would be had nothing happened, which is also what two phones may be apart after it.
*Back:* from the moment that the service is started again until a phone has got its welcome; the time that the service
itself takes to start is in it.

Phones, recorder and service share this machine here, and a service that starts keeps it busy for a second. Sound that
runs dry by that would say nothing of phones with processors of their own: so the service yields to them, and where an
output ran dry all the same, as a step of the phone's own clock of the sound tells, that step is told and taken off.

BENCH_KILLS kills fewer times; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from bench.figures.web.prompt import line_through
from bench.lib.phones.pair import WINDOW_S, Heard, Phones, Window, anchor, hear, need_control, phones
from bench.lib.report import CannotMeasure, Row, Spread
from bench.lib.service import Service
from tests.support.sound_card import RATE_HZ, Take, recording

EXERCISE, LENGTH_S = "side-by-side", 300
KILLS, AWAY_S, BACK_S, SHIFT_MS = 20, 5.0, 3.0, 20.0
SETTLE_S, BETWEEN_S, LAST_S, TAIL_S = 12.0, 9.0, 25.0, 2.0
WAIT_S = 15.0
DRY_MS, DRY_READINGS, READ_S = 3.0, 8, 0.02
"""It ran dry where the middle of so many readings of its clock, so far apart, is so much less than of those before."""
LINE_S = 12.0
"""Longer than any line and the moment in which it is placed."""


Kill = Callable[[Phones], tuple[float, list[float]]]
"""Kills once: seconds until a service listens again, and until each phone is back."""


def welcomes(pair: Phones) -> list[list[float]]:
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
        back = [[at / 1000 - began for at in times if at / 1000 > began] for times in welcomes(pair)]
        if all(back):
            return listening, [times[0] for times in back]
    raise CannotMeasure(f"a phone was not back {WAIT_S:.0f} s after the service was started again.")


@dataclass
class Seen:
    """The outcome of one or more exercises; times in seconds, shifts in milliseconds.

    shifts  how far each window of each phone is from its place, less what its output lost by running dry meanwhile
    dry     how much each output lost each time that it ran dry
    """

    heard: list[Heard] = field(default_factory=list)
    listening: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    shifts: list[float] = field(default_factory=list)
    dry: list[float] = field(default_factory=list)


def exercise(
    address: str,
    kills: int,
    seen: Seen,
    kill: Kill,
    opens: Callable[[Phones], None] | None = None,
    listens: Callable[[Take, list[Window], float], None] = lambda take, windows, zero: None,
) -> int:
    """One exercise with up to `kills` kills, added to what was seen; gives how many there were.

    opens    has both phones come into a room and be asked for the start; a couple's own, if left out
    listens  gets the recording, what had to be heard in it, and where that begins
    """
    with phones() as pair:
        if opens:
            opens(pair)
        else:
            pair.open(address, EXERCISE, LENGTH_S)
        for page in pair.both:
            page.wait_for_selector("#start-ask:not([hidden])")
        with recording(pair.sound) as take:
            pair.start()
            windows = pair.windows()
            duration = pair.plan["tracks"]["main"]["duration"]
            ends = time.monotonic() + duration
            pair.a.wait_for_timeout(SETTLE_S * 1000)
            count = 0
            while count < kills and time.monotonic() < ends - LAST_S:
                up, both = kill(pair)
                count += 1
                seen.listening.append(up)
                seen.back += both
                pair.a.wait_for_timeout(BETWEEN_S * 1000)
            played_s = duration - (ends - time.monotonic())
            logs = [pair.log(page) for page in pair.both]
    zero = anchor(take, windows)
    windows = [w for w in windows if w.at_s < played_s - TAIL_S]
    heard = hear(take, windows, zero)
    listens(take, windows, zero)
    began_s = take.start() + zero / RATE_HZ + time.time() - time.monotonic()
    dry = [_ran_dry(np.array(log["alignment"])) for log in logs]
    seen.heard += heard
    seen.shifts += _shifts_ms(heard, [[(at - began_s, ms) for at, ms in one] for one in dry])
    seen.dry += [ms for one in dry for at, ms in one if began_s < at < began_s + played_s]
    return count


def _ran_dry(alignment: np.ndarray) -> list[tuple[float, float]]:
    """Times at which a phone's output ran dry, by its own clock (wall clock, s), and the loss each time (ms)."""
    at, offset = alignment[:, 0] / 1000, alignment[:, 1] * 1000 - alignment[:, 0]
    size = DRY_READINGS
    middles = np.median(np.lib.stride_tricks.sliding_window_view(offset, size), axis=1)
    lost = middles[:-size] - middles[size:]
    found: list[tuple[float, float]] = []
    for i in np.flatnonzero(lost > DRY_MS):
        if found and at[i + size] - found[-1][0] < 2 * size * READ_S:
            found[-1] = (found[-1][0], max(found[-1][1], float(lost[i])))
        else:
            found.append((float(at[i + size]), float(lost[i])))
    return found


def _shifts_ms(heard: list[Heard], dry: list[list[tuple[float, float]]]) -> list[float]:
    """The distance of each window of each phone from its place: the straight line that most of that phone's are on.

    A line and not a point, since the recorder's seconds are not quite the phones'. What the phone's output lost by
    running dry while the line was placed or heard (`dry`: seconds as of the windows, and milliseconds) is taken off.
    """
    shifts: list[float] = []
    sure = [one for one in heard if not one.missed]
    if len(sure) < 3:
        return shifts
    due = np.array([one.window.at_s for one in sure])
    for found, lost in zip(([one.left for one in sure], [one.right for one in sure]), dry, strict=True):
        slope, height = line_through(due, np.array(found))
        sizes = np.abs(found - (slope * due + height)) * 1000 / RATE_HZ
        taken = np.array([sum(ms for when, ms in lost if at - LINE_S < when < at + WINDOW_S) for at in due])
        shifts += list(np.maximum(0.0, sizes - taken))
    return shifts


def measure() -> list[Row]:
    """The rows of this figure."""
    kills = int(os.environ.get("BENCH_KILLS", KILLS))
    rows, seen, done = [need_control()], Seen(), 0
    with Service(yields=True) as service:
        while done < kills:
            done += exercise(service.address, kills - done, seen, partial(_one_kill, service))
    whole = done >= KILLS
    missed = sum(one.missed for one in seen.heard)
    worst = max(seen.shifts, default=float("inf"))
    p95 = float(np.percentile(seen.shifts or [worst], 95))
    gaps = f"missed {missed} of {len(seen.heard)} windows; p95 {p95:.1f} ms, max {worst:.1f} ms off"
    ran = f"{len(seen.dry)} times, {max(seen.dry, default=0.0):.0f} ms at the most"
    soon = Spread.of(seen.back)
    rows += [
        Row("killed and started again after 5 s", f"{done} times" + ("" if whole else ", which is less than asked"),
            f"{KILLS} times", ok=whole),
        Row("no gap on either phone", gaps, f"none missed, ≤ {SHIFT_MS:.0f} ms off its place",
            ok=not missed and worst <= SHIFT_MS),
        Row("  an output ran dry, which is taken off", ran),
        Row("back in the room, of each phone", soon.show(" s", digits=2), f"≤ {BACK_S:.0f} s",
            ok=max(seen.back) <= BACK_S),
        Row("  of that, the service's own start", Spread.of(seen.listening).show(" s", digits=2)),
    ]  # fmt: skip
    return rows
