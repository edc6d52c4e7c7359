"""stops: from a tap to silence. A therapist's pause on both phones; "Too much" on the own phone, with the network cut.

Two Chromium phones and a console in one room, "apart", on loopback; both phones on one recording
(bench/lib/phones/pair.py). Forty pauses on a quiet machine, and forty on a busy one.

*When it is silent.* What should have sounded is known: the line, as its clip has it. Behind the tap the recording is
compared with it in steps of 1 ms; silence is where what is left of it stays below a twentieth of the line's own level.
Where the line itself makes a short pause there, silence counts from when it would have sounded again, so a reading can
be too long and never too short. A tap that cannot be read fails the figure.

*When it was tapped.* The tap's event has the page's time. A phone's `getOutputTimestamp` (median of the readings of
three seconds around) says which moment of its sound was heard then, and since it is known for which moment the line
was placed, how far into the line that is. So the way through the browser's own output counts in full.

For "Too much" the phone's network is one that takes everything and delivers nothing (bench/lib/phones/network.py)
before the tap.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from playwright.sync_api import Page, TimeoutError

from bench.lib.load import load
from bench.lib.phones.network import Network, network
from bench.lib.phones.pair import PASSCODE, Phones, need_control, phones, until
from bench.lib.report import CannotMeasure, Row, Spread, table
from bench.lib.service import Service
from tests.support.sound_card import RATE_HZ, locate, recording

from .together import PROGRAMS

EXERCISE = "side-by-side"
PAUSES, PAUSES_A_ROOM, STOPS = 40, 8, 5
PAUSE_MS, APART_MS, STOP_MS = 250.0, 10.0, 50.0
INTO_S, NEEDED_S, LINE_LIMIT_S, GO_ON_LIMIT_S = 0.7, 2.5, 60.0, 60.0
STEP_S, LEFT = 0.001, 0.05
PAUSE_LOOK_S, STOP_LOOK_S = 1.3, 0.25
"""Before the line is heard again, and before the guide says its own on the phone that was stopped."""
HEAD_S, REACH_S, ALIKE, BRIDGE_MS = 0.5, 0.6, 0.8, 3000.0

SOUNDING = """([durations, into]) => {
  const {alignment, starts} = window.bench;
  if (!alignment.length) return null;
  const [wall, context] = alignment[alignment.length - 1];
  const now = context + (performance.timeOrigin + performance.now() - wall) / 1000;
  const latest = new Map();
  for (const [, when, duration] of starts) latest.set(duration, when);
  for (const [duration, when] of latest) {
    const known = durations.find((one) => Math.abs(one - duration) < 5e-4);
    if (known && when + into <= now && now < when + into + 0.3) return known;
  }
  return null;
}"""
"""The duration of a clip that began `into` seconds ago, by what the page has placed last of each."""


@dataclass(frozen=True)
class Tap:
    """A tap at a wall-clock time (ms) into the clip of `duration` seconds; `look_s` after it are looked at."""

    wall_ms: float
    duration: float
    look_s: float


class Ear:
    """One phone's channel of a recording that began at the wall-clock second `began_s`, and its page's own times."""

    def __init__(
        self, sound: np.ndarray, log: dict[str, Any], waves: dict[float, np.ndarray], began_s: float
    ):
        self._sound, self._starts, self._waves, self._began_s = sound, log["starts"], waves, began_s
        self._alignment = np.array(log["alignment"])

    def _context_s(self, wall_ms: float) -> float:
        """The moment of the page's sound that was heard at a wall-clock time, by the readings around it."""
        near = np.abs(self._alignment[:, 0] - wall_ms) < BRIDGE_MS
        if not near.any():
            raise CannotMeasure(
                "a page's clock of the sound was not read around a tap; the machine is too busy."
            )
        return wall_ms / 1000 + float(np.median(self._alignment[near, 1] - self._alignment[near, 0] / 1000))

    def silent_ms(self, tap: Tap) -> float | None:
        """Milliseconds from a tap until nothing is left of the line that sounded; None if that cannot be read."""
        wave = self._waves[tap.duration]
        whens = [w for at, w, d in self._starts if _same(d, tap.duration) and at < tap.wall_ms]
        if not whens:
            return None
        into_s = self._context_s(tap.wall_ms) - whens[-1]
        near, reach = round((tap.wall_ms / 1000 - into_s - self._began_s) * RATE_HZ), round(REACH_S * RATE_HZ)
        begin, likeness = locate(wave[: round(HEAD_S * RATE_HZ)], self._sound, near - reach, near + reach)
        if likeness < ALIKE:
            return None
        whole = min(len(wave), round((into_s + tap.look_s) * RATE_HZ))
        known, heard = _levels(wave[:whole]), _levels(self._sound[round(begin) : round(begin) + whole])
        limit = float(np.sqrt(np.mean(wave**2))) * LEFT
        last = np.flatnonzero(heard > limit)[-1]
        after = np.flatnonzero((known > 2 * limit) & (np.arange(len(known)) > last))
        return float(after[0] * STEP_S - into_s) * 1000 if len(after) else None


def _same(a: float, b: float) -> bool:
    """Tell whether two durations are of one clip: resamplers differ by a sample or two."""
    return abs(a - b) < 0.0005


def _levels(sound: np.ndarray) -> np.ndarray:
    """Level (RMS) of each millisecond."""
    size = round(STEP_S * RATE_HZ)
    return np.sqrt(
        np.mean(sound[: len(sound) // size * size].reshape(-1, size).astype(np.float64) ** 2, axis=1)
    )


def _into_line(page: Page, durations: list[float]) -> float:
    """Wait until a long line has begun INTO_S ago; the duration of its clip."""
    return until(page, lambda: page.evaluate(SOUNDING, [durations, INTO_S]), LINE_LIMIT_S)


def _tapped(page: Page, kind: str) -> float:
    return [at for at, k, _ in page.evaluate("() => window.bench.taps") if k == kind][-1]


def _pauses(pair: Phones, console: Page, durations: list[float], count: int) -> list[Tap]:
    taps = []
    for _ in range(count):
        duration = _into_line(pair.a, durations)
        console.keyboard.press("p")
        console.wait_for_timeout(1500)
        taps.append(Tap(_tapped(console, "keydown"), duration, PAUSE_LOOK_S))
        _go_on(pair, console)
    return taps


def _go_on(pair: Phones, console: Page) -> None:
    """Press "Go on" until it is taken: a console on a busy machine may not know of the pause yet."""
    until = time.monotonic() + GO_ON_LIMIT_S
    while pair.a.is_hidden("#pause"):
        if time.monotonic() > until:
            raise CannotMeasure("the exercise did not go on after a pause.")
        console.keyboard.press("g")
        console.wait_for_timeout(1000)


def _stops(pair: Phones, net: Network, durations: list[float], count: int) -> list[Tap]:
    taps = []
    for _ in range(count):
        duration = _into_line(pair.b, durations)
        net.cut()
        pair.b.click("#too-much")
        pair.b.wait_for_timeout(1500)
        taps.append(Tap(_tapped(pair.b, "click"), duration, STOP_LOOK_S))
        net.mend()
        pair.b.click("#quiet")
        pair.a.click("#ask [data-answer=yes]")
        pair.b.click("#rest-ask [data-answer=yes]")
        pair.b.wait_for_selector("#room[data-state=playing]")
    return taps


@dataclass(frozen=True)
class Read:
    """Readings of all taps (ms, None where it could not be read): pauses on both phones, stops on one."""

    pauses: list[tuple[float | None, float | None]]
    stops: list[float | None]


def _round(service: Service, pauses: int, stops: int) -> Read:
    """One room: so many pauses of the therapist, then so many stops of the second phone with its network cut."""
    with network(service.port) as net, phones() as pair:
        console = pair.conducted(service.address, EXERCISE, net.address)
        with recording(pair.sound) as take:
            pair.start()
            waves = {round(len(clip) / RATE_HZ, 4): clip for _, clip in pair.clips()}
            long_ones = [duration for duration in waves if duration >= NEEDED_S]
            paused = _pauses(pair, console, long_ones, pauses)
            stopped = _stops(pair, net, long_ones, stops)
            logs = [pair.log(page) for page in pair.both]
    began_s = take.start() + time.time() - time.monotonic()
    ears = [Ear(take.sound[:, channel], log, waves, began_s) for channel, log in enumerate(logs)]
    both = [(ears[0].silent_ms(tap), ears[1].silent_ms(tap)) for tap in paused]
    return Read(both, [ears[1].silent_ms(tap) for tap in stopped])


def _rows(read: Read, where: str = "") -> list[Row]:
    pairs = [(a, b) for a, b in read.pauses if a is not None and b is not None]
    slowest, apart = [max(two) for two in pairs], [abs(a - b) for a, b in pairs]
    together, count = sum(ms <= APART_MS for ms in apart), len(read.pauses)
    rows = [
        _row(f"a therapist's pause{where}: tap to silence on both", slowest, PAUSE_MS),
        _row("  one phone against the other", apart, APART_MS),
        Row(f"  both within {APART_MS:.0f} ms", f"{together} of {count}", "all", ok=together == count),
    ]
    unread = count - len(pairs)
    if read.stops:
        alone = [ms for ms in read.stops if ms is not None]
        unread += len(read.stops) - len(alone)
        rows.append(_row(f"“Too much” with the network cut{where}: tap to silence", alone, STOP_MS))
    told = f"{unread} of {count + len(read.stops)}"
    return [*rows, Row(f"taps that could not be read{where}", told, "none", ok=not unread)]


def _rounds(service: Service, stops: int) -> Read:
    """Rooms until the pauses are PAUSES; in the first also the stops."""
    made = []
    for i in range(PAUSES // PAUSES_A_ROOM):
        try:
            made.append(_round(service, PAUSES_A_ROOM, 0 if i else stops))
        except (CannotMeasure, TimeoutError) as error:
            print(f"a room of {PAUSES_A_ROOM} pauses could not be read: {error}", file=sys.stderr)
            made.append(Read([(None, None)] * PAUSES_A_ROOM, [None] * (0 if i else stops)))
    return Read([two for one in made for two in one.pauses], [ms for one in made for ms in one.stops])


def measure() -> list[Row]:
    """The rows of this figure."""
    environment = {"STILL_HERE_PASSCODE": PASSCODE}
    rows = [need_control()]
    with Service(environment=environment, yields=True) as service:
        rows += _rows(_rounds(service, STOPS))
    print(table(rows), file=sys.stderr, flush=True)
    # one that yields would get nothing beside programs that never rest
    with Service(environment=environment) as service, load(PROGRAMS):
        busy = _rounds(service, 0)
    return [*rows, *_rows(busy, f", {PROGRAMS} programs busy")]


def _row(what: str, values: list[float], limit_ms: float) -> Row:
    if not values:
        return Row(what, "nothing could be read", f"≤ {limit_ms:.0f} ms", ok=False)
    return Row(what, Spread.of(values).show(" ms"), f"≤ {limit_ms:.0f} ms", ok=max(values) <= limit_ms)
