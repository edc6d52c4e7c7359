"""Paths as pages: four weeks each, to read and to follow or not. Which one is open is the browser's to know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from flask import Blueprint, abort, render_template

from exercises.model import Exercise
from exercises.paths import Path, load_paths
from server.context import here
from server.i18n.locale import language_here

from .pages import about_length, level_words

blueprint = Blueprint("paths", __name__)


@dataclass(frozen=True)
class Stop:
    """One exercise of a week, as the page lists it."""

    exercise: Exercise
    length: str
    level: str


@dataclass(frozen=True)
class WeekShown:
    """One week: what is there of its exercises, and why them."""

    stops: tuple[Stop, ...]
    why: str


@cache
def paths_in(language: str) -> tuple[Path, ...]:
    """The paths in a language, read once: they come with the project and do not change while it runs."""
    return load_paths(language)


def _stops(names: tuple[str, ...]) -> tuple[Stop, ...]:
    """The exercises with these ids; one that is out of order, or not on this library, is left out."""
    library, language = here().library, language_here()
    found = [library.get(name, language) for name in names if name in library.exercises]
    return tuple(Stop(e, about_length(e.usual_length_s), level_words(e)) for e in found)


@blueprint.get("/paths")
def all_paths() -> str:
    """All of them, each with a sentence or two."""
    return render_template("pages/listening/paths.html", paths=paths_in(language_here()))


@blueprint.get("/paths/<path_id>")
def one_path(path_id: str) -> str:
    """One path with its weeks."""
    paths = paths_in(language_here())
    found = next((path for path in paths if path.id == path_id), None)
    if found is None:
        abort(404)
    weeks = [WeekShown(_stops(week.exercises), week.why) for week in found.weeks]
    return render_template(
        "pages/listening/path.html", path=found, weeks=weeks, others=[p for p in paths if p is not found]
    )


@blueprint.app_context_processor
def _everywhere() -> dict[str, object]:
    """For the first page, which leads to the path that is open on a device."""
    return {"paths_here": lambda: paths_in(language_here())}
