"""From a draft to a script that couples hear, and back.

    DATA/scripts/<id>.yaml, DATA/scripts/es/<id>.yaml

A script with the id of one of ours takes its place, as somebody who changes a copy would expect, until it is taken
back. It never takes the place of another one that was written here, nor of the one that "Too much" leads to.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from audio.data_folder import DataFolder
from audio.files import write_whole
from exercises.languages import BASE
from exercises.library import NEVER_REPLACED
from exercises.review import with_mark

from .drafts import Draft, DraftRefused

_INITIALS = re.compile(r"[A-Z]{2,4}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def publish(draft: Draft, found: dict[str, Any], data: Path) -> str:
    """Write a draft's texts where the library finds them; gives the id. Raises DraftRefused and OSError.

    found  what `exercises.inspection.inspect` says of them
    """
    if (first := _first_fault(found)) is not None:
        raise DraftRefused(
            "not_ready", f"Not published: line {first['line']} wants mending first. {first['message']}"
        )
    exercise_id = found["id"]
    path = path_of(data, exercise_id)
    if exercise_id in NEVER_REPLACED:
        raise DraftRefused("id_taken", "Not published: every page leads to that exercise. Choose another id.")
    if path.exists() and draft.published != exercise_id:
        raise DraftRefused(
            "id_taken",
            "Not published: another script of yours has this id. Choose another id, or take that one back.",
        )
    for language, text in draft.texts.items():
        write_whole(path_of(data, exercise_id, language), text.encode())
    if "es" not in draft.texts:
        path_of(data, exercise_id, "es").unlink(missing_ok=True)
    if draft.published not in ("", exercise_id):
        take_back(data, draft.published)
    return exercise_id


def signed(draft: Draft, found: dict[str, Any], language: str, initials: str, date: str) -> dict[str, str]:
    """A draft's texts with a mark of review on one of them. Raises DraftRefused.

    found  what `exercises.inspection.inspect` says of them
    """
    if (first := _first_fault(found)) is not None:
        raise DraftRefused(
            "not_ready", f"Not signed: line {first['line']} wants mending first. {first['message']}"
        )
    if language not in found["words"]:
        raise DraftRefused("bad_review", "Not signed: there is no text in that language.")
    if not _INITIALS.fullmatch(initials):
        raise DraftRefused("bad_review", "Not signed: write two to four capital letters, such as AB.")
    if not _DATE.fullmatch(date):
        raise DraftRefused(
            "bad_review", "Not signed: the date of this device can't be read. Load the page again."
        )
    marked = with_mark(draft.texts[language], initials, date, found["words"][language])
    return {**draft.texts, language: marked}


def _first_fault(found: dict[str, Any]) -> dict[str, Any] | None:
    """The finding to be told where a script is not ready: the first in its file, and harm before all else."""
    wrong = [one for one in found["problems"] if one["severity"] != "clumsy"]
    return min(wrong, key=lambda one: (one["severity"] != "harm", one["line"]), default=None)


def take_back(data: Path, exercise_id: str) -> None:
    """Take a script that was written here out of the library. Raises OSError."""
    for language in (BASE, "es"):
        path_of(data, exercise_id, language).unlink(missing_ok=True)


def path_of(data: Path, exercise_id: str, language: str = BASE) -> Path:
    """The file of an id that a script has."""
    own = DataFolder(data).scripts
    folder = own if language == BASE else own / language
    return folder / f"{exercise_id}.yaml"
