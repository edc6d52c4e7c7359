"""A room as a line of the journal, and back: snapshot, digests of the tokens, and what the clocks showed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.rooms.core.effects import Effect
from server.rooms.core.prepared import Choice, Score
from server.rooms.core.protocol.errors import BadSnapshot
from server.rooms.core.room import Room
from server.rooms.core.snapshot import choice_of
from server.rooms.core.types import SEATS, Seat

from .prepare import Preparer
from .socket.clock import shift_between


@dataclass(frozen=True)
class Clocks:
    """The times of the shared clock and the wall clock, and which clock the shared one is."""

    mono: float
    wall: float
    epoch: str


BACKWARDS_S = 60.0
"""A wall clock that shows so much less than before was wrong, then or now."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


OUTSIDE = {
    "owner": re.compile(r"[0-9a-f]{64}"), "plan": re.compile(r"[0-9a-f]{16}"), "label": re.compile(r"[^\n]{1,40}"),
}  # fmt: skip
"""Texts that the shell holds for a room beside its state, each with its shape; see `hub.Live`."""


def to_file(
    room: Room, digests: dict[Seat, str], clocks: Clocks, outside: Mapping[str, Any] = {}
) -> dict[str, Any]:
    """The stored values of a room, with those of `outside` that are kept."""
    plain = {"room": room.to_snapshot(), "seats": digests, **vars(clocks)}
    return {**plain, **{name: outside[name] for name in OUTSIDE if outside.get(name)}}


def outside_of(plain: dict[str, Any]) -> dict[str, str]:
    """Values that the shell held for a kept room, as far as they can be read."""
    found = {name: plain.get(name) for name in OUTSIDE}
    return {n: value for n, value in found.items() if isinstance(value, str) and OUTSIDE[n].fullmatch(value)}


def choice_in(plain: dict[str, Any]) -> Choice | None:
    """The choice of a kept room; raises BadSnapshot."""
    if not isinstance(plain.get("room"), dict):
        raise BadSnapshot
    return choice_of(plain["room"])


def from_file(
    plain: dict[str, Any], preparer: Preparer, score: Score | None, clocks: Clocks
) -> tuple[Room, dict[Seat, str], tuple[Effect, ...]]:
    """The room, its digests, and what is to be done.

    Raises BadSnapshot for one that cannot be read, or that was kept by a clock that cannot have been right: nobody
    knows where it would be now, so it counts as idle and gone.
    """
    try:
        kept_mono, kept_wall = _time(plain["mono"]), _time(plain["wall"])
        same = plain["epoch"] == clocks.epoch
        if (clocks.mono < kept_mono) if same else (clocks.wall < kept_wall - BACKWARDS_S):
            raise BadSnapshot
        shift = shift_between(kept_mono, kept_wall, clocks.mono, max(clocks.wall, kept_wall), same)
        digests: dict[Seat, str] = {
            seat: _DIGEST.fullmatch(plain["seats"][seat])[0]  # type: ignore[index]
            for seat in SEATS
            if seat in plain["seats"]
        }
        room, todo = Room.from_snapshot(plain["room"], preparer.catalogue, score, clocks.mono, shift)
    except BadSnapshot:
        raise
    except Exception:
        # whatever a line of the journal holds, that room alone is out
        raise BadSnapshot from None
    return room, digests, todo


def _time(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadSnapshot
    return float(value)
