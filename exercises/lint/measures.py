"""Measures of writing: counts of how a script sounds.

None of them says that a script is good; one that is far outside was not read aloud.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from exercises import traversal
from exercises.model import Exercise
from exercises.text import sentences
from exercises.timeline import plan

from .analysis import spanish
from .analysis.tokens import analyse
from .wording import count_words

_VERBS = Path(__file__).parent / "verbs"
_OR = {"en": re.compile(r"\bor\b", re.IGNORECASE), "es": re.compile(r"\b[ou]\b", re.IGNORECASE)}
_IS = (
    r"\b\w+['’]s(?=\s+(?:there|here|a|an|the|all|in|on|at|not|been|got|yours|theirs|fine|good|enough|short|still|too|"
    r"free|open|out|over|up|down|back|faster|slower|right|left|easier|harder|long|cold|warm|quiet|gone)\b)"
)
"""A noun that is, and not a noun that has: told by what follows."""
_CONTRACTION = re.compile(
    rf"{_IS}|"
    r"\b\w+n['’]t\b|\b\w+['’](?:re|ve|ll|d|m)\b"
    r"|\b(?:it|that|there|here|what|who|where|how|he|she|this|let)['’]s\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Measures:
    """Counts over every wording of some scripts, and the shares that follow from them.

    spoken_s, length_s  seconds that lines take of the usual length
    """

    lines: int = 0
    with_or: int = 0
    words: int = 0
    contractions: int = 0
    sentences: int = 0
    verbless: int = 0
    spoken_s: float = 0.0
    length_s: float = 0.0

    def __add__(self, other: Measures) -> Measures:
        both = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return Measures(*(one + another for one, another in both))

    @property
    def or_percent(self) -> float:
        """Lines with "or", of a hundred."""
        return 100 * self.with_or / max(1, self.lines)

    @property
    def contractions_percent(self) -> float:
        """Contractions to a hundred words."""
        return 100 * self.contractions / max(1, self.words)

    @property
    def verbless_percent(self) -> float:
        """Sentences without a verb, of a hundred."""
        return 100 * self.verbless / max(1, self.sentences)

    @property
    def words_a_sentence(self) -> float:
        """Words a sentence."""
        return self.words / max(1, self.sentences)

    @property
    def spoken_percent(self) -> float:
        """Time in which somebody speaks, of a hundred."""
        return 100 * self.spoken_s / max(1.0, self.length_s)


@dataclass(frozen=True)
class Bound:
    """The bound of one measure: its least or its most, and the languages that it holds for."""

    name: str
    title: str
    least: float | None = None
    most: float | None = None
    languages: tuple[str, ...] = ("en", "es")

    def holds(self, measures: Measures, language: str) -> bool:
        """Tell whether some measures are within it."""
        value = getattr(measures, self.name)
        if language not in self.languages:
            return True
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def asked(self, language: str) -> str:
        """The bound in two words; empty where there is none."""
        if language not in self.languages or (self.least is None and self.most is None):
            return ""
        return f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"


BOUNDS = (
    Bound("or_percent", "or %", most=25),
    Bound("contractions_percent", "contr.", least=3, languages=("en",)),
    Bound("verbless_percent", "no verb %", most=5),
    Bound("words_a_sentence", "words"),
    Bound("spoken_percent", "spoken %"),
)


def measure(exercise: Exercise) -> Measures:
    """The measures of a script, over every wording of every line."""
    language = exercise.language
    said = [words for line in traversal.lines(exercise) for _, words in line]
    parts = [sentence for words in said for sentence in sentences(words, language)]
    timeline = plan(exercise)
    return Measures(
        lines=len(said),
        with_or=sum(_OR[language].search(words) is not None for words in said),
        words=sum(map(count_words, said)),
        contractions=sum(len(_CONTRACTION.findall(words)) for words in said),
        sentences=len(parts),
        verbless=sum(not has_verb(sentence, language) for sentence in parts),
        spoken_s=sum(cue.end - cue.start for cue in timeline.cues if cue.kind == "line") / 24_000,
        length_s=timeline.length / 24_000,
    )


def has_verb(sentence: str, language: str) -> bool:
    """Tell whether a sentence has a word that may be a form of a verb; which one it is there, nobody looks."""
    known = _verb_forms(language)
    if language == "en" and _CONTRACTION.search(sentence):
        return True
    return any(not known.isdisjoint(part.lemmas) for part in analyse(sentence, language))


@cache
def _verb_forms(language: str) -> frozenset[str]:
    lines = (_VERBS / f"{language}.txt").read_text("utf-8").splitlines()
    verbs = " ".join(line for line in lines if not line.startswith("#")).split()
    if language == "en":
        return frozenset(verbs)
    stems = (spanish.stems(verb.replace("ñ", "n")) for verb in verbs if verb.endswith(("ar", "er", "ir")))
    return frozenset(verbs) | {f"{stem}-" for each in stems for stem in each}


def table(exercises: Iterable[Exercise]) -> Iterator[str]:
    """The measures of each script and of each language as lines of a table; "!" marks what is outside."""
    measured = [(exercise, measure(exercise)) for exercise in exercises]
    for language in dict.fromkeys(exercise.language for exercise, _ in measured):
        own = [(exercise.id, found) for exercise, found in measured if exercise.language == language]
        yield _row(f"[{language}]", [bound.title for bound in BOUNDS])
        yield _row("asked", [bound.asked(language) for bound in BOUNDS])
        whole = sum((found for _, found in own), Measures())
        for name, found in [*own, ("all of them", whole)]:
            yield _row(name, [_shown(found, bound, language) for bound in BOUNDS])


def _shown(measures: Measures, bound: Bound, language: str) -> str:
    return f"{getattr(measures, bound.name):.1f}{'' if bound.holds(measures, language) else ' !'}"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:34}" + "".join(f"{cell:>12}" for cell in cells).rstrip()
