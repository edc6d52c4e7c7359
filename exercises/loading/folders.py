"""The script files of some folders, which may change while they are used: what was read stays read.

A file is read when it is new or has changed. One that went wrong keeps the last good version of itself, and tells what
is wrong.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from exercises.errors import Problem, ScriptError
from exercises.languages import BASE, LANGUAGES
from exercises.model import Exercise

from .loader import read_text
from .playable import playable
from .source import MAX_BYTES, Source, read_source

Stamp = tuple[int, int, int, int, int]
"""A file's mode, inode and size, and when it changed: its content, and anything of it (nanoseconds)."""
NEVER_SEEN: Stamp = (0, 0, 0, 0, 0)


@dataclass(frozen=True)
class ScriptFile:
    """A file as it was read last.

    text      the last good version, if there was any, and `exercise` what that is
    problems  what is wrong with the file as it is
    """

    path: Path
    stamp: Stamp
    text: str = ""
    exercise: Exercise | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def source(self) -> Source:
        """The last good version with its lines."""
        return read_source(str(self.path), self.text)


class FileReader:
    """Reads the scripts of some folders and of their folders of languages, again and again."""

    def __init__(self, folders: tuple[Path, ...]):
        self._folders = folders
        self._files: dict[Path, ScriptFile] = {}

    def has_changed(self) -> bool:
        """Tell whether a file came, went or changed since `read`. Looks at the folders alone."""
        return self._look() != {path: file.stamp for path, file in self._files.items()}

    def read(self) -> None:
        """Read what has changed."""
        self._files = {path: self._read(path, stamp) for path, stamp in self._look().items()}

    def problems(self) -> Iterator[Problem]:
        """Problems of the files as they are."""
        return (problem for file in self._files.values() for problem in file.problems)

    def usable(self, place: Path) -> Iterator[tuple[ScriptFile, Exercise]]:
        """The files of one folder that have a good version, in the order of their names."""
        return (
            (file, file.exercise)
            for path, file in self._files.items()
            if path.parent == place and file.exercise
        )

    def _look(self) -> dict[Path, Stamp]:
        found: dict[Path, Stamp] = {}
        for folder in self._folders:
            for place in (folder, *(folder / code for code in LANGUAGES if code != BASE)):
                found |= self._stamps(place)
        return found

    def _stamps(self, place: Path) -> dict[Path, Stamp]:
        """The scripts in one folder. While it cannot be looked into, those that were there count as unchanged."""
        try:
            with os.scandir(place) as entries:
                return dict(sorted(filter(None, map(_stamp, entries))))
        except FileNotFoundError:
            if place != self._folders[0]:
                return {}
        except OSError:
            pass
        return {path: file.stamp for path, file in self._files.items() if path.parent == place}

    def _read(self, path: Path, stamp: Stamp) -> ScriptFile:
        known = self._files.get(path, ScriptFile(path, NEVER_SEEN))
        if known.stamp == stamp:
            return known
        try:
            _may_be_read(path, stamp)
            text = read_text(path)
            exercise = playable(text, str(path))
        except ScriptError as error:
            return replace(known, stamp=stamp, problems=tuple(error.problems))
        read = ScriptFile(path, stamp, text, exercise)
        wrong = _in_its_folder(read, exercise)
        return replace(known, stamp=stamp, problems=(wrong,)) if wrong else read


def _may_be_read(path: Path, stamp: Stamp) -> None:
    """Raise ScriptError for what is no plain file, or one that no script can be."""
    mode, _, size, *_ = stamp
    if not stat.S_ISREG(mode):
        raise ScriptError([Problem(str(path), 1, "this is no file; move it out of the folder of scripts")])
    if size > MAX_BYTES:
        raise ScriptError(
            [Problem(str(path), 1, f"the script is larger than {MAX_BYTES // 1024} kB; split it in two")]
        )


def _stamp(entry: os.DirEntry[str]) -> tuple[Path, Stamp] | None:
    """A script's path and stamp; None for anything else, such as what an editor puts beside it."""
    if entry.name.startswith(".") or not entry.name.endswith(".yaml"):
        return None
    try:
        seen = entry.stat()
    except OSError:  # a link to nothing, or gone by now
        return None
    return Path(entry.path), (
        seen.st_mode, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns,
    )  # fmt: skip


def _in_its_folder(file: ScriptFile, exercise: Exercise) -> Problem | None:
    """The fault of a script in another language than that of its folder."""
    language = file.path.parent.name
    if language in LANGUAGES and exercise.language != language:
        message = f'this lies in the folder of "{language}"; write `language: {language}`'
        return Problem(str(file.path), file.source.line_of(("language",)), message)
    return None
