"""The exercises that can be used, out of the scripts of some folders.

A script that cannot be used, or that could hurt somebody, is left out and its problems are kept, so that one typo never
silences the rest. Where two folders have a script with one id, that of the later folder is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from exercises.loading.folders import FileReader, ScriptFile
from exercises.loading.loader import parse_script
from exercises.loading.playable import load_script
from exercises.loading.source import Source

from .errors import Problem, UnknownExercise
from .languages import BASE, LANGUAGES
from .lint.known import is_known
from .model import Exercise
from .translations import unlike

__all__ = ["SCRIPTS", "Library", "ScriptFolders", "load_library", "load_script", "parse_script"]

SCRIPTS = Path(__file__).parent / "scripts"
GROUNDING = "too-much-for-now"
"""The exercise behind *Too much*."""
NEVER_REPLACED = (GROUNDING,)
"""The script that "Too much" leads to on every page is that of the first folder that has it."""


@dataclass(frozen=True)
class Library:
    """The exercises that can be used, by id, their translations by language and id, and what is wrong with others.

    `own` are the ids whose scripts lie in a later folder than the first.
    """

    exercises: dict[str, Exercise]
    problems: tuple[Problem, ...] = ()
    translations: dict[str, dict[str, Exercise]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

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


def load_library(*folders: Path) -> Library:
    """Load every `*.yaml` of some folders (ours if none is given), in the order that the scripts ask for.

    Translations come from the folder of their language within each.
    """
    return ScriptFolders(*(folders or (SCRIPTS,))).read()


class ScriptFolders:
    """Folders whose library is read again and again. A file that went wrong leaves its last good version there.

    Not to be used by two threads at once.
    """

    def __init__(self, *folders: Path):
        self._folders = tuple({os.path.realpath(folder): folder for folder in folders}.values())
        self._files = FileReader(self._folders)
        self._fitting: dict[Path, Exercise] = {}
        """Of each translation, the last version that its original's timeline could hold."""
        self._texts: dict[str, dict[str, str]] = {}

    def has_changed(self) -> bool:
        """Tell whether a file came, went or changed since `read`. Looks at the folders alone."""
        return self._files.has_changed()

    def texts(self, exercise_id: str) -> dict[str, str]:
        """The text of an exercise as it was read last, and of its translations, by language."""
        return dict(self._texts.get(exercise_id, {}))

    def read(self) -> Library:
        """The library as the folders are now; reads what has changed."""
        self._files.read()
        problems = list(self._files.problems())
        taken: dict[str, Path] = {}
        found: dict[str, Exercise] = {}
        for folder in self._folders:
            for file, exercise in self._files.usable(folder):
                by = taken.get(exercise.id)
                if by and (by.parent == folder or exercise.id in NEVER_REPLACED):
                    problems.append(_taken(file.path, exercise.id, by))
                    continue
                taken[exercise.id], found[exercise.id] = file.path, exercise
                self._texts[exercise.id] = {BASE: file.text}
        exercises = {e.id: e for e in sorted(found.values(), key=lambda e: (e.order, e.id))}
        translations: dict[str, dict[str, Exercise]] = {}
        for code in LANGUAGES:
            if code != BASE:
                translations[code], more = self._translations(code, exercises, taken)
                problems += more
        own = frozenset(name for name, path in taken.items() if path.parent != self._folders[0])
        return Library(exercises, tuple(sorted(problems)), translations, own)

    def _translations(
        self, language: str, originals: dict[str, Exercise], taken: dict[str, Path]
    ) -> tuple[dict[str, Exercise], list[Problem]]:
        found: dict[str, Exercise] = {}
        problems: list[Problem] = []
        for folder in self._folders:
            for file, newest in self._files.usable(folder / language):
                original = originals.get(newest.id)
                if original is None:
                    problems.append(_no_original(file, newest.id))
                    continue
                fitting, wrong = self._going_with(original, file, newest)
                if fitting:
                    found[newest.id] = fitting
                if fitting is newest:
                    self._texts[newest.id][language] = file.text
                # the translation of a script that another one took the place of has no fault of its own
                if taken[newest.id].parent == folder:
                    problems += wrong
        return found, problems

    def _going_with(
        self, original: Exercise, file: ScriptFile, newest: Exercise
    ) -> tuple[Exercise | None, list[Problem]]:
        """The version of a translation that goes with its original, and what is wrong with the newest."""
        nowhere = Source(str(file.path))
        if is_known(self._texts[original.id][BASE], file.text) or not unlike(original, newest, nowhere):
            self._fitting[file.path] = newest
            return newest, []
        last = self._fitting.get(file.path)
        kept = last if last and last.id == newest.id and not unlike(original, last, nowhere) else None
        return kept, unlike(original, newest, file.source)


def _taken(path: Path, exercise_id: str, by: Path) -> Problem:
    if by.parent == path.parent:
        return Problem(str(path), 1, f'the id "{exercise_id}" is taken by {by.name}; choose another')
    message = (
        f'"{exercise_id}" is where "Too much" leads on every page, and stays as it is; choose another id'
    )
    return Problem(str(path), 1, message)


def _no_original(file: ScriptFile, exercise_id: str) -> Problem:
    message = f'there is no exercise "{exercise_id}" to translate; write the id of one that can be used'
    return Problem(str(file.path), file.source.line_of(("id",)), message)
