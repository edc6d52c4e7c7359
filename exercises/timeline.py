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
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from .errors import ChoiceError
from .languages import BASE, LANGUAGES
from .model import (
    PARTS,
    AnyText,
    BellStep,
    BreathSpec,
    BreathStep,
    ChoiceStep,
    CueStep,
    Exercise,
    GazeStep,
    InLanguages,
    PartName,
    PartStep,
    PauseStep,
    ReachStep,
    RestStep,
    SayStep,
    Text,
    in_languages,
    wordings,
)
from .text import utterances
from .variety import in_reading

SAMPLE_RATE = 24_000

LEAD_IN_S = 4.0
MAX_LEAD_IN_S = 60.0
MIN_LEAD_IN_S = 0.1
"""Room for the encoder's delay and a bell's soft attack, also when no lead-in is asked for."""

MIN_STRETCH = 0.4
MAX_STRETCH = 2.5
LEAST_REST_S = 1.6
"""No rest that is written longer shrinks below this: what is left of four seconds at the shortest."""
BREATH_S = 5.0
"""A breath of somebody at rest, twelve a minute: what is counted in breaths gets so much time for each."""
BREATH_GAP_S = 4.0
"""Rest before a paced breath in another rhythm than the one before it."""
DECISION_S = 8.0
"""Silence after a question of consent, in which both can answer."""

CueKind = Literal["line", "word", "prompt", "breath", "bell", "hold", "decision", "rest"]
SPOKEN: tuple[CueKind, ...] = ("line", "word")


@dataclass(frozen=True)
class Phase:
    """One half of a breath, in samples."""

    direction: Literal["in", "out"]
    start: int
    end: int


@dataclass(frozen=True)
class Cue:
    """One thing that happens from `start` to `end` (samples, `end` exclusive).

    line      words are spoken; `end` closes the slot that they must fit
    word      one spoken word of a breath ("In.", "Out.")
    prompt    silent text on the screen, until the next line or prompt
    breath    paced breathing; `phases` holds its halves
    bell      a strike at `start`
    hold      silent looking or reaching; `text` is the equal alternative, `move` says which
    decision  silence after a question; `answers` holds yes and no
    rest      silence that stretched
    """

    kind: CueKind
    start: int
    end: int
    part: PartName
    text: AnyText | None = None
    phases: tuple[Phase, ...] = ()
    answers: tuple[AnyText, AnyText] | None = None
    move: Literal["gaze", "reach"] | None = None


@dataclass(frozen=True)
class PartSpan:
    """One of the five parts, in samples."""

    name: PartName
    start: int
    end: int


@dataclass(frozen=True)
class Timeline:
    """An exercise laid out in time. `length` is all of it in samples, lead-in included.

    `languages` are those that its texts are in, the first of them that of `title`.
    """

    exercise_id: str
    title: str
    languages: tuple[str, ...]
    length: int
    lead_in: int
    rate_wpm: float
    line_gap_s: float
    cues: tuple[Cue, ...]
    parts: tuple[PartSpan, ...]

    def spoken(self) -> tuple[Cue, ...]:
        """The cues in which a voice is heard, in order."""
        return tuple(cue for cue in self.cues if cue.kind in SPOKEN)


def seconds(samples: int) -> float:
    """Samples as seconds, rounded to a microsecond."""
    return round(samples / SAMPLE_RATE, 6)


def samples(seconds_: float) -> int:
    """Seconds as whole samples."""
    return round(seconds_ * SAMPLE_RATE)


# How long an utterance takes, fitted to the embedded engine reading this project's scripts, which it does at 114 words
# a minute as heard (301 sentences, residual 0.35 s). Other paces scale it.
_S_PER_SYLLABLE, _S_PER_WORD, _S_PER_COMMA, _S_PER_SENTENCE = 0.17, 0.25, 0.58, 0.30
_FITTED_WPM = 114
_MARGIN_S, _MARGIN_SHARE = 0.5, 0.06

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyáéíóúàèìòùäöüâêîôû]+")


def syllables(word: str, language: str = BASE) -> int:
    """Syllables of a word by its groups of vowels; a silent final e does not count where there is such a thing."""
    word = word.lower()
    count = len(_VOWELS.findall(word))
    if LANGUAGES[language].silent_e and word.endswith("e") and not word.endswith(("le", "ee", "ye")):
        count -= 1
    return max(1, count)


def estimate_s(line: str, rate_wpm: float, line_gap_s: float, language: str = BASE) -> float:
    """Seconds that a line should take when read at `rate_wpm`, gaps between its sentences included.

    A sentence without a word is a pause: it adds a gap, and nothing that is spoken.
    """
    parts = utterances(line, language)
    said = " ".join(parts)
    words = _WORD.findall(said)
    spoken = (
        _S_PER_SYLLABLE * sum(syllables(word, language) for word in words)
        + _S_PER_WORD * len(words)
        + _S_PER_COMMA * said.count(",")
        + _S_PER_SENTENCE * sum(map(bool, parts))
    )
    gaps = max(0 if words else 1, len(parts) - 1)
    return spoken * LANGUAGES[language].drawn_out * _FITTED_WPM / rate_wpm + line_gap_s * gaps


def slot_s(text: AnyText, rate_wpm: float, line_gap_s: float, language: str = BASE) -> float:
    """Seconds of the slot of a text (in `language`, unless it is in several): its longest wording, plus a margin."""
    if isinstance(text, InLanguages):
        return max(slot_s(each, rate_wpm, line_gap_s, code) for code, each in text.texts)
    longest = max(estimate_s(line, rate_wpm, line_gap_s, language) for line in wordings(text))
    return longest * (1 + _MARGIN_SHARE) + _MARGIN_S


@dataclass(frozen=True)
class _Item:
    """A cue to be placed: `fixed` samples, or `rest` samples to stretch, or a breath to recount.

    least    samples that a rest keeps however short the whole becomes
    breaths  how many breaths its words count
    """

    kind: CueKind
    part: PartName
    fixed: int = 0
    rest: int = 0
    least: int = 0
    breaths: int = 0
    breath: BreathSpec | None = None
    text: AnyText | None = None
    answers: tuple[AnyText, AnyText] | None = None
    move: Literal["gaze", "reach"] | None = None


def _in_all(versions: Sequence[Exercise], of: Callable[[Any], Text], index: int) -> AnyText:
    """A text of the step at `index`, in every language of an exercise."""
    if len(versions) == 1:
        return of(versions[0].steps[index])
    return InLanguages(tuple((version.language, of(version.steps[index])) for version in versions))


def _items(versions: Sequence[Exercise], rate_wpm: float, reading: int | None = None) -> list[_Item]:
    """The items of an exercise, given in one language or in several; the first says how long things are."""
    exercise = versions[0]
    items: list[_Item] = []
    part: PartName = "arrive"
    gap_s = exercise.voice.line_gap_s
    rhythm: tuple[float, float] | None = None

    def line(text: AnyText) -> AnyText:
        """Add a line whose slot would hold any of its wordings; gives what is heard of it in this reading."""
        if items and items[-1].kind == "line":
            items.append(_Item("rest", part, fixed=samples(gap_s)))
        slot = samples(slot_s(text, rate_wpm, gap_s, exercise.language))
        heard = text if reading is None else in_reading(text, exercise.id, i, reading)
        items.append(_Item("line", part, fixed=slot, text=heard, breaths=counted(text)))
        return heard

    def counted(text: AnyText) -> int:
        """The breaths that a text counts; in the consent part words only tell of what will be asked."""
        if part == "consent":
            return 0
        spoken = in_languages(text, exercise.language)
        return max(
            LANGUAGES[code].counted_breaths(words) for code, each in spoken for words in wordings(each)
        )

    for i, step in enumerate(exercise.steps):
        match step:
            case PartStep():
                part = step.part
            case SayStep():
                line(_in_all(versions, lambda s: s.say, i))
            case RestStep():
                least = samples(min(step.rest, LEAST_REST_S))
                items.append(_Item("rest", part, rest=samples(step.rest), least=least))
            case PauseStep():
                items.append(_Item("rest", part, fixed=samples(step.pause)))
            case BellStep():
                items.append(_Item("bell", part))
            case BreathStep():
                if rhythm != (step.breath.in_s, step.breath.out_s) and not _ends_in_rest(items):
                    items.append(_Item("rest", part, fixed=samples(BREATH_GAP_S)))
                rhythm = (step.breath.in_s, step.breath.out_s)
                items.append(_Item("breath", part, breath=step.breath))
            case CueStep():
                cue = _in_all(versions, lambda s: s.cue, i)
                items.append(_Item("prompt", part, text=cue, breaths=counted(cue)))
            case GazeStep():
                text = line(_in_all(versions, lambda s: s.gaze.instead, i))
                items.append(_Item("hold", part, fixed=samples(step.gaze.seconds), text=text, move="gaze"))
            case ReachStep():
                text = line(_in_all(versions, lambda s: s.reach.instead, i))
                items.append(_Item("hold", part, fixed=samples(step.reach.seconds), text=text, move="reach"))
            case ChoiceStep():
                text = line(_in_all(versions, lambda s: s.choice.ask, i))
                items[-1] = replace(items[-1], breaths=0)  # asked about, and not yet to be done
                yes, no = (_in_all(versions, of, i) for of in (_yes, _no))
                items.append(_Item("decision", part, fixed=samples(DECISION_S), text=text, answers=(yes, no)))
    return _with_breaths(items)


def _ends_in_rest(items: Sequence[_Item]) -> bool:
    """Tell whether what was last heard is followed by a rest."""
    timed = [item for item in items if item.kind not in ("prompt", "bell")]
    return bool(timed) and timed[-1].kind == "rest"


def _with_breaths(items: list[_Item]) -> list[_Item]:
    """The same items, where whatever counts breaths is followed by silence that is long enough for them."""
    result = list(items)
    for at in reversed(range(len(items))):
        need = round(items[at].breaths * samples(BREATH_S))
        if not need:
            continue
        end = at + 1
        while end < len(result) and result[end].kind in ("rest", "prompt", "bell", "hold", "decision"):
            end += 1
        if end < len(result) and result[end].kind == "breath":
            continue  # a paced breath takes its own time
        _make_room(result, at + 1, end, need)
    return result


def _make_room(items: list[_Item], start: int, end: int, need: int) -> None:
    """See to it that the items from `start` to `end` last `need` samples at the least."""
    holds = [i for i in range(start, end) if items[i].kind == "hold"]
    if holds:  # a look or a reach is what the breaths are for
        items[holds[0]] = replace(items[holds[0]], fixed=max(items[holds[0]].fixed, need))
        return
    missing = need - sum(item.fixed + item.least for item in items[start:end])
    rests = [i for i in range(start, end) if items[i].rest]
    if missing <= 0:
        return
    if not rests:
        items.insert(start, _Item("rest", items[start - 1].part, fixed=missing))
        return
    longest = max(rests, key=lambda i: items[i].rest)
    least = items[longest].least + missing
    items[longest] = replace(items[longest], least=least, rest=max(items[longest].rest, least))


def _yes(step: ChoiceStep) -> str:
    return step.choice.yes


def _no(step: ChoiceStep) -> str:
    return step.choice.no


def _cycle(breath: BreathSpec) -> int:
    return samples(breath.in_s) + samples(breath.out_s)


def _cycle_range(breath: BreathSpec) -> tuple[int, int]:
    low = max(1, breath.spoken, math.ceil(breath.cycles * MIN_STRETCH - 1e-9))
    return low, max(low, math.floor(breath.cycles * MAX_STRETCH + 1e-9))


def _rest_at(item: _Item, stretch: float) -> float:
    """Samples of a rest at a stretch."""
    return max(item.least, item.rest * stretch)


def _total(items: list[_Item], cycles: dict[int, int], rest_stretch: float) -> float:
    fixed = sum(item.fixed for item in items)
    breath = sum(_cycle(spec) * cycles[i] for i, item in enumerate(items) if (spec := item.breath))
    return fixed + breath + sum(_rest_at(item, rest_stretch) for item in items if item.rest)


def _stretch_to(items: list[_Item], total: float) -> float:
    """The stretch at which the rests come to `total` samples; infinite, or minus that, where none does."""
    free = [item for item in items if item.rest]
    if not free:
        return 1.0 if total == 0 else math.inf * total
    bound = 0.0
    while free:
        stretch = (total - bound) / sum(item.rest for item in free)
        short = [item for item in free if item.rest * stretch < item.least - 1e-6]
        if not short:
            return stretch
        bound += sum(item.least for item in short)
        free = [item for item in free if item not in short]
    return MIN_STRETCH if abs(total - bound) < 1 else -math.inf


def _extremes(items: list[_Item], lead_in: int) -> tuple[float, float]:
    ranges = {i: _cycle_range(item.breath) for i, item in enumerate(items) if item.breath}
    low = _total(items, {i: r[0] for i, r in ranges.items()}, MIN_STRETCH)
    high = _total(items, {i: r[1] for i, r in ranges.items()}, MAX_STRETCH)
    return low + lead_in, high + lead_in


def length_bounds(*versions: Exercise, rate_wpm: float | None = None) -> tuple[int, int]:
    """The shortest and the longest length, in whole seconds, that the rests of an exercise allow at a pace.

    Given in several languages, it is for a timeline that all of them share. The pace is in words a minute within a
    line; the script's own if None.
    """
    low, high = _extremes(_items(versions, rate_wpm or versions[0].voice.rate_wpm), samples(LEAD_IN_S))
    return math.ceil(low / SAMPLE_RATE), math.floor(high / SAMPLE_RATE)


def natural_length_s(exercise: Exercise) -> float:
    """Seconds that an exercise takes when nothing stretches."""
    items = _items([exercise], exercise.voice.rate_wpm)
    cycles = {i: item.breath.cycles for i, item in enumerate(items) if item.breath}
    return _total(items, cycles, 1.0) / SAMPLE_RATE + LEAD_IN_S


def plan(
    exercise: Exercise,
    length_s: float | None = None,
    lead_in_s: float = LEAD_IN_S,
    rate_wpm: float | None = None,
    translations: Sequence[Exercise] = (),
    reading: int | None = 0,
) -> Timeline:
    """Lay an exercise out in time.

    length_s      seconds from start to end, the first four seconds of lead-in included; the usual length if None
    lead_in_s     seconds of silence before the first step, 0 to 60; what exceeds four is added to the length
    rate_wpm      words a minute within a line; the script's own if None
    translations  the same exercise in other languages, heard with it (translations.py says what the same is)
    reading       chooses among the wordings of each line (variety.py) and changes no time; None keeps all of them

    Raises ChoiceError where the rests would fall below 40 % or rise above 250 % of what the script says.
    """
    if not 0 <= lead_in_s <= MAX_LEAD_IN_S:
        raise ChoiceError(f"The lead-in is from 0 to {MAX_LEAD_IN_S:.0f} seconds.")
    length_s = exercise.usual_length_s if length_s is None else length_s
    rate_wpm = rate_wpm or exercise.voice.rate_wpm
    versions = (exercise, *translations)
    items = _items(versions, rate_wpm, reading)
    lead_in = samples(max(lead_in_s, MIN_LEAD_IN_S))
    length = samples(length_s) + max(0, lead_in - samples(LEAD_IN_S))
    cycles, stretch = _fit(exercise, items, length, lead_in)
    durations = _durations(items, cycles, stretch, length - lead_in)
    return _place(versions, items, durations, lead_in, rate_wpm)


def _fit(exercise: Exercise, items: list[_Item], length: int, lead_in: int) -> tuple[dict[int, int], float]:
    """Whole cycles for each breath, and the factor for the rests, that make the sum the length."""
    low, high = _extremes(items, lead_in)
    if not low <= length <= high:
        extra = max(0, lead_in - samples(LEAD_IN_S))
        shortest, longest = math.ceil((low - extra) / SAMPLE_RATE), math.floor((high - extra) / SAMPLE_RATE)
        raise ChoiceError(f"{exercise.title} can be from {shortest} to {longest} seconds long.")
    breaths = {i: item.breath for i, item in enumerate(items) if item.breath}
    rests = sum(item.rest for item in items)
    fixed = lead_in + sum(item.fixed for item in items)
    natural = rests + sum(_cycle(b) * b.cycles for b in breaths.values())
    wish = (length - fixed) / natural if natural else 1.0
    cycles = {}
    for i, breath in breaths.items():
        least, most = _cycle_range(breath)
        cycles[i] = min(most, max(least, round(breath.cycles * wish)))

    def stretch() -> float:
        left = length - fixed - sum(_cycle(breaths[i]) * n for i, n in cycles.items())
        return _stretch_to(items, left)

    for i in sorted(breaths, key=lambda i: -_cycle(breaths[i]) * breaths[i].cycles):
        least, most = _cycle_range(breaths[i])
        while stretch() > MAX_STRETCH and cycles[i] < most:
            cycles[i] += 1
        while stretch() < MIN_STRETCH and cycles[i] > least:
            cycles[i] -= 1
    if not MIN_STRETCH <= stretch() <= MAX_STRETCH:
        raise ChoiceError(
            f"{exercise.title} cannot be {length / SAMPLE_RATE:g} seconds long; choose another length."
        )
    return cycles, stretch()


def _durations(items: list[_Item], cycles: dict[int, int], stretch: float, total: int) -> list[int]:
    """Samples of each item; the rounding of the rests is carried along so that the sum is `total`."""
    durations, rest_done, placed = [], 0.0, 0
    for i, item in enumerate(items):
        if item.rest:
            rest_done += _rest_at(item, stretch)
            duration = round(rest_done) - placed
            placed += duration
        elif item.breath:
            duration = _cycle(item.breath) * cycles[i]
        else:
            duration = item.fixed
        durations.append(duration)
    if rest_done and sum(durations) != total:
        last = max(i for i, item in enumerate(items) if item.rest)
        durations[last] += total - sum(durations)
    return durations


def _place(
    versions: Sequence[Exercise], items: list[_Item], durations: list[int], lead_in: int, rate_wpm: float
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


def _breath_cues(item: _Item, at: int, duration: int, languages: tuple[str, ...]) -> list[Cue]:
    breath = item.breath
    assert breath is not None
    breathe_in, breathe_out = _breath_word(0, languages), _breath_word(1, languages)
    phases: list[Phase] = []
    words: list[Cue] = []
    for n in range(duration // _cycle(breath)):
        start = at + n * _cycle(breath)
        middle, end = start + samples(breath.in_s), start + _cycle(breath)
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
