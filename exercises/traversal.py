"""Walk through an exercise: each step with its part, each wording with its path into the script."""

from __future__ import annotations

from collections.abc import Iterator

from exercises.loading.source import Path

from .model import ByState, ByTurn, Exercise, PartStep, Step, Text, texts_of

_SPOKEN_WITHIN: dict[str, tuple[Path, ...]] = {
    "gaze": (("instead",),), "reach": (("instead",),), "touch": (("say",), ("one_phone",)), "choice": (("ask",),),
}  # fmt: skip
"""Where the spoken texts of a step stand in it; the step itself is the text of the others."""


def name_of(step: Step) -> str:
    """The step's only key, such as "say"."""
    return next(iter(type(step).model_fields))


def steps_with_part(exercise: Exercise) -> Iterator[tuple[str, int, Step]]:
    """Each step with the part it belongs to and its place in the list."""
    part = ""
    for i, step in enumerate(exercise.steps):
        part = step.part if isinstance(step, PartStep) else part
        yield part, i, step


def path_of(exercise: Exercise, part: str) -> Path:
    """The beginning of a part."""
    return ("steps", next(i for p, i, _ in steps_with_part(exercise) if p == part))


def wordings_with_path(text: Text, path: Path) -> Iterator[tuple[Path, str]]:
    """Each wording of a text as it is written, with its path."""
    if isinstance(text, (ByTurn, ByState)):
        for key in type(text).model_fields:
            yield from wordings_with_path(getattr(text, key), (*path, key))
    elif isinstance(text, tuple):
        for i, words in enumerate(text):
            yield (*path, i), words
    else:
        yield path, text


def lines(exercise: Exercise, part: str | None = None) -> Iterator[list[tuple[Path, str]]]:
    """Each spoken line, of one part or of all, as its wordings with their paths."""
    for in_part, i, step in steps_with_part(exercise):
        if part in (None, in_part):
            name = name_of(step)
            for text, within in zip(texts_of(step), _SPOKEN_WITHIN.get(name, ((),)), strict=False):
                yield list(wordings_with_path(text, ("steps", i, name, *within)))
