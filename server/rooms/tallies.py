"""Counts of what rooms do: never which room, which seat, or what was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .core.effects import Effect, Send
from .core.protocol.messages import RefusedMessage
from .core.types import Seat

Result = Literal["done", "refused", "unreadable", "flood"]
"""Outcome of a command: carried out, not possible then, not understood, or one too many."""


@dataclass
class Tallies:
    """Counts since the start. Clock frames are no commands."""

    commands: Counter[Result] = field(default_factory=Counter)
    clock_frames: int = 0


class Census(NamedTuple):
    """Numbers at this moment: open rooms, and connected phones and consoles; and failed writes since the start."""

    rooms: int
    partners: int
    therapists: int
    failed_saves: int


def result_of(seat: Seat, todo: Iterable[Effect]) -> Result:
    """The result of a command of `seat`, by what the room does about it."""
    refused = any(
        isinstance(one, Send) and one.seat == seat and isinstance(one.message, RefusedMessage) for one in todo
    )
    return "refused" if refused else "done"
