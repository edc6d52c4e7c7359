"""Messages of a room in the language of the phone that it is said to.

Rooms know one wording of everything; each connection puts its own messages into words at the last moment. The words
of a script come in the right language already, and what a therapist typed stays as it was typed.
"""

from __future__ import annotations

from server.i18n.catalog import BASE, translate
from server.rooms.core.protocol.messages import (
    AskPicture,
    Closed,
    ConsolePicture,
    Note,
    PhonePicture,
    PlanMessage,
    RefusedMessage,
    RoomPicture,
    Told,
)


def in_language(message: Told, language: str) -> Told:
    """The same message with its words in a language."""
    if language == BASE:
        return message
    match message:
        case RefusedMessage() | Closed():
            return message.model_copy(update={"words": translate(message.words, language)})
        case RoomPicture():
            note, ask = _note(message.note, language), _ask(message.ask, language)
            return message.model_copy(update={"note": note, "ask": ask})
        case ConsolePicture():
            phones = {seat: _phone(phone, language) for seat, phone in message.phones.items()}
            return message.model_copy(update={"note": _note(message.note, language), "phones": phones})
        case PlanMessage():
            return message.model_copy(
                update={"passed_over_words": translate(message.passed_over_words, language)}
            )
    return message


def _note(note: Note | None, language: str) -> Note | None:
    return note and note.model_copy(update={"words": translate(note.words, language)})


def _ask(ask: AskPicture | None, language: str) -> AskPicture | None:
    if ask is None or ask.kind == "beat":
        return ask
    said = {name: translate(getattr(ask, name), language) for name in ("words", "yes", "no")}
    return ask.model_copy(update=said)


def _phone(phone: PhonePicture, language: str) -> PhonePicture:
    return phone.model_copy(update={"reasons": [translate(reason, language) for reason in phone.reasons]})
