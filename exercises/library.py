"""Find, load and validate the exercises of a folder.

A script that cannot be used, or that could hurt somebody (lint/), is left out and its problems are kept, so that one
typo never silences the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .errors import Problem, ScriptError, UnknownExercise
from .languages import BASE, LANGUAGES
from .lint.gate import harm_in
from .lint.known import is_known
from .loader import length_problems, parse_script, parse_source, read_text
from .model import Exercise
from .source import read_source
from .translations import differences

__all__ = ["SCRIPTS", "Library", "load_library", "load_script", "load_translation", "parse_script"]

SCRIPTS = Path(__file__).parent / "scripts"


@dataclass(frozen=True)
class Library:
    """The exercises that can be used, by id, their translations by language and id, and what is wrong with others."""

    exercises: dict[str, Exercise]
    problems: tuple[Problem, ...] = ()
    translations: dict[str, dict[str, Exercise]] = field(default_factory=dict)

    def get(self, exercise_id: str, language: str = BASE) -> Exercise:
        """The exercise with this id, in a language if it is there in that; raises UnknownExercise."""
        try:
            return self.translations.get(language, {}).get(exercise_id) or self.exercises[exercise_id]
        except KeyError:
            raise UnknownExercise(exercise_id, list(self.exercises)) from None

    def translations_of(self, exercise_id: str) -> tuple[Exercise, ...]:
        """The exercise in every language but the first, in the order of LANGUAGES."""
        found = (self.translations.get(code, {}).get(exercise_id) for code in LANGUAGES)
        return tuple(exercise for exercise in found if exercise)

    def in_language(self, language: str) -> Iterator[Exercise]:
        """The exercises that are there in a language, in the library's order."""
        return (exercise for each in self if (exercise := self.get(each.id, language)).language == language)

    @property
    def out_of_order(self) -> int:
        """The number of exercises that cannot be used; one that is wrong in two languages counts once."""
        return len({Path(problem.file).stem for problem in self.problems if problem.is_error})

    def __iter__(self) -> Iterator[Exercise]:
        return iter(self.exercises.values())


def load_library(folder: Path = SCRIPTS) -> Library:
    """Load every `*.yaml` of `folder`, in the order that the scripts ask for, and translations from `folder`/es."""
    found: list[Exercise] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            exercise = load_script(path)
        except ScriptError as error:
            problems += error.problems
            continue
        if exercise.id in seen:
            message = f'the id "{exercise.id}" is taken by {seen[exercise.id]}; choose another'
            problems.append(Problem(str(path), 1, message))
            continue
        seen[exercise.id] = path.name
        found.append(exercise)
    found.sort(key=lambda e: (e.order, e.id))
    exercises = {e.id: e for e in found}
    translations: dict[str, dict[str, Exercise]] = {}
    for code in LANGUAGES:
        if code != BASE:
            translations[code], more = _load_translations(folder / code, code, exercises)
            problems += more
    return Library(exercises, tuple(problems), translations)


def _load_translations(
    folder: Path, language: str, originals: dict[str, Exercise]
) -> tuple[dict[str, Exercise], list[Problem]]:
    found: dict[str, Exercise] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            exercise = load_translation(path, language, originals)
        except ScriptError as error:
            problems += error.problems
            continue
        found[exercise.id] = exercise
    return found, problems


def load_translation(path: Path, language: str, originals: dict[str, Exercise]) -> Exercise:
    """Load one script of a language, to go with its original; raises ScriptError."""
    exercise = load_script(path)
    source = read_source(str(path), path.read_bytes().decode("utf-8"))
    if exercise.language != language:
        message = f'this lies in the folder of "{language}"; write `language: {language}`'
        raise ScriptError([Problem(source.file, source.line_of(("language",)), message)])
    original = originals.get(exercise.id)
    if original is None:
        message = f'there is no exercise "{exercise.id}" to translate; write the id of one that can be used'
        raise ScriptError([Problem(source.file, source.line_of(("id",)), message)])
    problems = differences(original, exercise, source)
    if problems:
        raise ScriptError(problems)
    if problems := length_problems(source, original, exercise):
        raise ScriptError(problems)
    return exercise


def load_script(path: Path, name: str | None = None) -> Exercise:
    """Load one script file; raises ScriptError naming the file (as `name`) and the line of each problem.

    A script with a harm finding is not loaded: it plays nowhere.
    """
    name = name or str(path)
    text = read_text(path, name)
    exercise, source, problems = parse_source(text, name)
    found = harm_in(exercise, source) if exercise and not is_known(text) else []
    if exercise is None or problems or found:
        raise ScriptError([*problems, *found])
    return exercise
