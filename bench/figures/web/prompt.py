"""prompt: the words on the screen against the voice, in a real Chromium and with the sound that really came out.

The page of an exercise is opened (no bed, no bell: what begins is the voice), Begin is pressed, and it plays in real
time into a recorded sound card.

*Screen.* The page notes each change of the prompt's `data-cue` and leaves a mark; Chromium's trace says when the
frame that carried it was presented. Without a screen a frame counts as presented when it is swapped, so the same
changes are also given as a 60 Hz screen would show them: at the end of their frame, or when presented if that is
later.

*Voice.* The recording is searched for the waveform around each line's onset (found by energy in the decoded file), so
a line's time is good to a fraction of a millisecond. A line with a likeness below 0.6, or without a prompt, or with
a prompt of other words, is missed, and a miss fails the figure.

*One clock.* The same page plays a burst of noise on the right channel every 1.5 s, each due at a known
`performance.now()` by the running median of `getOutputTimestamp()`; a straight line through where they were recorded
gives the page's time of any sample. A second opinion comes from when the recorder got its samples.

Where a jump lands on the very start of a line, its words stand there as soon as the jump is asked for, and the sound
follows when it is decoded; those are given on a row of their own.

A positive number: the prompt came after the voice (the voice led). Positive control first: the page is told a time of
the sound that is 50 ms old, and the rig must read 50 ms more. It cannot show a real screen's or loudspeaker's delay.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from playwright.sync_api import Page, sync_playwright

from bench.lib.browsers.chromium import launch
from bench.lib.browsers.trace import Trace, tracing
from bench.lib.report import CannotMeasure, Row, Spread
from bench.lib.service import Service
from bench.lib.sound.decoding import RATE_HZ as FILE_HZ
from bench.lib.sound.decoding import decode, nearest, onsets
from tests.support.sound_card import RATE_HZ, Take, locate, recording, sound_card

EXERCISE = "overheard"
CHOICES = {"length": "180", "bed": "none", "bell": "none", "reading": "0"}
ALLOWED_MS = 20.0
CONTROL_S, CONTROL_TOLERANCE_MS = 0.05, 10.0
CONTROL_PLAY_S, MOVES_MIN_LINES = 52.0, 3
LIKENESS = 0.6
BURST = {"rate": RATE_HZ, "size": 4800, "everyMs": 1500, "level": 0.25, "windowSize": 300}
BURST_LIKENESS, BURSTS_HEARD, MIN_BURSTS = 0.5, 0.7, 8
BRIDGE_REACH_MS, ANCHORS, FIRST_S = 500.0, 6, 40
REACH_S = 0.4
BEFORE_S, AFTER_S = 0.05, 0.85
CROSSING_S = 0.15
INTO_S = 3.0
SCRIPT = Path(__file__).with_name("prompt.js").read_text()


@dataclass(frozen=True)
class Line:
    """One spoken line of the exercise: index of its cue, its start, its onset in the file, and its waveform there."""

    cue: int
    start: float
    text: str
    onset: float
    waveform: np.ndarray


@dataclass(frozen=True)
class Reading:
    """One line as it was shown and heard; milliseconds from voice to prompt, or None and why."""

    line: Line
    presented_ms: float | None = None
    frame_end_ms: float | None = None
    changed_ms: float | None = None
    likeness: float = 0.0
    missed: str = ""


@dataclass(frozen=True)
class Pass:
    """One time through (part of) the exercise."""

    readings: list[Reading]
    alignment_ms: Spread
    second_opinion_ms: float
    landings: list[Reading]

    def of(self, name: str) -> list[float]:
        """One kind of offset, of the lines that were read."""
        return [v for r in self.readings if (v := getattr(r, name)) is not None]


class Alignment:
    """The page's time of a recorded sample, by the noise bursts that the page played."""

    def __init__(self, sound: np.ndarray, log: dict[str, Any]):
        """`sound` is one channel, with the bursts in it; `log` what prompt.js noted."""
        planned = np.array(log["bursts"]) * 1000
        if len(planned) < MIN_BURSTS:
            raise CannotMeasure("the page played too few noise bursts to say what time it is.")
        found = _find_bursts(sound, planned)
        heard = [
            (due, sample)
            for due, (sample, likeness) in zip(planned, found, strict=True)
            if likeness >= BURST_LIKENESS
        ]
        self.played, self.heard = len(planned), len(heard)
        if self.heard < BURSTS_HEARD * self.played:
            told = f"only {self.heard} of {self.played} noise bursts came out whole"
            raise CannotMeasure(f"{told}; the machine is too busy.")
        readings = np.array(log["alignment"])
        due_ms = np.array([due - _bridge_at(readings, due) for due, _ in heard])
        samples = np.array([sample for _, sample in heard])
        self._slope, self._origin = line_through(samples, due_ms)
        self.residuals_ms = due_ms - self.at_ms(samples)

    def at_ms(self, sample: Any) -> Any:
        """The page's `performance.now()` when this sample was heard."""
        return self._origin + self._slope * sample

    def sample(self, at_ms: float) -> float:
        """The sample that was heard at this `performance.now()`."""
        return float((at_ms - self._origin) / self._slope)


def _find_bursts(right: np.ndarray, planned_ms: np.ndarray) -> list[tuple[float, float]]:
    """(sample, likeness) of each burst: the first few are looked for everywhere, the others where the clearest says."""
    first = [locate(_burst(k), right, 0, FIRST_S * RATE_HZ) for k in range(ANCHORS)]
    anchor = max(range(ANCHORS), key=lambda k: first[k][1])
    shift = first[anchor][0] - planned_ms[anchor] * RATE_HZ / 1000
    found = []
    for k, due in enumerate(planned_ms):
        near = round(due * RATE_HZ / 1000 + shift)
        at, likeness = locate(_burst(k), right, near - RATE_HZ // 2, near + RATE_HZ // 2)
        if likeness >= BURST_LIKENESS:
            shift = at - due * RATE_HZ / 1000  # an output that ran dry once plays later from then on
        found.append((at, likeness))
    return found


def _bridge_at(readings: np.ndarray, context_ms: float) -> float:
    """Context time less page time (ms) around a moment of the context: the median of the readings within half a second.

    Read afterwards and not when the burst was planned: an output that ran dry in between has moved since.
    """
    near = np.abs(readings[:, 0] + readings[:, 1] * 1000 - context_ms) < BRIDGE_REACH_MS
    if not near.any():
        raise CannotMeasure(
            "the page's clock of the sound was not read around a noise burst; the machine is too busy."
        )
    return float(np.median(readings[near, 1])) * 1000


def line_through(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Slope and height of the line through points of which some may be far off (Theil and Sen)."""
    i, j = np.triu_indices(len(x), 1)
    far = (x[j] - x[i]) > (x[-1] - x[0]) / 4
    slope = float(np.median((y[j] - y[i])[far] / (x[j] - x[i])[far]))
    return slope, float(np.median(y - slope * x))


def _burst(k: int) -> np.ndarray:
    """The noise that prompt.js plays as number `k`."""
    seed, values = 12345 + 7919 * k, np.empty(int(BURST["size"]))
    for i in range(len(values)):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        values[i] = seed / 2**32 - 0.5
    return values * 2 * BURST["level"]


def spoken_lines(service: Service) -> list[Line]:
    """The lines with their waveforms, from the file and the timeline that the page gets."""
    base = f"/exercises/{EXERCISE}"
    timeline = json.loads(service.get(f"{base}/timeline.json", **CHOICES).body)
    with tempfile.NamedTemporaryFile(suffix=".mp3") as file:
        file.write(service.get(f"{base}/audio.mp3", **CHOICES).body)
        file.flush()
        sound = decode(Path(file.name), 1)[:, 0]
    begins = onsets(sound, 0.2)
    fine = soxr.resample(sound, FILE_HZ, RATE_HZ)
    lines = []
    for index, cue in enumerate(timeline["cues"]):
        if cue["kind"] != "line":
            continue
        onset = nearest(begins, cue["start"], 0.5)
        if onset is None:
            raise CannotMeasure(f"the line at {cue['start']} s is not in the file.")
        waveform = fine[round((onset - BEFORE_S) * RATE_HZ) : round((onset + AFTER_S) * RATE_HZ)]
        lines.append(Line(index, cue["start"], cue["text"]["circle"], onset, waveform))
    return lines


def _read(
    line: Line, change: dict[str, Any] | None, take: Take, alignment: Alignment, trace: Trace
) -> Reading:
    if change is None:
        return Reading(line, missed="no prompt came")
    if change["text"] != line.text:
        return Reading(line, missed=f'other words stood there: "{change["text"]}"')
    near = alignment.sample(change["changed"]) - BEFORE_S * RATE_HZ
    reach = round(REACH_S * RATE_HZ)
    at, likeness = locate(line.waveform, take.sound[:, 0], round(near) - reach, round(near) + reach)
    if likeness < LIKENESS:
        return Reading(line, likeness=likeness, missed=f"the voice was not found (likeness {likeness:.2f})")
    heard = float(alignment.at_ms(at + BEFORE_S * RATE_HZ))
    mark = f"bench-{change['n']}"
    swapped = trace.presented(mark)
    if swapped is None or change["next"] is None:
        return Reading(line, likeness=likeness, missed="no frame carried the prompt")
    presented = change["changed"] + (swapped - trace.marks[mark]) * 1000
    shown = max(presented, change["next"])
    return Reading(line, presented - heard, shown - heard, change["changed"] - heard, likeness)


def _play(page: Page, seconds: float) -> None:
    """Play until `seconds` have gone by or the exercise is over."""
    page.wait_for_function(
        "() => document.getElementById('exercise').dataset.state === 'over'"
        f" || document.getElementById('audio').currentTime >= {seconds}",
        timeout=(seconds + 60) * 1000, polling=250,
    )  # fmt: skip


def _into(lines: list[Line], after_s: float) -> float:
    """A moment well inside the first line after this one, so that nothing is cut off that has to be found."""
    return next(line.start for line in lines if line.start > after_s) + INTO_S


def _move(page: Page, lines: list[Line]) -> None:
    """Pause and go on, back, and to the return; some lines are crossed after each."""
    _play(page, 11)
    page.click("#play")
    page.wait_for_timeout(1500)
    page.click("#play")
    back = _into(lines, 30)
    _play(page, back)
    page.click("#back")
    _play(page, _into(lines, back))
    page.click("#skip")
    page.wait_for_timeout(16_000)


def _pass(own: dict[str, str], service: Service, lines: list[Line], shift: float, act: Any) -> Pass:
    with sync_playwright() as playwright, launch(playwright, own) as browser, recording(own) as take:
        page = browser.new_page()
        page.add_init_script(f"({SCRIPT})({shift})")
        query = "&".join(f"{k}={v}" for k, v in CHOICES.items())
        page.goto(f"{service.address}/exercises/{EXERCISE}/?{query}", wait_until="networkidle")
        page.evaluate("(settings) => window.benchBursts(settings)", BURST)
        page.wait_for_timeout(3000)
        with tracing(page) as trace:
            page.click("#begin")
            act(page)
            page.wait_for_timeout(1500)
            log = page.evaluate("() => window.bench")
    alignment = Alignment(take.sound[:, 1] - take.sound[:, 0], log)
    by_cue = {line.cue: line for line in lines}
    spoken = [c for c in log["changes"] if c["cue"] in by_cue]
    crossed = [c for c in spoken if not c["jumped"]]
    landed = [c for c in spoken if c["jumped"] and abs(c["position"] - by_cue[c["cue"]].start) < CROSSING_S]
    readings = [_read(by_cue[c["cue"]], c, take, alignment, trace) for c in crossed]
    landings = [_read(by_cue[c["cue"]], c, take, alignment, trace) for c in landed]
    marks = [
        (c["changed"], trace.marks[f"bench-{c['n']}"])
        for c in log["changes"]
        if f"bench-{c['n']}" in trace.marks
    ]
    system = np.median([at * 1000 - page_ms for page_ms, at in marks])
    opinion = float(take.start() * 1000 - system - alignment.at_ms(0))
    return Pass(readings, Spread.of(np.abs(alignment.residuals_ms)), opinion, landings)


def _percentile(values: list[float], share: float) -> float:
    return float(np.percentile(np.abs(values), share))


def _row(what: str, seen: Pass, name: str, asked: bool) -> list[Row]:
    values, missed = seen.of(name), [r for r in seen.readings if r.missed]
    if not values:
        return [Row(what, "nothing read", f"p95 ≤ {ALLOWED_MS:.0f} ms", ok=False)]
    p95, most = _percentile(values, 95), max(values)
    ok = p95 <= ALLOWED_MS and most <= ALLOWED_MS and not missed
    told = f"p95 {p95:.1f} ms; {Spread.of(values).show(' ms')}, missed {len(missed)}"
    limits = f"p95 ≤ {ALLOWED_MS:.0f} ms, max ≤ +{ALLOWED_MS:.0f} ms, none missed"
    row = Row(what, told, limits if asked else "–", ok=ok if asked else None, values={"offsets_ms": values})
    return [row, *(Row(f"  line {r.line.cue} at {r.line.start:.2f} s", r.missed) for r in missed)]


def _complete(seen: Pass, lines: list[Line], until_s: float) -> Pass:
    """The pass with a miss for each line that was due and got no prompt."""
    got = {r.line.cue for r in seen.readings}
    gone = [
        Reading(line, missed="no prompt came")
        for line in lines
        if line.start < until_s and line.cue not in got
    ]
    return Pass([*seen.readings, *gone], seen.alignment_ms, seen.second_opinion_ms, seen.landings)


def measure() -> list[Row]:
    """The rows of this figure."""
    with Service() as service, sound_card() as own:
        lines = spoken_lines(service)
        control = _pass(own, service, lines, CONTROL_S, lambda page: _play(page, CONTROL_PLAY_S))
        straight = _pass(own, service, lines, 0.0, lambda page: _play(page, 1e4))
        moves = _pass(own, service, lines, 0.0, lambda page: _move(page, lines))
    straight = _complete(straight, lines, float("inf"))
    control = _complete(control, lines, CONTROL_PLAY_S - 1)
    base = {r.line.cue: r.changed_ms for r in straight.readings if r.changed_ms is not None}
    read = [r.changed_ms - base[r.line.cue] for r in control.readings if r.changed_ms and r.line.cue in base]
    rows = []
    if not read or not base or any(r.missed for r in control.readings):
        rows.append(
            Row("positive control", "weak: a line was not read", f"{CONTROL_S * 1000:.0f} ms", ok=False)
        )
    else:
        # line by line, and the mean: a change falls on a frame, so a single difference is off by up to one either way
        told = Spread.of(read)
        right = abs(float(np.mean(read)) - CONTROL_S * 1000) <= CONTROL_TOLERANCE_MS
        asked = f"{CONTROL_S * 1000:.0f} ± {CONTROL_TOLERANCE_MS:.0f} ms"
        seen = f"mean {np.mean(read):.1f} ms; {told.show(' ms')}"
        rows.append(Row("positive control: a known shift, as read", seen, asked, ok=right))
    rows += _row(f"prompt presented, {len(lines)} lines", straight, "presented_ms", True)
    rows += _row("  as a 60 Hz screen would show it", straight, "frame_end_ms", True)
    rows += _row("  when the page changed it", straight, "changed_ms", False)
    rows += _row("after pause, back and skip: presented", moves, "presented_ms", True)
    rows += _row("  as a 60 Hz screen would show it", moves, "frame_end_ms", True)
    if len(moves.readings) < MOVES_MIN_LINES:
        rows.append(Row("  lines crossed there", f"{len(moves.readings)}", f"≥ {MOVES_MIN_LINES}", ok=False))
    if landings := [r.presented_ms for r in moves.landings if r.presented_ms is not None]:
        rows.append(Row("  where a jump lands on a line's start", Spread.of(landings).show(" ms")))
    rows.append(Row("alignment: bursts off their line", straight.alignment_ms.show(" ms", digits=2)))
    rows.append(
        Row("alignment: the recorder's own opinion, ± a period", f"{straight.second_opinion_ms:+.1f} ms")
    )
    return rows
