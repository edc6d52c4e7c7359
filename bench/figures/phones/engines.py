"""engines: WebKit and Firefox beside Chromium in one room, and the words of one phone against its voice in each.

*Beside.* One exercise, "apart", Chromium on the left channel of one recording and the other engine on the right. What
has to be heard is known from the plan that Chromium got and its clips; each engine decodes and resamples them in its
own way (WebKit plays at 44,100 Hz), which moves no window by more than a sample.

*Words.* The page of one phone notes each change of its prompt, by its own clock. The sound of it is on the left, and a
page of Chromium plays bursts of noise on the right at known times (bench/figures/web/prompt.py), which says when each
sample was heard. Both pages' clocks are put on the machine's. A change counts as seen at the end of its frame; only
Chromium tells when a frame was presented, in the figure `prompt`. A positive number: the prompt came after the voice.

Before anything is measured the rig has to read its positive control (bench/lib/phones/pair.py).
"""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import numpy as np
import soundfile
import soxr
from playwright.sync_api import Playwright, sync_playwright

from bench.figures.web.prompt import (
    BEFORE_S,
    BURST,
    CHOICES,
    LIKENESS,
    REACH_S,
    Alignment,
    Line,
    spoken_lines,
)
from bench.figures.web.prompt import EXERCISE as SPOKEN
from bench.figures.web.prompt import SCRIPT as WATCH
from bench.lib.phones.pair import NOTING, Heard, Window, hear, need_control, windows_of
from bench.lib.report import Row, Spread
from bench.lib.service import Service
from tests.support import room
from tests.support.browsers import Page, open_browser
from tests.support.browsers.chromium import ChromiumPage
from tests.support.sound_card import LEFT, RATE_HZ, RIGHT, locate, recording, sound_card

from .together import Asked, floor_of, row

OTHERS = {"webkit": "WebKit", "firefox": "Firefox"}
EXERCISE, LENGTH_S = "side-by-side", 180
ASKED = Asked(5.0, 15.0)
ALLOWED_MS = 20.0
AFTER_S = 3.0
ORIGIN = """() => {
  const found = [];
  for (let i = 0; i < 400; i++) found.push(Date.now() + 0.5 - performance.now());
  return found.reduce((a, b) => a + b) / found.length;
}"""
"""Milliseconds of the machine's clock at which the page's was zero; Date.now() has whole ones, so the mean is taken."""


def _log(page: Page) -> dict[str, Any]:
    return page.call("() => window.bench")


def _clips(page: ChromiumPage, address: str, plan: dict[str, Any]) -> list[tuple[float, np.ndarray]]:
    """(start in seconds, samples at RATE_HZ) of each line that the page's room plays."""
    place, found = page.call("() => document.querySelector('#room').dataset.room"), []
    for cue in plan["tracks"]["main"]["cues"]:
        if cue["clip"]:
            body = page.page.context.request.get(f"{address}/rooms/{place}/{cue['clip']}").body()
            sound, rate = soundfile.read(io.BytesIO(body), dtype="float64")
            found.append((cue["start"] - plan["lead"], soxr.resample(sound, rate, RATE_HZ)))
    return found


def _plan(page: Page) -> dict[str, Any]:
    told = [json.loads(text) for _, text in _log(page)["frames"]]
    return [message for message in told if message["type"] == "plan"][-1]


def beside(service: Service, engine: str, playwright: Playwright) -> list[Heard]:
    """Every spoken window of one exercise, in Chromium and in another engine."""
    with contextlib.ExitStack() as stack:
        own = stack.enter_context(sound_card())
        sides = [{**own, "PULSE_SINK": side} for side in (LEFT, RIGHT)]
        browsers = [open_browser(e, s, playwright) for e, s in zip(("chromium", engine), sides, strict=True)]
        for browser in browsers:
            stack.callback(browser.close)
        first, second = browsers[0].new_page(script=NOTING), browsers[1].new_page()
        assert isinstance(first, ChromiumPage)
        room.open_room(first, service.address, EXERCISE, f"?length={LENGTH_S}")
        room.join(second, service.address, room.code_of(first))
        room.each_speaks(first, second)
        with recording(own) as take:
            room.both_say_yes(first, second)
            plan = _plan(first)
            clips = _clips(first, service.address, plan)
            first.page.wait_for_timeout((plan["tracks"]["main"]["duration"] + AFTER_S) * 1000)
    windows: list[Window] = [w for i, (at, clip) in enumerate(clips) for w in windows_of(at, clip, i)]
    return hear(take, windows)


def _read(
    line: Line, log: dict[str, Any], shift_ms: float, sound: np.ndarray, alignment: Alignment
) -> float | None:
    """Milliseconds from voice to prompt of one line; None where one of them is missing.

    `shift_ms` takes the page's clock to that of the alignment.
    """
    shown = [c for c in log["changes"] if c["cue"] == line.cue and c["text"] == line.text and c["next"]]
    if not shown:
        return None
    at_ms = shown[0]["next"] + shift_ms
    near, reach = alignment.sample(at_ms) - BEFORE_S * RATE_HZ, round(REACH_S * RATE_HZ)
    at, likeness = locate(line.waveform, sound, round(near) - reach, round(near) + reach)
    return at_ms - float(alignment.at_ms(at + BEFORE_S * RATE_HZ)) if likeness >= LIKENESS else None


def words(service: Service, engine: str, playwright: Playwright) -> list[float | None]:
    """Milliseconds from voice to prompt of each line on one phone; None where a line was missed."""
    lines = spoken_lines(service)
    query = "&".join(f"{name}={value}" for name, value in CHOICES.items())
    with contextlib.ExitStack() as stack:
        own = stack.enter_context(sound_card())
        phone_browser = open_browser(engine, {**own, "PULSE_SINK": LEFT}, playwright)
        stack.callback(phone_browser.close)
        clock_browser = open_browser("chromium", {**own, "PULSE_SINK": RIGHT}, playwright)
        stack.callback(clock_browser.close)
        phone, clock = phone_browser.new_page(), clock_browser.new_page()
        clock.goto(f"{service.address}/help")
        phone.goto(f"{service.address}/exercises/{SPOKEN}/?{query}")
        for page in (phone, clock):
            page.call(f"() => {{ ({WATCH})(0); }}")
        with recording(own) as take:
            clock.click("h1")
            clock.call("(settings) => { window.benchBursts(settings); }", BURST)
            phone.click("#begin")
            phone.wait_for("#over", limit_s=float(CHOICES["length"]) + 60)
            log, ticks = _log(phone), _log(clock)
            shift_ms = phone.call(ORIGIN) - clock.call(ORIGIN)
    alignment = Alignment(take.sound[:, 1], ticks)
    return [_read(line, log, shift_ms, take.sound[:, 0], alignment) for line in lines]


def _words_row(name: str, read: list[float | None]) -> Row:
    what, asked = f"{name}, one phone: prompt against voice", f"p95 ≤ {ALLOWED_MS:.0f} ms, none missed"
    heard = [ms for ms in read if ms is not None]
    if not heard:
        return Row(what, f"nothing read of {len(read)} lines", asked, ok=False)
    p95 = float(np.percentile(np.abs(heard), 95))
    told = f"p95 {p95:.1f} ms; {Spread.of(heard).show(' ms')}, missed {len(read) - len(heard)}"
    ok = p95 <= ALLOWED_MS and len(heard) == len(read)
    return Row(what, told, asked, ok=ok, values={"offsets_ms": read})


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = [need_control()]
    floor = floor_of(rows[0])
    with Service(yields=True) as service, sync_playwright() as playwright:
        for engine, name in OTHERS.items():
            heard = beside(service, engine, playwright)
            rows.append(row(f"{name} beside Chromium", heard, ASKED, floor_ms=floor))
        for engine, name in OTHERS.items():
            rows.append(_words_row(name, words(service, engine, playwright)))
    return rows
