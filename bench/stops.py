"""stops: from a tap to silence. A therapist's pause on both phones; "Too much" on the own phone, with the network cut.

Two Chromium phones and a console in one room, "apart", on loopback; both phones on one recording (bench/pair.py).

*When it is silent.* What should have sounded is known: the line, as its clip has it. Behind the tap the recording is
compared with it in steps of 1 ms; silence is where what is left of it stays below a twentieth of the line's own level.
Where the line itself makes a short pause there, silence counts from when it would have sounded again, so a reading can
be too long and never too short. A tap that cannot be read fails the figure.

*When it was tapped.* The tap's event has the page's time. A phone's `getOutputTimestamp` (median of all readings)
says which moment of its sound was heard then, and the lines, of which is known for what moment of the sound they were
placed, say which sample of the recording that is. So the way through the sound card of this machine counts in full.

For "Too much" the phone's network is one that takes everything and delivers nothing (bench/network.py) before the tap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from playwright.sync_api import Page

from .network import Network, network
from .pair import SCRIPT, Phones, need_control, phones, until
from .report import CannotMeasure, Row, Spread
from .rig import RATE_HZ, Take, locate, recording
from .service import Service

EXERCISE = "side-by-side"
PASSCODE = "a bench of wood"
PAUSES, STOPS = 8, 5
PAUSE_MS, APART_MS, STOP_MS = 400.0, 10.0, 50.0
INTO_S, NEEDED_S, LINE_LIMIT_S = 0.7, 2.5, 60.0
STEP_S, LEFT = 0.001, 0.05
HEAD_S, REACH_S, ALIKE, ANCHORS = 0.5, 0.4, 0.8, 5

SOUNDING = """([durations, into]) => {
  const {bridge, starts} = window.bench;
  if (!bridge.length) return null;
  const [wall, context] = bridge[bridge.length - 1];
  const now = context + (performance.timeOrigin + performance.now() - wall) / 1000;
  const latest = new Map();
  for (const [, when, duration] of starts) latest.set(duration, when);
  for (const [duration, when] of latest) {
    const known = durations.find((one) => Math.abs(one - duration) < 1e-3);
    if (known && when + into <= now && now < when + into + 0.3) return known;
  }
  return null;
}"""
"""The duration of a clip that began `into` seconds ago, by what the page has placed last of each."""


@dataclass(frozen=True)
class Tap:
    """A tap at a wall-clock time (ms), while the clip of `duration` seconds sounded."""

    wall_ms: float
    duration: float


class Ear:
    """One phone's channel of the recording, and its page's time in samples of it."""

    def __init__(self, take: Take, channel: int, log: dict[str, Any], waves: dict[float, np.ndarray]):
        self._sound, self._starts, self._waves = take.sound[:, channel], log["starts"], waves
        readings = np.array(log["bridge"])
        self._bridge_s = float(np.median(readings[:, 1] - readings[:, 0] / 1000))
        zeros: list[float] = []
        for _, when, duration in self._starts:
            wave = waves.get(round(duration, 4))
            if wave is None or len(zeros) >= ANCHORS:
                continue
            at, likeness = locate(wave[: round(HEAD_S * RATE_HZ)], self._sound, 0, len(self._sound))
            if likeness >= ALIKE:
                zeros.append(at - when * RATE_HZ)
        if not zeros:
            raise CannotMeasure("no line was found in the recording.")
        self._zero = float(np.median(zeros))

    def sample(self, wall_ms: float) -> float:
        """The sample that was heard at a wall-clock time."""
        return (wall_ms / 1000 + self._bridge_s) * RATE_HZ + self._zero

    def silent_ms(self, tap: Tap) -> float | None:
        """Milliseconds from a tap until nothing is left of the line that sounded; None if that cannot be read."""
        wave = self._waves[tap.duration]
        whens = [w for at, w, d in self._starts if round(d, 4) == tap.duration and at < tap.wall_ms]
        near = round(whens[-1] * RATE_HZ + self._zero) if whens else 0
        reach = round(REACH_S * RATE_HZ)
        head = wave[: round(HEAD_S * RATE_HZ)]
        begin, likeness = locate(head, self._sound, near - reach, near + reach)
        if not whens or likeness < ALIKE:
            return None
        tapped = self.sample(tap.wall_ms)
        known, heard = _levels(wave), _levels(self._sound[round(begin) : round(begin) + len(wave)])
        limit = float(np.sqrt(np.mean(wave**2))) * LEFT
        last = np.flatnonzero(heard > limit)[-1]
        after = np.flatnonzero((known > 2 * limit) & (np.arange(len(known)) > last))
        if not len(after):
            return None  # the line was as good as over
        return float(begin + after[0] * STEP_S * RATE_HZ - tapped) * 1000 / RATE_HZ


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


def _conducted(pair: Phones, service: Service, address: str) -> Page:
    """A therapist's room with both phones; the second comes by `address`. Gives the console."""
    context = pair.desk.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(SCRIPT)
    console = context.new_page()
    console.goto(f"{service.address}/therapist")
    console.fill("#passcode", PASSCODE)
    console.click("form .begin")
    console.select_option("#exercise", EXERCISE)
    console.check("[name=screened]")
    console.click(".open-room .begin")
    pair.address = service.address
    first = pair.code(console)
    pair.join(pair.a, first)
    second = pair.code(console, first)
    pair.address = address
    pair.join(pair.b, second)
    pair.address = service.address
    pair.a.click("[data-setting=apart]")
    console.wait_for_selector("#act-start:enabled", timeout=60_000)
    console.keyboard.press("b")
    return console


def _pauses(pair: Phones, console: Page, durations: list[float]) -> list[Tap]:
    taps = []
    for _ in range(PAUSES):
        duration = _into_line(pair.a, durations)
        console.keyboard.press("p")
        console.wait_for_timeout(1500)
        taps.append(Tap(_tapped(console, "keydown"), duration))
        console.keyboard.press("g")
        pair.a.wait_for_selector("#pause:not([hidden])")
    return taps


def _stops(pair: Phones, net: Network, durations: list[float]) -> list[Tap]:
    taps = []
    for _ in range(STOPS):
        duration = _into_line(pair.b, durations)
        net.cut()
        pair.b.click("#too-much")
        pair.b.wait_for_timeout(1500)
        taps.append(Tap(_tapped(pair.b, "pointerdown"), duration))
        net.mend()
        pair.b.click("#quiet")
        pair.a.click("#ask [data-answer=yes]")
        pair.b.click("#rest-ask [data-answer=yes]")
        pair.b.wait_for_selector("#room[data-state=playing]")
    return taps


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = [need_control()]
    with (
        Service(environment={"STILL_HERE_PASSCODE": PASSCODE}) as service,
        network(service.port) as net,
        phones() as pair,
    ):
        console = _conducted(pair, service, net.address)
        with recording(pair.sound) as take:
            pair.start()
            waves = {round(len(clip) / RATE_HZ, 4): clip for _, clip in pair.clips()}
            long_ones = [duration for duration in waves if duration >= NEEDED_S]
            pauses = _pauses(pair, console, long_ones)
            stops = _stops(pair, net, long_ones)
            logs = [pair.log(page) for page in pair.both]
    ears = [Ear(take, channel, log, waves) for channel, log in enumerate(logs)]
    both = [[ear.silent_ms(tap) for ear in ears] for tap in pauses]
    own = [ears[1].silent_ms(tap) for tap in stops]
    read = [(a, b) for a, b in both if a is not None and b is not None]
    alone = [ms for ms in own if ms is not None]
    unread = len(both) - len(read), len(own) - len(alone)
    slowest, apart = [max(two) for two in read], [abs(a - b) for a, b in read]
    return [
        *rows,
        _row("a therapist's pause: tap to silence on both", slowest, PAUSE_MS),
        _row("  one phone against the other", apart, APART_MS),
        _row("“Too much” with the network cut: tap to silence", alone, STOP_MS),
        Row("taps that could not be read", f"{sum(unread)} of {PAUSES + STOPS}", "none", ok=not any(unread)),
    ]


def _row(what: str, values: list[float], limit_ms: float) -> Row:
    if not values:
        return Row(what, "nothing could be read", f"≤ {limit_ms:.0f} ms", ok=False)
    return Row(what, Spread.of(values).show(" ms"), f"≤ {limit_ms:.0f} ms", ok=max(values) <= limit_ms)
