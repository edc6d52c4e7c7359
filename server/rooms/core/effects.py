"""Effects that a room asks of its shell, in order: one frozen dataclass an effect.

Keep stands before every Send of the same step, so that nothing is told that a restart would forget.
"""

from __future__ import annotations

from dataclasses import dataclass

from .prepared import Choice
from .protocol.messages import Told
from .types import Seat


@dataclass(frozen=True)
class Send:
    """Put a message into the outbox of the seat's current connection; drop it if there is none."""

    seat: Seat
    message: Told


@dataclass(frozen=True)
class Wake:
    """Call `handle(Tick(), …)` at this time of the shared clock. Replaces the Wake before it."""

    at: float


@dataclass(frozen=True)
class Keep:
    """The snapshot has changed: store `room.to_snapshot()`."""


@dataclass(frozen=True)
class Forget:
    """The room is over: close its connections, drop it, its snapshot, its tokens and its codes."""


@dataclass(frozen=True)
class Prepare:
    """Plan the timelines and make a clip of every wording in them and of every guide line, all or nothing.

    Every wording is made, whatever people are like today, so that preparing gives no state away. Answer with
    Prepared, or with NotPrepared.
    """

    choice: Choice


@dataclass(frozen=True)
class MakeLine:
    """Make the clip of a typed line at once. Answer with LineMade or LineNotMade. Never log the text."""

    line: int
    text: str
    language: str


@dataclass(frozen=True)
class Seated:
    """A seat was given to the phone that asked: make a token for it, and keep the token's digest."""

    seat: Seat


@dataclass(frozen=True)
class Vacated:
    """A seat was given up: forget its token's digest and close its connection."""

    seat: Seat


Effect = Send | Wake | Keep | Forget | Prepare | MakeLine | Seated | Vacated
