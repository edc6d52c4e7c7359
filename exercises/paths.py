"""Paths: for four weeks each, which two or three exercises a week, and why.

A path is a suggestion to read. Nothing follows from it: no exercise knows that it is on one, and nobody counts.
They are kept a language in one file beside the scripts, `exercises/paths/en.yaml`.
"""

from __future__ import annotations

import pathlib
from typing import Annotated

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from exercises.loading.source import read_source

from .errors import Problem, ScriptError
from .languages import BASE
from .model.lines import Strict, Words

FOLDER = pathlib.Path(__file__).parent / "paths"
WEEKS = 4

ExerciseId = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class Week(Strict):
    """One week of a path: its exercises, and why, in two sentences."""

    exercises: Annotated[tuple[ExerciseId, ...], Field(min_length=2, max_length=3)]
    why: Words


class Path(Strict):
    """Four weeks through the library. `about` says for whom."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=60)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    about: Words
    weeks: Annotated[tuple[Week, ...], Field(min_length=WEEKS, max_length=WEEKS)]


_PATHS = TypeAdapter(tuple[Path, ...])


def load_paths(language: str = BASE, folder: pathlib.Path = FOLDER) -> tuple[Path, ...]:
    """The paths in a language, in their order; in English where there are none in that one.

    Raises ScriptError where the file cannot be used.
    """
    file = folder / f"{language}.yaml"
    if not file.exists():
        file = folder / f"{BASE}.yaml"
    source = read_source(str(file), file.read_text("utf-8"))
    if source.problems:
        raise ScriptError(source.problems)
    try:
        return _PATHS.validate_python(source.value)
    except ValidationError as error:
        problems = [
            Problem(source.file, source.line_of(e["loc"]), f"{'.'.join(map(str, e['loc']))}: {e['msg']}")
            for e in error.errors()
        ]
        raise ScriptError(problems) from None
