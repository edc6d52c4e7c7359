"""The pieces of a plan as rooms and consoles have them."""

from __future__ import annotations

from typing import Any

from server.context import here
from server.i18n.locale import language_here
from server.rooms.core.prepared import Choice
from server.services.sound.choices import length_label

from .pieces import Shown, shown_pieces
from .plans import Plan


def shown_of(plan: Plan) -> list[Shown]:
    """The pieces of a plan in the language of the page."""
    return shown_pieces(plan.pieces, here().library, here().offers, language_here())


def choice_of(one: Shown) -> Choice:
    """A piece as a room prepares it."""
    return Choice(one.exercise.id, one.choices.length, one.choices.voice, one.choices.words)


def next_pieces(plan_id: str) -> list[dict[str, Any]]:
    """The pieces of a room's plan for its console, each as the command that chooses it."""
    found = here().plans.find(plan_id) if plan_id else None
    if found is None:
        return []
    return [
        {
            "title": one.exercise.title, "words": length_label(one.choices.length),
            "watch": one.piece.watch, "act": one.piece.act,
            "choose": {
                "type": "choose", "exercise": one.exercise.id, "length": one.choices.length,
                "voice": one.choices.voice, "words": one.choices.words,
            },
        }
        for one in shown_of(found)
    ]  # fmt: skip
