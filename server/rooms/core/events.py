"""Events that can happen to a room: one frozen dataclass an event. The shell makes them, `Room.handle` takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from exercises.languages import BASE

from .prepared import ClipRef, Score
from .protocol.commands import Command
from .types import Partner, Seat


@dataclass(frozen=True)
class TakeSeat:
    """A phone with a valid code, or a therapist who signed in, wants a seat. Answered by the effect Seated."""

    role: Literal["partner", "therapist"]
    wish: Partner | None = None
    """The partner's seat that is preferred, if both are free."""


@dataclass(frozen=True)
class Joined:
    """A connection of this seat is open. `link` tells connections apart; a newer one replaces the older."""

    seat: Seat
    link: int
    language: str = BASE
    """In which that phone reads and listens."""


@dataclass(frozen=True)
class Left:
    """A connection is gone, for whatever reason."""

    seat: Seat
    link: int


@dataclass(frozen=True)
class FellSilent:
    """A connection has said nothing for a while, though phones say something every second."""

    seat: Seat
    link: int


@dataclass(frozen=True)
class SpokeAgain:
    """A connection that fell silent says something again."""

    seat: Seat
    link: int


@dataclass(frozen=True)
class GivenUp:
    """A seat is given up from outside of the room, since what it was taken by has ended."""

    seat: Seat


@dataclass(frozen=True)
class Said:
    """A command came in over the current connection of a seat, parsed by protocol.parse_command."""

    seat: Seat
    command: Command


@dataclass(frozen=True)
class Tick:
    """The time of the last Wake has come. A tick that is early, late, doubled or lost does no harm."""


@dataclass(frozen=True)
class Prepared:
    """Timelines and every clip of a Prepare are there."""

    score: Score


@dataclass(frozen=True)
class NotPrepared:
    """A Prepare did not work; nothing of it is used."""

    exercise_id: str
    reason: Literal["script", "voice", "choice"]


@dataclass(frozen=True)
class LineMade:
    """The clip of a MakeLine is there."""

    line: int
    clip: ClipRef


@dataclass(frozen=True)
class LineNotMade:
    """A MakeLine did not work."""

    line: int


Event = (
    TakeSeat | Joined | Left | FellSilent | SpokeAgain | GivenUp | Said | Tick
    | Prepared | NotPrepared | LineMade | LineNotMade
)  # fmt: skip
