"""slow: how soon a file can be heard with an engine that takes twice as long as what it says.

The same exercises are composed with the embedded voice as it is and with a voice that waits after each sentence until
it has taken two times its length (bench/lib/sound/slow_voice.py); no clip is kept between two readings, and both
voices are tuned. The file is watched as it grows, as a listener reads it. Beside them, in turn, stands the slow voice
alone on the first line of the same exercise.

*Ahead* is how far the file that is there is ahead of somebody who began to listen with its first byte, at the worst
moment: below zero, the sound would stop and wait.
"""

from __future__ import annotations

import itertools
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from audio.recipe import Recipe
from audio.render.compositor import Compositor
from audio.render.encode import FRAME, FRAME_BYTES
from audio.render.metadata import id3
from audio.speech import engines
from audio.speech.clips.store import ClipStore
from audio.speech.clips.synthesis import Line
from audio.speech.engines import Voice, find_voice
from audio.speech.workers.pool import VoicePool
from bench.lib.report import Row, Spread, milliseconds
from bench.lib.sound import slow_voice
from bench.lib.sound.composing import default_recipe
from exercises.library import load_library
from exercises.model import LOUDSPEAKER, words_for
from exercises.timeline import SAMPLE_RATE

EXERCISES = ("doorway", "open-hand", "side-by-side")
ROUNDS = 1
LOOK_S = 0.002
_BYTES_S = FRAME_BYTES[1] * SAMPLE_RATE / FRAME


@dataclass(frozen=True)
class Reading:
    """One composition; all in seconds from its start, save `ahead`."""

    first: float
    sound: float
    speech: float
    whole: float
    ahead: float


def _with_voice(recipe: Recipe, voice: Voice) -> Recipe:
    values = {name: getattr(recipe, name) for name in recipe.__dataclass_fields__}
    return Recipe(**{**values, "voice": voice.id, "pace": recipe.timeline().rate_wpm})


def _watched(compositor: Compositor, recipe: Recipe, out: Path) -> Reading:
    """Compose, and look at the file all the while."""
    timeline = recipe.timeline()
    tag = len(id3(timeline, recipe.setting))
    speech = tag + (timeline.spoken()[0].start // FRAME + 1) * FRAME_BYTES[1]
    seen: list[tuple[float, int]] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            size = out.stat().st_size if out.exists() else 0
            if size and (not seen or size != seen[-1][1]):
                seen.append((time.perf_counter() - started, size))
            time.sleep(LOOK_S)

    watcher = threading.Thread(target=look)
    started = time.perf_counter()
    watcher.start()
    compositor.compose(recipe, out)
    whole = time.perf_counter() - started
    over.set()
    watcher.join()
    seen.append((whole, out.stat().st_size))

    def after(count: int) -> float:
        return next(at for at, size in seen if size >= count)

    # what was there until each piece came, against what had been heard by then
    held = [(at, before) for (_, before), (at, _) in itertools.pairwise(seen)]
    ahead = min((max(0, size - tag) / _BYTES_S - (at - seen[0][0]) for at, size in held), default=0.0)
    return Reading(seen[0][0], after(tag + 1), after(speech), whole, ahead)


def _first_line(compositor: Compositor, recipe: Recipe, voice: Voice) -> float:
    """Seconds that a voice takes for the first line by itself."""
    timeline = recipe.timeline()
    text = timeline.spoken()[0].text
    assert text is not None
    line = Line(words_for(text, LOUDSPEAKER), voice, timeline.rate_wpm, timeline.line_gap_s)
    started = time.perf_counter()
    compositor.speak(line)
    return time.perf_counter() - started


def measure() -> list[Row]:
    """The rows of this figure."""
    fast, slow = map(slow_voice.voice, (slow_voice.FAST, slow_voice.SLOW))
    real = engines.ENGINES
    engines.ENGINES = (*real, slow_voice.NAME)
    try:
        return _measure(find_voice(fast.id), find_voice(slow.id))
    finally:
        engines.ENGINES = real


def _measure(fast: Voice, slow: Voice) -> list[Row]:
    exercises = [e for e in load_library() if e.id in EXERCISES]
    readings: dict[Voice, list[Reading]] = {fast: [], slow: []}
    lines: list[float] = []
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as home:
        compositor = Compositor(VoicePool(), ClipStore(Path(home) / "untuned"))
        try:
            untuned = _watched(
                compositor, _with_voice(default_recipe(exercises[0]), slow), Path(home) / "u.mp3"
            )
            for number in range(ROUNDS):
                for exercise in exercises:
                    recipe = default_recipe(exercise)
                    for voice in (fast, slow):
                        own = _with_voice(recipe, voice)
                        compositor.tuning(voice)
                        compositor.pool.warm(voice)
                        compositor.store = ClipStore(Path(home) / f"clips-{number}-{exercise.id}-{voice.id}")
                        # the open jobs of `warm` stand before anything that is asked for now
                        _first_line(compositor, own, voice)
                        readings[voice].append(_watched(compositor, own, Path(home) / "out.mp3"))
                        (Path(home) / "out.mp3").unlink()
                    lines.append(_first_line(compositor, _with_voice(recipe, slow), slow))
        finally:
            compositor.close()

    def of(voice: Voice, name: str) -> Spread:
        return Spread.of(getattr(reading, name) for reading in readings[voice])

    line = Spread.of(lines)
    rows = []
    for what, name in (
        ("first byte", "first"),
        ("first byte of sound", "sound"),
        ("first byte of the first line", "speech"),
    ):
        allowed = of(fast, name).median + line.median
        seen = of(slow, name)
        rows.append(
            Row(
                f"{what}, engine at 2 × real time",
                milliseconds(seen),
                f"≤ {allowed * 1000:.0f} ms (as fast + its first line)",
                f"fast {milliseconds(of(fast, name))}",
                ok=seen.median <= allowed,
                values={"slow": seen.values, "fast": of(fast, name).values, "line": lines},
            )
        )
    worst = min(of(slow, "ahead").values)
    return [
        *rows,
        Row("the slow voice's first line by itself", milliseconds(line)),
        Row("ahead of who listens meanwhile, at the worst", f"{worst:.1f} s"),
        Row("whole file", of(slow, "whole").show(" s"), floor=f"fast {of(fast, 'whole').show(' s')}"),
        Row("the same in a slow voice that was never tuned", f"{untuned.speech:.1f} s", "–",
            f"ahead {untuned.ahead:.1f} s at the worst"),
    ]  # fmt: skip
