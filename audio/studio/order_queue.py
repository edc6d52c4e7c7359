"""The order of service: a bounded queue, fair between networks, rooms first; pure.

Orders of a higher rank go first. Within a rank networks take turns, so whoever asks for a hundred things waits behind
everybody who asks for one. What would not fit is refused at once, rather than after a minute of waiting for nothing.

A sound whose lines were spoken before takes a tenth of the work of another one, so it goes before it: a crowd that asks
for what was never made does not keep a couple waiting that wants what everybody wants. The crowd is not starved by it.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_WAITING = 96
"""Orders of one rank that may wait. At half a second each that is about as long as anybody waits for a sound."""
MOST_OF_ONE = 12
"""Orders of one network and rank that may wait: a practice behind one address, and no more."""


FOR_ROOMS = 10
"""So many times as many rooms may wait: they are few, and limited where they are opened."""
OVERTAKEN = 8
"""A listener is overtaken by so many whose lines were spoken before, and by no more."""


class Rank(IntEnum):
    """The rank of an order; the lowest goes first."""

    ROOM = 0
    SPOKEN = 1
    LISTENER = 2
    FILE = 3
    PREVIEW = 4


@dataclass(frozen=True)
class Asking:
    """On whose behalf something is asked: how urgent that is, and from which network."""

    rank: Rank = Rank.LISTENER
    network: str = ""


class Full(Exception):
    """There is no room in the queue."""


@dataclass
class Waiting(Generic[T]):
    """The orders that wait, and the number of those being served.

    slots  orders that may be served at once; a lower rank has to leave one free for each above it, two at the most
    """

    slots: int
    most: int = MOST_WAITING
    most_of_one: int = MOST_OF_ONE
    _ranks: dict[Rank, OrderedDict[str, deque[T]]] = field(
        default_factory=lambda: {rank: OrderedDict() for rank in Rank}
    )
    _running: int = 0
    _overtaken: int = 0
    """Orders with spoken lines that were served since the last without, while one of those waited."""

    def push(self, asking: Asking, item: T) -> None:
        """Let something wait; raises Full. Without a network nothing is counted against one."""
        networks = self._ranks[asking.rank]
        if sum(map(len, networks.values())) >= self.most * (FOR_ROOMS if asking.rank is Rank.ROOM else 1):
            raise Full
        own = networks.get(asking.network, ())
        if asking.network and len(own) >= self.most_of_one:
            raise Full
        networks.setdefault(asking.network, deque()).append(item)

    def pop(self) -> T | None:
        """The next order, if there is room for it; `done` gives the place back."""
        rank = self._next_rank()
        if rank is None or self._running >= self._limit(rank):
            return None
        networks = self._ranks[rank]
        network, items = networks.popitem(last=False)
        item = items.popleft()
        if items:
            networks[network] = items  # behind all others
        self._running += 1
        if rank is Rank.LISTENER:
            self._overtaken = 0
        elif rank is Rank.SPOKEN and self._ranks[Rank.LISTENER]:
            self._overtaken += 1
        return item

    def _next_rank(self) -> Rank | None:
        """The highest rank of which something waits, with a turn for listeners that were overtaken often enough."""
        waiting = [rank for rank, networks in self._ranks.items() if networks]
        if waiting[:2] == [Rank.SPOKEN, Rank.LISTENER] and self._overtaken >= OVERTAKEN:
            return Rank.LISTENER
        return waiting[0] if waiting else None

    def done(self) -> None:
        """Something that was served is over."""
        self._running = max(0, self._running - 1)

    def drop(self, item: T) -> bool:
        """Take something out that nobody waits for any more; False if it is not waiting."""
        for networks in self._ranks.values():
            for network, items in networks.items():
                if item in items:
                    items.remove(item)
                    if not items:
                        del networks[network]
                    return True
        return False

    def clear(self) -> list[T]:
        """Everything that waits, which then waits no more; nothing is being served."""
        items = [item for networks in self._ranks.values() for each in networks.values() for item in each]
        for networks in self._ranks.values():
            networks.clear()
        self._running = 0
        return items

    @property
    def running(self) -> int:
        """Number of orders that are being served."""
        return self._running

    def counts(self) -> dict[str, int]:
        """Number of orders that wait, by the name of their rank."""
        return {rank.name.lower(): sum(map(len, networks.values())) for rank, networks in self._ranks.items()}

    def _limit(self, rank: Rank) -> int:
        return max(1, self.slots - min(rank, 2))

    def __len__(self) -> int:
        return sum(len(items) for networks in self._ranks.values() for items in networks.values())
