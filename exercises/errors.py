"""Everything that can be wrong with a script or with what was asked of it.

ExerciseError                 anything below; `str()` is one plain sentence
├─ ScriptError                a script file cannot be used; carries every `Problem` found
├─ UnknownExercise            no script has that id
└─ ChoiceError                a choice (length, lead-in …) that this exercise does not offer
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "harm", "clumsy"]
"""The weight of a finding.

error   the script is not ready: a rule is broken, or it cannot be used at all
harm    somebody could be hurt by it, so it plays nowhere
clumsy  it plays, and its author is told
"""
_PREFIX: dict[Severity, str] = {"error": "", "harm": "harm: ", "clumsy": "warning: "}


@dataclass(frozen=True, order=True)
class Problem:
    """One finding in a script: where it is, what is wrong and what to write instead."""

    file: str
    line: int
    message: str
    severity: Severity = "error"

    @property
    def is_error(self) -> bool:
        """Tell whether the script is not ready because of it."""
        return self.severity != "clumsy"

    def __str__(self) -> str:
        kind = _PREFIX[self.severity]
        return f"{self.file}:{self.line}: {kind}{self.message}"


class ExerciseError(Exception):
    """Base of all errors of this package."""


class ScriptError(ExerciseError):
    """A script that cannot be used. `problems` holds at least one finding, in the order of the file."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class UnknownExercise(ExerciseError):
    """No exercise has this id."""

    def __init__(self, exercise_id: str, known: list[str]):
        self.exercise_id = exercise_id
        super().__init__(f'There is no exercise "{exercise_id}". Choose one of: {", ".join(known)}.')


class ChoiceError(ExerciseError):
    """A choice that is not offered; the sentence names the ones that are."""
