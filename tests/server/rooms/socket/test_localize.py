"""Messages of a room are put into the language of a phone, word by word and nothing else."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from server.rooms.core.protocol import messages
from server.rooms.core.protocol.messages import (
    AskPicture,
    Closed,
    ConsolePicture,
    LineMessage,
    Note,
    PhonePicture,
    RefusedMessage,
    RoomPicture,
)
from server.rooms.socket import localize
from server.rooms.socket.localize import in_language

PAUSED = Note(code="paused", words="Paused")
ASK = AskPicture(id=1, kind="start", words="Go on together?", yes="Yes, go on", no="Stay here", answered=None)
ROOM = RoomPicture(
    phase="paused", note=PAUSED, exercise=None, setting="together", speaker="circle", turn="first", partner="here",
    therapist="absent", missing=[], ask=ASK, choices=[], offer_close=False,
)  # fmt: skip
PHONE = PhonePicture(
    here="away",
    ready=False,
    reasons=["The phone is not connected."],
    clock_ms=None,
    grounding=False,
    nearest=None,
)
CONSOLE = ConsolePicture(
    phase="paused", note=PAUSED, exercise=None, setting="together", speaker="circle", phones={"circle": PHONE},
    asking=None, can_resume=True, hold_until=None, choices=[],
)  # fmt: skip


def test_a_picture_comes_with_its_words_in_spanish_and_everything_else_as_it_was() -> None:
    told = in_language(ROOM, "es")
    assert isinstance(told, RoomPicture)
    assert told.note == Note(code="paused", words="En pausa")
    assert told.ask
    assert (told.ask.words, told.ask.yes) == ("¿Seguir con el ejercicio?", "Sí, seguir")
    back = told.model_copy(update={"note": ROOM.note, "ask": ROOM.ask})
    assert back == ROOM


def test_a_console_reads_what_is_missing_in_spanish() -> None:
    told = in_language(CONSOLE, "es")
    assert isinstance(told, ConsolePicture)
    assert told.phones["circle"].reasons == ["El teléfono no está conectado."]


@pytest.mark.parametrize("kind", [RefusedMessage, Closed])
def test_a_refusal_and_a_farewell_are_sentences_too(kind: type[Any]) -> None:
    more = {"op": 1} if kind is RefusedMessage else {}
    told = in_language(kind(code="x", words="This room is closed. A new one is two taps away.", **more), "es")
    assert told.words == "Esta sala está cerrada. Una nueva se abre con dos toques."  # type: ignore[attr-defined]


def test_a_typed_line_and_the_answers_of_a_script_stay_as_they_are() -> None:
    line = LineMessage(line=1, at=0.0, seconds=1.0, words="Paused", clip=None)
    assert in_language(line, "es") == line
    beat = ROOM.model_copy(update={"ask": ASK.model_copy(update={"kind": "beat", "yes": "Yes, now"})})
    told = in_language(beat, "es")
    assert isinstance(told, RoomPicture)
    assert told.ask == beat.ask


def test_english_is_sent_as_it_stands() -> None:
    assert in_language(ROOM, "en") is ROOM


def test_every_message_that_carries_words_of_the_room_is_known_here() -> None:
    """A new message with words has to be put into words, or be said here to be somebody else's."""
    elses = {"LineMessage": "a therapist's", "GuideMessage": "the score's"}

    def worded(model: Any, seen: frozenset[Any] = frozenset()) -> bool:
        names = {"words", "reasons", "passed_over_words"}
        if model in seen or not hasattr(model, "model_fields"):
            return any(worded(part, seen) for part in get_args(model))
        inner = [field.annotation for field in model.model_fields.values()]
        return bool(names & set(model.model_fields)) or any(worded(part, seen | {model}) for part in inner)

    found = {model.__name__ for model in messages.MESSAGES.values() if worded(model)}
    assert {name for name in found - set(elses) if not hasattr(localize, name)} == set()
    assert "RoomPicture" in found
