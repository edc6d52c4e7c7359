"""The pages that people see: the library, one exercise with its player, and help."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

from exercises.languages import LANGUAGES
from exercises.library import GROUNDING, Library
from exercises.model import FAMILIES, Exercise
from server.context import here
from server.i18n.catalog import N_
from server.i18n.locale import gettext, language_here
from server.services.sound.choices import Choices, fields, length_label, parse

blueprint = Blueprint("pages", __name__)

"""The exercise behind "Too much", on every page."""
COMING_BACK = "back-in-the-room"
"""The exercise to which an agreed break leads."""
QUIETER = "side-by-side"
"""The exercise where both land when either says "not today"."""

FAMILY_TITLES = {
    "breathing": N_("Breathing"),
    "gaze": N_("Softening gaze"),
    "reach": N_("Reaching"),
    "returns": N_("Returns"),
    "loop": N_("The loop"),
    "apart": N_("After a break"),
    "ground": N_("When it is too much"),
}
EVENINGS = (
    (N_("Just home"), "doorway"),
    (N_("A hard day"), "the-small-exhale"),
    (N_("After an argument"), "back-in-the-room"),
    (N_("Not sure"), "side-by-side"),
)
"""Doors of the first page: how an evening is, and the one exercise that fits it."""
INTO_THE_DARK = "lamp-out"
"""The one that ends with the screen dark."""

LEVELS = (N_("the quietest"), N_("a small step"), N_("nearer: both say yes first"), N_("nearest"))
WITH_THERAPIST = N_("first with a therapist")
ALONE = N_("for one person alone")


@dataclass(frozen=True)
class Entry:
    """One exercise as the library lists it."""

    id: str
    title: str
    length: str
    level: str
    aim: str


@dataclass(frozen=True)
class Door:
    """A door of the first page: an evening in two or three words, and the exercise that it leads to."""

    words: str
    entry: Entry


@dataclass(frozen=True)
class FamilyList:
    """A family of exercises, in the library's order."""

    id: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class ShownOption:
    """An option of a form's field."""

    value: str
    label: str


@dataclass(frozen=True)
class ShownField:
    """A field of the settings form with what is chosen now."""

    name: str
    label: str
    options: tuple[ShownOption, ...]
    default: str
    chosen: str


def may_be_kept(exercise: Exercise) -> bool:
    """Tell whether a phone may keep a copy: not where consent is asked, which a copy cannot do."""
    return not exercise.asks


def about_length(seconds: int) -> str:
    """A length as a list gives it: to the nearest half minute, seconds only below two minutes."""
    return length_label(seconds if seconds < 120 else round(seconds / 30) * 30)


def level_words(exercise: Exercise) -> str:
    """The level as people read it; never a number, since it is not something to climb."""
    more = WITH_THERAPIST if exercise.first_with_therapist else ALONE if exercise.alone else None
    words = gettext(LEVELS[exercise.level])
    return f"{words}, {gettext(more)}" if more else words


def families(library: Library, language: str) -> tuple[FamilyList, ...]:
    """The exercises that are there in a language, by family; a family with none is left out."""
    lists = []
    for family in FAMILIES:
        found = (e for e in library.in_language(language) if e.family == family)
        entries = tuple(_entry(exercise) for exercise in found)
        if entries:
            lists.append(FamilyList(family, gettext(FAMILY_TITLES[family]), entries))
    return tuple(lists)


def doors(library: Library, language: str) -> tuple[Door, ...]:
    """The doors whose exercise is there in a language."""
    here_now = {e.id: e for e in library.in_language(language)}
    return tuple(Door(gettext(words), _entry(here_now[name])) for words, name in EVENINGS if name in here_now)


def _entry(exercise: Exercise) -> Entry:
    length = about_length(exercise.usual_length_s)
    return Entry(exercise.id, exercise.title, length, level_words(exercise), exercise.aim)


def problem_line(library: Library) -> str:
    """One quiet line about scripts that cannot be used, or nothing. Which ones is for the log."""
    count = library.out_of_order
    if not count:
        return ""
    if count == 1:
        return gettext("One exercise is out of order today.")
    return gettext("%(count)s exercises are out of order today.") % {"count": count}


def shown_fields(exercise: Exercise, choices: Choices) -> tuple[ShownField, ...]:
    """The form's fields, each with what `choices` holds for it."""
    shown = []
    for field in fields(exercise, here().offers):
        options = tuple(ShownOption(o.value, o.label) for o in field.options)
        shown.append(
            ShownField(field.name, field.label, options, field.default, str(getattr(choices, field.name)))
        )
    return tuple(shown)


def _page_of(exercise_id: str) -> str | None:
    return (
        url_for("pages.exercise", exercise_id=exercise_id)
        if exercise_id in here().library.exercises
        else None
    )


def _in_own_language(exercise_id: str) -> Exercise | None:
    """An exercise in the language of the page, if it is there at all."""
    library = here().library
    return library.get(exercise_id, language_here()) if exercise_id in library.exercises else None


@blueprint.app_context_processor
def _everywhere() -> dict[str, str | None]:
    """Values that each page needs, an error page too: where "Too much" leads, even if that script is out of order."""
    grounding = _page_of(GROUNDING)
    return {"grounding_href": grounding, "too_much_href": grounding or url_for("pages.help_lines")}


@blueprint.get("/")
def library() -> str:
    """All exercises, as a table of contents."""
    library, language = here().library, language_here()
    return render_template(
        "pages/listening/library.html",
        doors=doors(library, language),
        families=families(library, language),
        others=len(library.exercises) - len(list(library.in_language(language))),
    )


@blueprint.get("/exercises/<exercise_id>/")
def exercise(exercise_id: str) -> str:
    """One exercise: what it is, the settings, and the player that takes its place."""
    found = here().library.get(exercise_id, language_here())
    return exercise_page(found, url_for("pages.exercise", exercise_id=found.id))


def exercise_page(found: Exercise, again_href: str, card_href: str = "") -> str:
    """The page of an exercise; a card, where it is opened by one, unlocks it and is the way back."""
    choices = parse(found, here().offers, request.args)
    shown = shown_fields(found, choices)
    here().studio.warm(choices.voice)
    quieter = _in_own_language(QUIETER)
    return render_template(
        "pages/listening/exercise.html",
        exercise=found,
        family=gettext(FAMILY_TITLES[found.family]),
        level=level_words(found),
        plays=bool(card_href) or not found.first_with_therapist,
        card_href=card_href,
        consent=found.asks,
        at_once=found.id == GROUNDING,
        comes_back=found.id == COMING_BACK,
        into_the_dark=found.id == INTO_THE_DARK,
        may_be_kept=may_be_kept(found),
        fields=shown,
        query=choices.query(),
        parts=LANGUAGES[language_here()].parts,
        quieter_href=_page_of(QUIETER) or url_for("pages.library"),
        quieter_title=quieter.title if quieter else gettext("The first page"),
        again_href=again_href,
    )


@blueprint.get("/break")
def break_page() -> str:
    """An agreed break. The page is the same for everybody; what it counts is in the browser."""
    coming_back = _in_own_language(COMING_BACK)
    return render_template(
        "pages/listening/break.html",
        back_href=_page_of(COMING_BACK),
        back_title=coming_back.title if coming_back else "",
    )


@blueprint.get("/help")
def help_lines() -> str:
    """Help lines, who this isn't for, and the way out."""
    return render_template("pages/listening/help.html")
