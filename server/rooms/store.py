"""The port that keeps rooms for a restart: the snapshot of each with the digests of its tokens.

A room is kept as {"room": snapshot, "seats": {seat: digest}, "mono", "wall", "epoch", "owner", "label", "plan"}
(`persistence`), in a journal on the disk (`journal`) or in Redis (`redis_store`). Never a token, a code, a name, a
state, or a word that somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

ROOM_ID = re.compile(r"[a-z0-9]{16}")


class RoomStore(Protocol):
    """Keeps the rooms of a service. No method but `start`, `kept`, `check` and `close` waits.

    failures  writes since the start that were not taken
    advice    one sentence for whoever runs the service, where `check` fails
    """

    failures: int
    advice: str

    def start(self) -> None:
        """Begin to keep, in the process that serves."""

    def keep(self, room: str, plain: dict[str, Any]) -> None:
        """Keep a room; what was kept of it before counts no more."""

    def forget(self, room: str) -> None:
        """A room is over: nothing of it stays longer than a minute."""

    def tidy(self) -> None:
        """Take away what counts no more."""

    def kept(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every room that was kept; what cannot be read is left out."""

    def check(self) -> None:
        """Raise OSError where rooms could not be kept now."""

    def close(self) -> None:
        """Keep what has to be kept still, and let go."""
