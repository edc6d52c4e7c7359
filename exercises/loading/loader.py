"""Read one script into an Exercise, and say in sentences what keeps it from being one.

Content is not judged here: what a couple should not have to hear is for lint/ to find.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from exercises.errors import ChoiceError, Problem, ScriptError
from exercises.model import STATES, STEP_CLASSES, TURNS, Exercise
from exercises.review import is_stale
from exercises.timeline import length_bounds

from .source import Source, read_source


def read_text(path: Path, name: str | None = None) -> str:
    """The text of a script file; raises ScriptError naming the file (as `name`) and the line."""
    name = name or str(path)
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ScriptError([Problem(name, line, "this is not UTF-8 text; save the file as UTF-8")]) from None
    except OSError as error:
        raise ScriptError([Problem(name, 1, f"the file cannot be read: {error.strerror or error}")]) from None


def parse_script(text: str, name: str = "script.yaml") -> Exercise:
    """Turn a script's text into an Exercise; raises ScriptError and nothing else."""
    exercise, _, problems = parse_source(text, name)
    if exercise is None or problems:
        raise ScriptError(problems)
    return exercise


def parse_source(
    text: str, name: str, ask_lengths: bool = True
) -> tuple[Exercise | None, Source, list[Problem]]:
    """The exercise as far as it can be read, its source, and all that is wrong with its shape.

    Whether its lengths can be planned is left out where it is known; it takes longer than all the rest.
    A mark of review that is one of other words is no mark of this exercise.
    Raises ScriptError where the text is no YAML of ours at all.
    """
    source = read_source(name, text)
    if not isinstance(source.value, dict):
        raise ScriptError([Problem(name, 1, "a script is a mapping; start with `id:` and `title:`")])
    try:
        exercise = Exercise.model_validate(source.value)
    except ValidationError as error:
        problems = {_problem(source, dict(e)) for e in error.errors()}
        return None, source, sorted({*problems, *source.problems})
    if is_stale(source.value):
        exercise = exercise.model_copy(update={"reviewed": None})
    return exercise, source, [*source.problems, *(length_problems(source, exercise) if ask_lengths else ())]


def length_problems(source: Source, *versions: Exercise) -> list[Problem]:
    """Find faults in the lengths of an exercise, which its languages share."""
    line = source.line_of(("lengths",))
    try:
        shortest, longest = length_bounds(*versions)
    except ChoiceError as error:
        return [Problem(source.file, line, str(error))]
    off = [n for n in versions[0].lengths if not shortest <= n <= longest]
    if not off:
        return []
    message = (
        f"a length of {off[0]} s would stretch or squeeze the rests too far; "
        f"choose lengths from {shortest} to {longest} s"
    )
    return [Problem(source.file, line, message)]


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
    if kind == "value_error":
        return str(error["ctx"]["error"])
    name = next((str(k) for k in reversed(path) if isinstance(k, str)), "the script")
    if name == "lengths" and kind in ("missing", "too_long", "too_short"):
        return '"lengths" has three numbers: the shortest, the usual and the longest, as in [180, 300, 480]'
    if kind == "missing":
        return f'"{key}" is missing; add `{key}:`'
    given = error.get("ctx", {})
    if kind == "too_short":
        return f'"{name}" has {given["actual_length"]}, and wants {given["min_length"]} or more'
    if kind == "too_long":
        return f'"{name}" has {given["actual_length"]}, and takes {given["max_length"]} at most'
    if "pattern" in given:
        return f'"{name}" has letters or signs that do not belong there; see docs/writing-exercises.md'
    if kind in _WANTED:
        return f'"{name}" takes {_WANTED[kind]}'
    message = error["msg"].replace("Input should", "should").replace("Value should", "should")
    return f'"{name}" {message[0].lower()}{message[1:]}'


_A_LIST = "a list: a line with a dash for each, or all in square brackets"
_KEYS = "keys of its own, each on a line below it"
_WANTED = {
    "tuple_type": _A_LIST, "list_type": _A_LIST, "dict_type": _KEYS, "model_type": _KEYS,
    "model_attributes_type": _KEYS, "string_type": "text; put it in quotes", "int_type": "a whole number",
    "int_parsing": "a whole number", "int_from_float": "a whole number", "float_type": "a number",
    "float_parsing": "a number", "finite_number": "a number", "bool_type": "true or false",
    "bool_parsing": "true or false", "string_too_short": "text that is not empty",
}  # fmt: skip
"""A value that is wanted, by the library's name for the error: its own words are for programmers."""


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
            return [*STATES[:3], *TURNS] if key in ("say", "one_phone", "ask", "instead", "cue") else []
    return [f.alias or n for n, f in model.model_fields.items()]


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)
