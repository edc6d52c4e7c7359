"""True if a script is the translation of another: the same steps, with other words.

Everything that is not words has to be equal, so that one timeline serves both and what was decided of the one
(level, lengths, looks and reaches) holds for the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from exercises.loading.loader import length_problems
from exercises.loading.source import Path, Source

from .errors import Problem
from .model import Exercise

HEAD = ("id", "family", "level", "order", "lengths", "first_with_therapist", "alone", "voice")
"""Keys that the heads have in common; the rest of a head is words."""


def unlike(original: Exercise, translation: Exercise, source: Source) -> list[Problem]:
    """Faults that keep a script from being heard on the timeline of its original, with lines of its file `source`."""
    return differences(original, translation, source) or length_problems(source, original, translation)


def differences(original: Exercise, translation: Exercise, source: Source) -> list[Problem]:
    """Differences that keep a script from being a translation, with lines of its file `source`."""
    found = [*_heads(original, translation), *_steps(original, translation)]
    return sorted(Problem(source.file, source.line_of(path), message) for path, message in found)


def _heads(original: Exercise, translation: Exercise) -> Iterator[tuple[Path, str]]:
    for key in HEAD:
        theirs, ours = getattr(original, key), getattr(translation, key)
        if theirs != ours:
            yield (key,), f'"{key}" differs from the {original.language} script; write the same there'


def _steps(original: Exercise, translation: Exercise) -> Iterator[tuple[Path, str]]:
    theirs, ours = (exercise.model_dump(mode="json")["steps"] for exercise in (original, translation))
    for i, (one, other) in enumerate(zip(theirs, ours, strict=False)):
        wanted = _shape(one)
        if _shape(other) != wanted:
            message = (
                f"step {i + 1} is not that of the {original.language} script; its shape there is {wanted}"
            )
            yield ("steps", i), message
            return
    if len(theirs) != len(ours):
        message = f"there are {len(ours)} steps, and {len(theirs)} in the {original.language} script; write the same"
        yield ("steps",), message


_PLAIN_KEYS = ("part", "bell")


def _shape(value: Any, key: str = "") -> Any:
    """A step without its words."""
    if isinstance(value, dict):
        return {k: _shape(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_shape(each) for each in value]
    return "…" if isinstance(value, str) and key not in _PLAIN_KEYS else value
