"""Which files of a cache have to go so that it fits its budget; pure.

What a room needs is never removed. What somebody used lately goes last, and of that the largest first: a few large
files that one visitor asked for push nobody else's out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

LEASE_S = 900.0
"""So long after its last use somebody may still be listening to a file."""


@dataclass(frozen=True)
class Kept:
    """A file of the cache: its name, its bytes, and when it was used last, in seconds."""

    name: str
    size: int
    used_at: float


def to_remove(
    files: Iterable[Kept], budget: int, now: float, pinned: Collection[str] = frozenset()
) -> list[str]:
    """The names of those that go, in order, until the rest fits `budget` bytes or only pinned ones are left.

    A time of use that lies ahead counts as now, since clocks are set back.
    """
    known = list(files)
    excess = sum(one.size for one in known) - budget
    loose = [one for one in known if one.name not in pinned]
    unused = sorted((one for one in loose if now - one.used_at > LEASE_S), key=lambda one: one.used_at)
    in_use = sorted((one for one in loose if now - one.used_at <= LEASE_S), key=lambda one: -one.size)
    gone = []
    for one in (*unused, *in_use):
        if excess <= 0:
            break
        gone.append(one.name)
        excess -= one.size
    return gone
