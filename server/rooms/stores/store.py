"""The port that keeps rooms for a restart: the snapshot of each with the digests of its tokens.

A room is kept as {"room": snapshot, "seats": {seat: digest}, "mono", "wall", "epoch", "owner", "label", "plan"}
(`persistence`), in a journal on the disk (`journal`) or in Redis (`redis_store`). Never a token, a code, a name, a
state, or a word that somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

ROOM_ID = re.compile(r"[a-z0-9]{16}")


class Listed(NamedTuple):
    """A room that a therapist opened: its id, its label, and the id of what is chosen in it; either may be empty."""

    room: str
    label: str
    exercise: str


class Elsewhere(Exception):
    """A room is another service's, or nobody can say now whose it is; ask again in a moment.

    `plain` is what that one kept of it, as far as it is known.
    """

    def __init__(self, plain: dict[str, Any] | None = None):
        self.plain = plain


class RoomStore(Protocol):
    """Keeps the rooms of a service. What happens in a room never waits for it: `keep`, `forget` and `let_go` return
    at once.

    failures  writes since the start that were not taken
    advice    one sentence for whoever runs the service, where `check` fails
    """

    failures: int
    advice: str

    def start(self, leaves: Callable[[str, bool], None]) -> None:
        """Begin to keep, in the process that serves.

        `leaves` is called with a room that is not this service's any more: True where another is asked for it and
        it may be passed on, False where another has it.
        """

    def keep(self, room: str, plain: dict[str, Any]) -> None:
        """Keep a room; what was kept of it before counts no more."""

    def let_go(self, room: str, plain: dict[str, Any]) -> None:
        """Keep a room for whoever is asked for it next."""

    def forget(self, room: str) -> None:
        """A room is over: nothing of it stays longer than a minute."""

    def tidy(self) -> None:
        """Take away what counts no more."""

    def kept(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every room that this service had before; what cannot be read is left out."""

    def take(self, room: str) -> dict[str, Any] | None:
        """A room that another service had, from now on this one's; None where there is none. Raises Elsewhere."""

    def others(self) -> list[Listed]:
        """The rooms that therapists opened and that other services may have."""

    def be_sure(self) -> None:
        """Wait until it is known that the rooms here are still this service's."""

    def be_kept(self, room: str) -> None:
        """Wait until what was kept of a room can be found by whoever is asked for it, unless that takes long."""

    def check(self) -> None:
        """Raise OSError where rooms could not be kept now."""

    def close(self) -> None:
        """Keep what has to be kept still, and let go."""
