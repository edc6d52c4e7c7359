"""A room as a line of the journal, and back: snapshot, digests of the tokens, and what the clocks showed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.rooms.core.effects import Effect
from server.rooms.core.errors import BadSnapshot
from server.rooms.core.prepared import Choice, Score
from server.rooms.core.room import Room
from server.rooms.core.snapshot import choice_of
from server.rooms.core.types import SEATS, Seat

from .clock import shift_between
from .prepare import Preparer


@dataclass(frozen=True)
class Clocks:
    """What the shared clock and the wall clock show, and which clock the shared one is."""

    mono: float
    wall: float
    epoch: str


def to_file(room: Room, digests: dict[Seat, str], clocks: Clocks) -> dict[str, Any]:
    """What is kept of a room."""
    return {"room": room.to_snapshot(), "seats": digests, **vars(clocks)}


def choice_in(plain: dict[str, Any]) -> Choice | None:
    """What a kept room had chosen; raises BadSnapshot."""
    if not isinstance(plain.get("room"), dict):
        raise BadSnapshot
    return choice_of(plain["room"])


def from_file(
    plain: dict[str, Any], preparer: Preparer, score: Score | None, clocks: Clocks
) -> tuple[Room, dict[Seat, str], tuple[Effect, ...]]:
    """The room, its digests, and what is to be done; raises BadSnapshot."""
    try:
        same = plain["epoch"] == clocks.epoch
        shift = shift_between(plain["mono"], plain["wall"], clocks.mono, clocks.wall, same)
        digests: dict[Seat, str] = {
            seat: str(plain["seats"][seat]) for seat in SEATS if seat in plain["seats"]
        }
        room, todo = Room.from_snapshot(plain["room"], preparer.catalogue, score, clocks.mono, shift)
    except (KeyError, TypeError, ValueError):
        raise BadSnapshot from None
    return room, digests, todo
