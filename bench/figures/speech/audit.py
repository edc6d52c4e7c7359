"""audit: every line of every script, in the default voice of its language, read back by an independent recogniser.

Each wording of each line is rendered as an exercise has it, at its pace, and each word of a spoken breath. What the
recogniser hears is laid beside what was said (`word_errors`), and each line is rated for naturalness. What was
misheard is listed above the table. Clips and verdicts are kept in .judge, so only what has changed is judged again.
BENCH_VOICES="lower higher" audits those voices instead, BENCH_SCRIPTS="doorway keys" those exercises alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from audio.render.compositor import Compositor
from audio.speech.clips.store import ClipStore
from audio.speech.clips.synthesis import Line
from audio.speech.engines import Voice, voice_list
from audio.speech.workers.pool import VoicePool
from bench.lib.recognition.audit_report import Audited, listing, rows
from bench.lib.recognition.judge import HOME, Judge
from bench.lib.recognition.word_errors import compare
from bench.lib.report import CannotMeasure, Row
from exercises.languages import LANGUAGES
from exercises.library import load_library
from exercises.model import BreathStep, Exercise, spoken_texts, wordings

WORKERS = 2
_PROGRESS_EVERY = 25


@dataclass(frozen=True)
class Place:
    """A line to be audited, and the exercise that it is from."""

    where: str
    line: Line


def voices_to_audit() -> list[Voice]:
    """The default voice of each language, or those of BENCH_VOICES."""
    known = voice_list()
    asked = os.environ.get("BENCH_VOICES", "").split()
    missing = [name for name in asked if name not in {voice.id for voice in known}]
    if missing:
        raise CannotMeasure(
            f'there is no voice "{missing[0]}"; choose from {", ".join(v.id for v in known)}.'
        )
    if asked:
        return [voice for voice in known if voice.id in asked]
    first = (next((voice for voice in known if voice.speaks(code)), None) for code in LANGUAGES)
    return [voice for voice in first if voice]


def lines_of(exercise: Exercise, voice: Voice) -> Iterator[Line]:
    """Everything that an exercise may say, in each of its wordings, once."""
    texts = [words for text in spoken_texts(exercise) for words in wordings(text)]
    if any(isinstance(step, BreathStep) and step.breath.spoken for step in exercise.steps):
        texts += LANGUAGES[exercise.language].breath
    for text in dict.fromkeys(texts):
        yield Line(text, voice, exercise.voice.rate_wpm, exercise.voice.line_gap_s)


def places_in(voice: Voice) -> list[Place]:
    """Every line of the library in a voice's language; one that several exercises share is audited once."""
    wanted = os.environ.get("BENCH_SCRIPTS", "").split()
    code = next(code for code in LANGUAGES if voice.speaks(code))
    found: dict[Line, Place] = {}
    for exercise in load_library().in_language(code):
        if not wanted or exercise.id in wanted:
            for line in lines_of(exercise, voice):
                found.setdefault(line, Place(exercise.id, line))
    return list(found.values())


def clips_of(compositor: Compositor, lines: Sequence[Line]) -> Iterator[np.ndarray]:
    """The clips of some lines, kept or made now, a few of them ahead of who reads them."""
    with ThreadPoolExecutor(WORKERS) as threads:
        yield from threads.map(lambda line: compositor.clip(line).result(), lines)


def audit(judge: Judge, compositor: Compositor, voice: Voice) -> list[Audited]:
    """Every line of the library in one voice, judged."""
    places = places_in(voice)
    clips = clips_of(compositor, [place.line for place in places])
    coming = [judge.judge(clip, voice.language) for clip in clips]
    found = []
    for i, (place, future) in enumerate(zip(places, coming, strict=True), 1):
        verdict = judge.result(future)
        reading = compare(place.line.text, verdict.heard, voice.language)
        found.append(Audited(place.where, voice.id, place.line.text, reading, verdict.naturalness))
        if i % _PROGRESS_EVERY == 0:
            print(f"{voice.id}: {i} of {len(places)} lines judged", file=sys.stderr)
    return found


def measure() -> list[Row]:
    """The rows of this figure; what was misheard is printed before them."""
    found: list[Row] = []
    with Judge() as judge:
        compositor = Compositor(VoicePool(WORKERS), ClipStore(HOME / "clips"))
        try:
            for voice in voices_to_audit():
                lines = audit(judge, compositor, voice)
                print("\n".join(["", f"{voice.label} ({voice.id})", *listing(lines)]), flush=True)
                found += rows(lines, voice.id, voice.language)
        finally:
            compositor.close()
    return found
