"""Two phones on one sample clock: two browsers, each heard on one channel of one recording, in one room.

Both browsers play into one null sink, the first phone's sound on the left and the second's on the right, and one
recorder reads that sink. An offset between the channels is one that a listener would hear, and none of recording.

What has to be heard is known beforehand, from the plan and its clips: every window of 0.6 s of a line in which there
is speech. Each is looked for in both channels, at its time, give or take 0.4 s. A window that is not found in one of
them, or found unlike (below 0.5 of a normalised correlation), is missed, and nothing that was missed is left out.

`self_test` is the positive control of everything that listens with this: known noise, the second phone 10 ms late,
and one piece played on the first phone alone, which has to be read as 10 ms and as missed.

What it cannot show: loudspeakers, Bluetooth, iOS, and the drift between two sound cards, since both have one clock.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from bench.lib.browsers.chromium import launch
from bench.lib.report import CannotMeasure, Row
from tests.support.sound_card import LEFT, RATE_HZ, RIGHT, Take, locate, recording, sound_card

WINDOW_S, REACH_S, LIKENESS, AUDIBLE = 0.6, 0.4, 0.5, 0.01
FIRST = 8
CONTROL_MS, CONTROL_TOLERANCE_MS = 10.0, 1.0
READY_MS = 180_000
"""On a busy machine a service that gives way to others takes so long to prepare a room at most."""
PASSCODE = "a bench of wood"
PHONE: ViewportSize = {"width": 390, "height": 844}
NOTING = Path(__file__).with_name("phones.js").read_text()
SCRIPT = f"({NOTING})()"

NOISE = """async ({late, first, plays, rate, size}) => {
  const context = new AudioContext({sampleRate: rate});
  await context.resume();
  const readings = [];
  for (let i = 0; i < 200; i++) {
    await new Promise((done) => setTimeout(done, 10));
    const {contextTime, performanceTime} = context.getOutputTimestamp();
    if (performanceTime > 0) readings.push(contextTime - performanceTime / 1000);
  }
  readings.sort((a, b) => a - b);
  const alignment = readings[readings.length >> 1] - performance.timeOrigin / 1000;
  for (const k of plays) {
    const buffer = context.createBuffer(1, size, rate), data = buffer.getChannelData(0);
    let seed = 4321 + k;
    for (let i = 0; i < data.length; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      data[i] = (seed / 2 ** 32 - 0.5) * 0.5;
    }
    const source = new AudioBufferSourceNode(context, {buffer});
    source.connect(context.destination);
    source.start(alignment + (first + 1000 * k + late) / 1000);
  }
}"""
"""Plays noise number k at `first` + k seconds of the wall clock, `late` ms late."""
NOISE_SAMPLES = round(0.6 * RATE_HZ)


@dataclass(frozen=True)
class Window:
    """A piece of what has to be heard, `at_s` seconds after the beginning of everything, in line number `line`."""

    at_s: float
    wave: np.ndarray
    line: int = 0


@dataclass(frozen=True)
class Heard:
    """The place of a window in both channels, in samples; `likeness` is the lesser of both."""

    window: Window
    left: float
    right: float
    likeness: float

    @property
    def missed(self) -> bool:
        """Not heard on one phone, or not as it should sound."""
        return self.likeness < LIKENESS

    @property
    def offset_ms(self) -> float:
        """Seconds by which the second phone played it later."""
        return (self.right - self.left) * 1000 / RATE_HZ


def windows_of(at_s: float, clip: np.ndarray, line: int = 0) -> list[Window]:
    """The windows of one line in which there is speech; `clip` at RATE_HZ."""
    size = round(WINDOW_S * RATE_HZ)
    pieces = [(i, clip[i : i + size]) for i in range(0, len(clip) - size + 1, size)]
    return [Window(at_s + i / RATE_HZ, p, line) for i, p in pieces if np.sqrt(np.mean(p**2)) >= AUDIBLE]


def anchor(take: Take, windows: list[Window], channel: int = 0) -> float:
    """The sample of the recording at which the time of the windows is zero, by the clearest of the first ones."""
    best, zero = 0.0, 0.0
    for window in windows[:FIRST]:
        at, likeness = locate(window.wave, take.sound[:, channel], 0, len(take.sound) - len(window.wave))
        if likeness > best:
            best, zero = likeness, at - window.at_s * RATE_HZ
    if best < LIKENESS:
        raise CannotMeasure("nothing of what should be heard is in the recording.")
    return zero


def hear(take: Take, windows: list[Window], zero: float | None = None) -> list[Heard]:
    """Every window in both channels."""
    zero = anchor(take, windows) if zero is None else zero
    reach, heard = round(REACH_S * RATE_HZ), []
    for window in windows:
        due = round(zero + window.at_s * RATE_HZ)
        found = [locate(window.wave, take.sound[:, channel], due - reach, due + reach) for channel in (0, 1)]
        heard.append(Heard(window, found[0][0], found[1][0], min(found[0][1], found[1][1])))
    return heard


def self_test() -> Row:
    """The positive control; its row is not ok where the rig cannot be believed."""
    with phones() as pair, recording(pair.sound) as take:
        first = pair.a.evaluate("Date.now() + 9000")
        for page, late, plays in ((pair.a, 0.0, range(6)), (pair.b, CONTROL_MS, range(5))):
            page.goto("about:blank")
            told = {
                "late": late,
                "first": first,
                "plays": list(plays),
                "rate": RATE_HZ,
                "size": NOISE_SAMPLES,
            }
            page.evaluate(f"(told) => {{ ({NOISE})(told); }}", told)
        pair.a.wait_for_timeout(17_000)
    heard = hear(take, [Window(float(k), _noise(k)) for k in range(6)])
    offsets = [one.offset_ms for one in heard[:5] if not one.missed]
    middle = float(np.median(offsets)) if offsets else float("nan")
    right = abs(middle - CONTROL_MS) <= CONTROL_TOLERANCE_MS
    ok = right and len(offsets) == 5 and heard[5].missed
    asked = f"{CONTROL_MS:.0f} ± {CONTROL_TOLERANCE_MS:.0f} ms, 1 missed"
    seen = f"{middle:.2f} ms, {sum(one.missed for one in heard)} missed"
    values = {"off_ms": [abs(one - CONTROL_MS) for one in offsets]}
    return Row("positive control: one phone late, one piece left out", seen, asked, ok=ok, values=values)


def need_control() -> Row:
    """The positive control, or CannotMeasure."""
    row = self_test()
    if not row.ok:
        raise CannotMeasure(f"the rig reads {row.seen} where {row.asked} was given.")
    return row


def _noise(k: int) -> np.ndarray:
    seed, values = 4321 + k, np.empty(NOISE_SAMPLES)
    for i in range(len(values)):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        values[i] = (seed / 2**32 - 0.5) * 0.5
    return values


@dataclass
class Phones:
    """Two phones, each with its page, and the sound card that both play into."""

    a: Page
    b: Page
    sound: dict[str, str]
    console: Browser
    room: str = ""
    address: str = ""
    plan: dict[str, Any] = field(default_factory=dict)

    @property
    def both(self) -> tuple[Page, Page]:
        """Both pages."""
        return self.a, self.b

    def log(self, page: Page) -> dict[str, Any]:
        """Notes of phones.js in a page; its plan and courses are in `frames`."""
        return page.evaluate("() => window.bench")

    def messages(self, page: Page, kind: str) -> list[tuple[float, dict[str, Any]]]:
        """Messages of a kind that a page has got, with their wall-clock times in ms."""
        found = [(at, json.loads(text)) for at, text in self.log(page)["frames"]]
        return [(at, message) for at, message in found if message["type"] == kind]

    def open(
        self, address: str, exercise: str, length: int, second: str = "", other_address: str | None = None
    ) -> None:
        """A room of the couple's own: the first phone opens it, the second joins, each speaks for itself.

        `second` is what the second phone's paths begin with, "/es" for one in Spanish. It comes by `other_address`, if
        there is one.
        """
        self.address = address
        self.a.goto(f"{address}/exercises/{exercise}/?length={length}")
        self.a.click("#two-phones button")
        self._enter(self.a)
        self.address = other_address or address
        self.join(self.b, self.code(self.a), second)
        self.address = address
        self.a.click("[data-setting=apart]")

    def conducted(self, address: str, exercise: str, second: str | None = None) -> Page:
        """A therapist's room with both phones, each speaking for itself; gives the console, which asked for a start.

        The service knows PASSCODE. The second phone comes by the address `second`, if there is one.
        """
        self.address = address
        context = self.console.new_context(viewport={"width": 1280, "height": 800})
        context.add_init_script(SCRIPT)
        console = context.new_page()
        console.goto(f"{address}/therapist")
        console.fill("#passcode", PASSCODE)
        console.click("form .begin")
        console.select_option("#exercise", exercise)
        console.check("[name=screened]")
        console.click(".open-room .begin")
        first = self.code(console)
        self.join(self.a, first)
        other = self.code(console, first)
        self.address = second or address
        self.join(self.b, other)
        self.address = address
        self.a.click("[data-setting=apart]")
        console.wait_for_selector("#act-start-anyway[aria-disabled=false]", timeout=READY_MS)
        console.keyboard.press("Shift+B")
        return console

    def code(self, page: Page, other_than: str = "") -> str:
        """The code that a page shows."""
        return until(page, lambda: (c := page.inner_text("#code")) and "·" not in c and c != other_than and c)

    def join(self, page: Page, code: str, language: str = "") -> None:
        """A phone comes in by a code, past the door and the question about today."""
        page.goto(f"{self.address}{language}/join#{code}")
        page.click("#join")
        self._enter(page)

    def _enter(self, page: Page) -> None:
        page.wait_for_selector("#room")
        self.room = page.get_attribute("#room", "data-room") or ""
        page.click("#enter")
        page.click('[data-nearest=""]')

    def start(self) -> None:
        """Two yeses; the exercise plays, and `plan` is what the first phone plays by."""
        for page in self.both:
            page.click("#start-ask [data-answer=yes]")
        for page in self.both:
            page.wait_for_selector("#room[data-state=playing]")
        self.plan = self.messages(self.a, "plan")[-1][1]

    def clips(self, page: Page | None = None) -> list[tuple[float, np.ndarray]]:
        """(start in seconds, samples at RATE_HZ) of the clip of each line of a phone's plan, as it gets it."""
        page = page or self.a
        found = []
        plan = self.messages(page, "plan")[-1][1]
        for cue in plan["tracks"]["main"]["cues"]:
            if cue["clip"]:
                body = page.context.request.get(f"{self.address}/rooms/{self.room}/{cue['clip']}").body()
                sound, rate = soundfile.read(io.BytesIO(body), dtype="float64")
                found.append((cue["start"] - plan["lead"], soxr.resample(sound, rate, RATE_HZ)))
        return found

    def windows(self) -> list[Window]:
        """Everything that has to be heard of the exercise."""
        return [w for line, (at, clip) in enumerate(self.clips()) for w in windows_of(at, clip, line)]


def until(page: Page, condition: Any, limit_s: float = 30.0) -> Any:
    """Wait for what the condition gives, as soon as it gives something."""
    for _ in range(round(limit_s / 0.03)):
        if value := condition():
            return value
        page.wait_for_timeout(30)
    raise CannotMeasure("a page did not come to where it should be; is the machine too busy?")


@contextlib.contextmanager
def phones() -> Iterator[Phones]:
    """Two browsers with a page each, and a third for whoever conducts, while the block runs."""
    with contextlib.ExitStack() as stack:
        own = stack.enter_context(sound_card())
        playwright = stack.enter_context(sync_playwright())
        first, second = (
            _page(stack.enter_context(launch(playwright, {**own, "PULSE_SINK": side})))
            for side in (LEFT, RIGHT)
        )
        yield Phones(first, second, own, stack.enter_context(launch(playwright)))


def _page(browser: Browser) -> Page:
    context = browser.new_context(viewport=PHONE)
    context.add_init_script(SCRIPT)
    context.set_default_timeout(60_000)
    return context.new_page()
