"""Checks of everything that is said, shown and printed of a script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from exercises import traversal
from exercises.languages import LANGUAGES
from exercises.loading.source import Path
from exercises.model import ChoiceStep, CueStep, Exercise

from . import wording
from .harm import harm
from .names import names
from .remark import Finding, Remark

HEAD = ("title", "aim", "when", "place", "care")
"""The printed texts of a head. A therapist's notes may use a therapist's words."""
_ON_THE_PAGE_ALONE = ("touch", "alternatives")
"""Kinds that a page may name: what the steps ask for is found in the steps."""

Where = Literal["spoken", "shown", "printed"]


@dataclass(frozen=True)
class Said:
    """Some words of a script: where they stand, and whether they are heard, on the screen or on the page."""

    path: Path
    words: str
    where: Where


def said_in(exercise: Exercise) -> Iterator[Said]:
    """Everything that somebody hears or reads of a script, but for a therapist's notes."""
    for key in HEAD:
        yield Said((key,), getattr(exercise, key), "printed")
    for line in traversal.lines(exercise):
        for path, text in line:
            yield Said(path, text, "spoken")
    for i, step in enumerate(exercise.steps):
        if isinstance(step, CueStep):
            for path, text in traversal.wordings_with_path(step.cue, ("steps", i, "cue")):
                yield Said(path, text, "shown")
        if isinstance(step, ChoiceStep):
            for key in ("yes", "no"):
                yield Said(("steps", i, "choice", key), getattr(step.choice, key), "shown")


def said_in_values(value: Any) -> Iterator[Said]:
    """The same of a script that could not be read as an exercise, as far as its values show."""
    if not isinstance(value, dict):
        return
    for key in HEAD:
        if isinstance(value.get(key), str):
            yield Said((key,), value[key], "printed")
    steps = value.get("steps")
    for i, step in enumerate(steps if isinstance(steps, list) else []):
        yield from _strings(step, ("steps", i), None)


_HEARD: dict[str, Where] = {
    "say": "spoken", "one_phone": "spoken", "instead": "spoken", "ask": "spoken", "cue": "shown", "yes": "shown",
    "no": "shown",
}  # fmt: skip


def _strings(value: Any, path: Path, where: Where | None) -> Iterator[Said]:
    if isinstance(value, str) and where:
        yield Said(path, value, where)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, (*path, key), _HEARD.get(key, where))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _strings(inner, (*path, i), where)


def words(exercise: Exercise) -> Iterator[Finding]:
    """Harm, words that are never used, and lines, sentences and cues that are too long to follow."""
    return findings(said_in(exercise), exercise.language)


def findings(lines: Iterable[Said], language: str) -> Iterator[Finding]:
    """Find faults in the words of some lines."""
    kept = list(lines)
    once = wording.Once(language)
    for line in kept:
        for remark in _remarks(line, language):
            yield Finding(line.path, remark.message, remark.severity)
        for remark in once.remarks(line.words):
            yield Finding(line.path, remark.message, remark.severity)


def harmful(exercise: Exercise) -> Iterator[Finding]:
    """Find words of a script that could hurt somebody."""
    for line in said_in(exercise):
        for remark in _harm(line, exercise.language):
            yield Finding(line.path, remark.message, remark.severity)


def _harm(line: Said, language: str) -> Iterator[Remark]:
    found = list(harm(line.words, language))
    if line.where != "printed":  # a page names other exercises
        found += names(line.words, language)
    for remark in found:
        if line.where != "printed" or remark.kind not in _ON_THE_PAGE_ALONE:
            yield remark


def _remarks(line: Said, language: str) -> Iterator[Remark]:
    yield from _harm(line, language)
    match line.where:
        case "spoken":
            yield from wording.spoken(line.words, language)
        case "shown":
            yield from wording.shown(line.words, language)
        case "printed":
            yield from wording.banned_words(line.words, language)


def language_of(value: Any) -> str | None:
    """The language that a script says it is in, if that is one of ours."""
    code = value.get("language", "en") if isinstance(value, dict) else None
    return code if isinstance(code, str) and code in LANGUAGES else None
