"""The timeline: what is said when, planned from text alone, before any sound exists.

`plan` is pure and deterministic. Every line gets a slot (the time its longest wording should take, plus a
margin), every rest stretches by one common factor, breaths gain or lose whole cycles, and the sum is the chosen
length to the sample. Times are in samples of `SAMPLE_RATE`; `seconds()` converts.

Where listeners of several languages share one timeline, each text is planned in all of them: a slot is as long as
its longest wording in any, and nobody's timing tells in which language somebody else listens.

The lead-in is silence before the first step. Four seconds of it belong to the length; what is asked beyond
them is added in front, so that a long time to sit down never squeezes the exercise itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from ..errors import ChoiceError
from ..languages import LANGUAGES
from ..model import PARTS, AnyText, Exercise, InLanguages, PartName
from .cues import SAMPLE_RATE, Cue, PartSpan, Phase, Timeline, samples
from .items import Item, items_of
from .stretch import LEAD_IN_S, cycle, durations_of, extremes, fit, total

MAX_LEAD_IN_S = 60.0
MIN_LEAD_IN_S = 0.1
"""Room for the encoder's delay and a bell's soft attack, also when no lead-in is asked for."""


def length_bounds(*versions: Exercise, rate_wpm: float | None = None) -> tuple[int, int]:
    """The shortest and the longest length, in whole seconds, that the rests of an exercise allow at a pace.

    Given in several languages, it is for a timeline that all of them share. The pace is in words a minute within a
    line; the script's own if None.
    """
    low, high = extremes(items_of(versions, rate_wpm or versions[0].voice.rate_wpm), samples(LEAD_IN_S))
    return math.ceil(low / SAMPLE_RATE), math.floor(high / SAMPLE_RATE)


def natural_length_s(exercise: Exercise) -> float:
    """Seconds that an exercise takes when nothing stretches."""
    items = items_of([exercise], exercise.voice.rate_wpm)
    cycles = {i: item.breath.cycles for i, item in enumerate(items) if item.breath}
    return total(items, cycles, 1.0) / SAMPLE_RATE + LEAD_IN_S


def plan(
    exercise: Exercise,
    length_s: float | None = None,
    lead_in_s: float = LEAD_IN_S,
    rate_wpm: float | None = None,
    translations: Sequence[Exercise] = (),
    reading: int | None = 0,
    two_phones: bool = False,
) -> Timeline:
    """Lay an exercise out in time.

    length_s      seconds from start to end, the first four seconds of lead-in included; the usual length if None
    lead_in_s     seconds of silence before the first step, 0 to 60; what exceeds four is added to the length
    rate_wpm      words a minute within a line; the script's own if None
    translations  the same exercise in other languages, heard with it (translations.py says what the same is)
    reading       chooses among the wordings of each line (variety.py) and changes no time; None keeps all of them
    two_phones    whether each of two people has a phone, which changes the words of a touch and no time

    Raises ChoiceError where the rests would fall below 40 % or rise above 250 % of what the script says.
    """
    if not 0 <= lead_in_s <= MAX_LEAD_IN_S:
        raise ChoiceError(f"The lead-in is from 0 to {MAX_LEAD_IN_S:.0f} seconds.")
    length_s = exercise.usual_length_s if length_s is None else length_s
    rate_wpm = rate_wpm or exercise.voice.rate_wpm
    versions = (exercise, *translations)
    items = items_of(versions, rate_wpm, reading, two_phones)
    lead_in = samples(max(lead_in_s, MIN_LEAD_IN_S))
    length = samples(length_s) + max(0, lead_in - samples(LEAD_IN_S))
    cycles, stretch = fit(exercise, items, length, lead_in)
    durations = durations_of(items, cycles, stretch, length - lead_in)
    return _place(versions, items, durations, lead_in, rate_wpm)


def _place(
    versions: Sequence[Exercise], items: list[Item], durations: list[int], lead_in: int, rate_wpm: float
) -> Timeline:
    exercise = versions[0]
    languages = tuple(version.language for version in versions)
    cues: list[Cue] = [Cue("rest", 0, lead_in, "arrive")]
    at = lead_in
    for item, duration in zip(items, durations, strict=True):
        if item.breath:
            cues += _breath_cues(item, at, duration, languages)
        else:
            cues.append(
                Cue(item.kind, at, at + duration, item.part, item.text, answers=item.answers, move=item.move)
            )
        at += duration
    starts = [0, *(_first(cues, part) for part in PARTS[1:]), at]
    parts = tuple(PartSpan(p, a, b) for p, (a, b) in zip(PARTS, pairwise(starts), strict=True))
    return Timeline(
        exercise.id,
        exercise.title,
        languages,
        at,
        lead_in,
        rate_wpm,
        exercise.voice.line_gap_s,
        tuple(_until_next(cues, at)),
        parts,
    )


def _first(cues: list[Cue], part: PartName) -> int:
    return next(cue.start for cue in cues if cue.part == part)


def _breath_word(half: Literal[0, 1], languages: tuple[str, ...]) -> AnyText:
    words = tuple((code, LANGUAGES[code].breath[half]) for code in languages)
    return words[0][1] if len(words) == 1 else InLanguages(words)


def _breath_cues(item: Item, at: int, duration: int, languages: tuple[str, ...]) -> list[Cue]:
    breath = item.breath
    assert breath is not None
    breathe_in, breathe_out = _breath_word(0, languages), _breath_word(1, languages)
    phases: list[Phase] = []
    words: list[Cue] = []
    for n in range(duration // cycle(breath)):
        start = at + n * cycle(breath)
        middle, end = start + samples(breath.in_s), start + cycle(breath)
        phases += [Phase("in", start, middle), Phase("out", middle, end)]
        if n < breath.spoken:
            words += [
                Cue("word", start, middle, item.part, breathe_in),
                Cue("word", middle, end, item.part, breathe_out),
            ]
    return [Cue("breath", at, at + duration, item.part, phases=tuple(phases)), *words]


def _until_next(cues: list[Cue], end: int) -> list[Cue]:
    """Let each silent prompt stand until the next line, prompt, hold or decision replaces it."""
    result = []
    for i, cue in enumerate(cues):
        if cue.kind == "prompt":
            later = (c.start for c in cues[i + 1 :] if c.kind in ("line", "prompt", "hold", "decision"))
            cue = Cue("prompt", cue.start, next(later, end), cue.part, cue.text)
        result.append(cue)
    return result
