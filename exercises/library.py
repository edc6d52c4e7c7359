"""Find, load and validate the exercises of a folder.

A script that cannot be used is left out and its problems are kept, so that one typo never silences the rest.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from .errors import ChoiceError, Problem, ScriptError, UnknownExercise
from .languages import BASE, LANGUAGES
from .model import STATES, STEP_CLASSES, TURNS, Exercise
from .source import Source, read_source
from .timeline import length_bounds
from .translations import differences

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
    _check_lengths(source, original, exercise)
    return exercise


def load_script(path: Path, name: str | None = None) -> Exercise:
    """Load one script file; raises ScriptError naming the file (as `name`) and the line of each problem."""
    name = name or str(path)
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ScriptError([Problem(name, line, "this is not UTF-8 text; save the file as UTF-8")]) from None
    except OSError as error:
        raise ScriptError([Problem(name, 1, f"the file cannot be read: {error.strerror or error}")]) from None
    return parse_script(text, name)


def parse_script(text: str, name: str = "script.yaml") -> Exercise:
    """Turn a script's text into an Exercise; raises ScriptError and nothing else."""
    source = read_source(name, text)
    if not isinstance(source.value, dict):
        raise ScriptError([Problem(name, 1, "a script is a mapping; start with `id:` and `title:`")])
    try:
        exercise = Exercise.model_validate(source.value)
    except ValidationError as error:
        problems = {_problem(source, dict(e)) for e in error.errors()}
        raise ScriptError(sorted({*problems, *source.problems})) from None
    if source.problems:
        raise ScriptError(source.problems)
    _check_lengths(source, exercise)
    return exercise


def _check_lengths(source: Source, *versions: Exercise) -> None:
    line = source.line_of(("lengths",))
    try:
        shortest, longest = length_bounds(*versions)
    except ChoiceError as error:
        raise ScriptError([Problem(source.file, line, str(error))]) from None
    off = [n for n in versions[0].lengths if not shortest <= n <= longest]
    if off:
        message = (
            f"a length of {off[0]} s would stretch or squeeze the rests too far; "
            f"choose lengths from {shortest} to {longest} s"
        )
        raise ScriptError([Problem(source.file, line, message)])


def _problem(source: Source, error: dict[str, Any]) -> Problem:
    path = _path_in(source.value, error["loc"])
    return Problem(source.file, source.line_of(path), _sentence(source, path, error))


def _path_in(value: Any, loc: Iterable[str | int]) -> tuple[str | int, ...]:
    """The part of a pydantic location that exists in the script: union tags are dropped."""
    path: list[str | int] = []
    for key in loc:
        if isinstance(value, dict):
            inside = key in value
        else:
            inside = isinstance(value, list) and isinstance(key, int) and key < len(value)
        if inside:
            value = value[key]
            path.append(key)
    return tuple(path)


def _sentence(source: Source, path: tuple[str | int, ...], error: dict[str, Any]) -> str:
    kind, key = error["type"], str(error["loc"][-1]) if error["loc"] else ""
    if kind == "step_unknown":
        return _unknown_step(error["input"])
    if kind == "extra_forbidden":
        return f'"{key}" is not a key here{_did_you_mean(key, _keys_at(path[:-1]))}'
    if kind == "missing":
        return f'"{key}" is missing; add `{key}:`'
    if kind == "value_error":
        return str(error["ctx"]["error"])
    name = next((str(k) for k in reversed(path) if isinstance(k, str)), "the script")
    message = error["msg"].replace("Input should", "should").replace("Value should", "should")
    if "pattern" in error.get("ctx", {}):
        message = "has letters or signs that do not belong there; see docs/writing-exercises.md"
    return f'"{name}" {message[0].lower()}{message[1:]}'


def _unknown_step(value: Any) -> str:
    known = list(STEP_CLASSES)
    if not isinstance(value, dict) or not value:
        return f"a step is one of: {', '.join(known)}; write it as `- say: …`"
    if len(value) > 1:
        return f"this step has {len(value)} keys ({', '.join(map(str, value))}); start each step with its own dash"
    name = str(next(iter(value)))
    hint = _did_you_mean(name, known) or f"; a step is one of: {', '.join(known)}"
    return f'"{name}" is not a step{hint}'


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    known = list(known)
    near = difflib.get_close_matches(word, known, 1, 0.6)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; choose from: {', '.join(known)}" if known else ""


def _keys_at(path: tuple[str | int, ...]) -> list[str]:
    """The keys that the schema allows at `path`; empty where several shapes are possible."""
    model: Any = Exercise
    for key in path:
        if isinstance(key, int):
            continue
        if key in STEP_CLASSES and model is Exercise:
            model = STEP_CLASSES[key]
        field = next((f for n, f in model.model_fields.items() if key in (n, f.alias)), None)
        if field is None or key == "steps":
            continue
        model = next((t for t in (field.annotation, *get_args(field.annotation)) if _is_model(t)), None)
        if model is None:
            return [*STATES[:3], *TURNS] if key in ("say", "ask", "instead", "cue") else []
    return [f.alias or n for n, f in model.model_fields.items()]


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)
