"""Cards to take home: one to three pieces with a sentence, opened by a key, until a day or until they are ended.

    DATA/cards/<digest of the key>.json   {"format": 1, "made": day, "expires": day or null, "ended": day or null,
                                           "label": text, "sentence": text, "pieces": […]}

A key has 256 bits and is shown once; only its digest is kept. When a card is over its sentence and its pieces are taken
out of the file; what is left tells whoever opens it that it is over, instead of that it never was. Nothing is kept or
counted of its use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from server.services.labels import clean_label, clean_note
from server.services.records import Records
from server.services.tokens import RandomBytes, make_token, token_digest

from .pieces import MOST_NOTE, Piece, pieces_in, plain_pieces

FORMAT = 1
SHOWN_LETTERS = 8


@dataclass(frozen=True)
class Card:
    """One card. `made`, `expires` and `ended` are days; it works through the day on which it expires."""

    digest: str
    made: date
    pieces: tuple[Piece, ...]
    sentence: str = ""
    label: str = ""
    expires: date | None = None
    ended: date | None = None

    @property
    def name(self) -> str:
        """Short name that its maker calls it by; says nothing about the key."""
        return self.label or self.digest[:SHOWN_LETTERS]

    def is_over(self, today: date) -> bool:
        """Tell whether it was ended, or has expired."""
        return self.ended is not None or (self.expires is not None and today > self.expires)

    def piece(self, exercise_id: str) -> Piece | None:
        """Its piece with this exercise."""
        return next((piece for piece in self.pieces if piece.exercise == exercise_id), None)


class CardStore:
    """The cards of one data folder. What cannot be written raises NotKept."""

    def __init__(self, folder: Path):
        self._records = Records(folder, "a card")

    def make(
        self,
        pieces: Iterable[Piece],
        random: RandomBytes,
        today: date,
        sentence: str = "",
        label: str = "",
        expires: date | None = None,
    ) -> tuple[str, Card]:
        """A new card: its key, which is known to nobody after this, and what is kept."""
        key = make_token(random)
        without_notes = tuple(replace(piece, watch="", act="") for piece in pieces)
        card = Card(
            token_digest(key),
            today,
            without_notes,
            clean_note(sentence, MOST_NOTE),
            clean_label(label),
            expires,
        )
        self._write(card)
        return key, card

    def find(self, key: str, today: date) -> Card | None:
        """The card that a key opens, over or not."""
        return self.named(token_digest(key), today)

    def named(self, digest: str, today: date) -> Card | None:
        """The card of this digest. One that is over has nothing left but its days and its label."""
        plain = self._records.read(digest)
        if plain is None:
            return None
        try:
            card = _card(digest, plain)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._records.damaged(digest, error)
            return None
        if card.is_over(today) and (card.pieces or card.sentence):
            card = replace(card, pieces=(), sentence="")
            self._write(card)
        return card

    def all(self, today: date) -> list[Card]:
        """Every card, the newest first, those that are over last. What has expired loses its words by this."""
        found = [card for name in self._records.names() if (card := self.named(name, today))]
        found.sort(key=lambda card: (card.made, card.digest), reverse=True)
        return sorted(found, key=lambda card: card.is_over(today))

    def end(self, card: Card, today: date) -> Card:
        """End a card for good; one that has ended already stays as it is."""
        if card.ended:
            return card
        ended = replace(card, ended=today, pieces=(), sentence="")
        self._write(ended)
        return ended

    def forget(self, card: Card) -> None:
        """Take what is left of a card away; its key then opens what never was."""
        self._records.remove(card.digest)

    def _write(self, card: Card) -> None:
        self._records.write(card.digest, {
            "format": FORMAT, "made": card.made.isoformat(), "expires": _day(card.expires), "ended": _day(card.ended),
            "label": card.label, "sentence": card.sentence, "pieces": plain_pieces(card.pieces),
        })  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _card(digest: str, plain: dict[str, Any]) -> Card:
    def day(name: str) -> date | None:
        return date.fromisoformat(plain[name]) if plain[name] else None

    made = day("made")
    if made is None:
        raise ValueError
    sentence = clean_note(str(plain["sentence"]), MOST_NOTE)
    label = clean_label(str(plain["label"]))
    return Card(digest, made, pieces_in(plain["pieces"]), sentence, label, day("expires"), day("ended"))
