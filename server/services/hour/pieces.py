"""Pieces: exercises in an order, each with its choices, as plans and cards have them.

A form has for each place, from 1 on, the fields `exercise-1`, `length-1` and so on. An empty exercise leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from exercises.errors import ChoiceError, UnknownExercise
from exercises.library import Library
from exercises.model import Exercise
from server.i18n.locale import gettext
from server.services.labels import clean_note
from server.services.sound.choices import Choices, VoiceChoice, parse

MOST_PIECES = 3
MOST_NOTE = 200
CHOSEN = ("length", "voice", "setting", "words")


@dataclass(frozen=True)
class Piece:
    """One exercise and what was chosen for it, as texts; what is empty is as the exercise has it.

    watch, act  a therapist's own notes: what to watch for, and what to do
    """

    exercise: str
    length: str = ""
    voice: str = ""
    setting: str = ""
    words: str = ""
    watch: str = ""
    act: str = ""

    def given(self) -> dict[str, str]:
        """Choices made, by field."""
        return {name: value for name in CHOSEN if (value := getattr(self, name))}

    def choices(self, exercise: Exercise, voices: Sequence[VoiceChoice]) -> Choices:
        """The choices for a version of its exercise; what is no longer on offer gives way to the default."""
        kept = self.given()
        for name in list(kept):
            try:
                parse(exercise, voices, {name: kept[name]})
            except ChoiceError:
                del kept[name]
        return parse(exercise, voices, kept)

    def plain(self) -> dict[str, str]:
        """Fields of it that are kept."""
        return {name: value for name, value in asdict(self).items() if value}


def plain_pieces(pieces: Iterable[Piece]) -> list[dict[str, str]]:
    """Pieces as they are kept."""
    return [piece.plain() for piece in pieces]


def pieces_in(plain: Any) -> tuple[Piece, ...]:
    """The pieces of a record; raises TypeError or ValueError for what cannot be some."""
    known = {field.name for field in fields(Piece)}
    found = []
    for one in plain:
        if not isinstance(one, Mapping) or not isinstance(one.get("exercise"), str):
            raise TypeError
        found.append(Piece(**{n: v for n, v in one.items() if n in known and isinstance(v, str)}))
    if len(found) > MOST_PIECES:
        raise ValueError
    return tuple(found)


def pieces_of_form(
    given: Callable[[str], str], library: Library, voices: Sequence[VoiceChoice], language: str
) -> tuple[Piece, ...]:
    """The pieces that a form holds. Raises ChoiceError with one sentence, or UnknownExercise."""
    found: list[Piece] = []
    for place in range(1, MOST_PIECES + 1):
        name = given(f"exercise-{place}")
        if not name:
            continue
        exercise = library.get(name, language)
        if any(piece.exercise == exercise.id for piece in found):
            sentence = gettext("%(title)s is there twice. Choose each one once.")
            raise ChoiceError(sentence % {"title": exercise.title})
        wanted = {n: value for n in CHOSEN if (value := given(f"{n}-{place}"))}
        parse(exercise, voices, wanted)
        notes = {n: clean_note(given(f"{n}-{place}"), MOST_NOTE) for n in ("watch", "act")}
        found.append(Piece(exercise.id, **wanted, **notes))
    if not found:
        raise ChoiceError(gettext("Choose at least one exercise."))
    return tuple(found)


@dataclass(frozen=True)
class Shown:
    """A piece with its exercise in a language and what is chosen."""

    piece: Piece
    exercise: Exercise
    choices: Choices


def shown_pieces(
    pieces: Iterable[Piece], library: Library, voices: Sequence[VoiceChoice], language: str
) -> list[Shown]:
    """Pieces as a page has them; one whose exercise is gone or out of order is left out."""
    found = []
    for piece in pieces:
        try:
            exercise = library.get(piece.exercise, language)
        except UnknownExercise:
            continue
        found.append(Shown(piece, exercise, piece.choices(exercise, voices)))
    return found
