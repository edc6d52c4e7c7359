"""Every finding of a script in one round, in the order of its file."""

from __future__ import annotations

from pathlib import Path

from exercises.errors import Problem, ScriptError
from exercises.languages import BASE
from exercises.loading.loader import parse_script, parse_source, read_text
from exercises.loading.source import Source
from exercises.model import Exercise
from exercises.review import KEY, digest, is_stale
from exercises.translations import unlike

from .remark import Finding
from .structure import RULES
from .texts import findings, language_of, said_in_values, words


def lint(exercise: Exercise, source: Source) -> list[Problem]:
    """Every rule that `exercise` breaks, in the order of its file."""
    return _problems(
        source, [*words(exercise), *_review(source), *(f for rule in RULES for f in rule(exercise))]
    )


def _review(source: Source) -> list[Finding]:
    """A mark of review that stands there, but was set on other words."""
    if not is_stale(source.value):
        return []
    message = (
        "this mark is not of these words, which may have changed since; have them read again, or write "
        f'`reviewed: null`. A mark of these words has `words: "{digest(source.value)}"`'
    )
    return [Finding((KEY,), message, "clumsy")]


def _problems(source: Source, found: list[Finding]) -> list[Problem]:
    return sorted({Problem(source.file, source.line_of(f.path), f.message, f.severity) for f in found})


def lint_file(path: Path) -> tuple[Exercise | None, list[Problem]]:
    """Read a script and check it; the exercise is None where it cannot be used at all.

    Where its shape is wrong its words are checked all the same, so that nobody mends a script twice.
    """
    try:
        exercise, source, problems = parse_source(read_text(path), str(path))
    except ScriptError as error:
        return None, error.problems
    language = language_of(source.value)
    if exercise:
        problems = [*problems, *lint(exercise, source), *_unlike_original(exercise, source, path)]
        if exercise.id != path.stem:
            message = f'the id is "{exercise.id}" but the file is "{path.name}"; name it "{exercise.id}.yaml"'
            problems.append(Problem(source.file, source.line_of(("id",)), message))
    elif language:
        problems = [*problems, *_problems(source, list(findings(said_in_values(source.value), language)))]
    return exercise, sorted(set(problems))


def _unlike_original(exercise: Exercise, source: Source, path: Path) -> list[Problem]:
    """Faults of a translation beside its original, which stands one folder up: differences, or lengths for neither."""
    original = path.parent.parent / path.name
    if exercise.language == BASE or not original.exists():
        return []
    try:
        return unlike(parse_script(read_text(original), str(original)), exercise, source)
    except ScriptError:
        return []  # what is wrong there is told where that script is checked
