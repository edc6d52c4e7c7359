"""Which connections are open, and which of them has to go where there are too many; pure.

A connection waits (nothing whole has come yet), is served, or is a room's. One that waits gives way: of the network
that has most of them, the one that has waited longest. What belongs to a room is never ended for others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["waits", "served", "room"]

MOST_OF_NETWORK = 512
"""Connections of one network that are not a room's: two dozen phones behind one address, each with twenty."""


@dataclass
class Crowd:
    """The open connections, by whatever tells them apart, in the order in which they began to be what they are.

    most  all of them together
    """

    most: int
    most_of_network: int = MOST_OF_NETWORK
    _known: dict[Hashable, tuple[str, Stage]] = field(default_factory=dict)
    _loose: Counter[str] = field(default_factory=Counter)
    """Connections of a network that are not a room's."""

    def __len__(self) -> int:
        return len(self._known)

    def enter(self, connection: Hashable, network: str) -> tuple[bool, Hashable | None]:
        """Let a connection in: whether it may stay, and which other has to go for that."""
        victim = None
        if network and self._loose[network] >= self.most_of_network:
            victim = self._waiting_of(network)
            if victim is None:
                return False, None
        elif len(self._known) >= self.most:
            victim = self._waiting_of(self._largest())
            if victim is None:
                return False, None
        if victim is not None:
            self.leave(victim)
        self._known[connection] = (network, "waits")
        self._loose[network] += 1
        return True, victim

    def becomes(self, connection: Hashable, stage: Stage) -> None:
        """Say what a connection is from now on."""
        known = self._known.pop(connection, None)
        if known is None:
            return
        network, before = known
        self._loose[network] += (before == "room") - (stage == "room")
        self._known[connection] = (network, stage)

    def leave(self, connection: Hashable) -> None:
        """Forget a connection."""
        known = self._known.pop(connection, None)
        if known is not None and known[1] != "room":
            self._loose[known[0]] -= 1
            if not self._loose[known[0]]:
                del self._loose[known[0]]

    def _waiting_of(self, network: str) -> Hashable | None:
        return next((c for c, (of, stage) in self._known.items() if of == network and stage == "waits"), None)

    def _largest(self) -> str:
        waiting = Counter(network for network, stage in self._known.values() if stage == "waits")
        return waiting.most_common(1)[0][0] if waiting else ""
