"""Admission: codes and how often they may be tried, rooms and how often they may be opened."""

from __future__ import annotations

from collections.abc import Callable

from server.rooms.core.protocol.errors import Crowded, RoomError, TooMany
from server.rooms.core.types import Seat
from server.services.tokens import RandomBytes, token_digest

from .codes import CODE_LIFE_S, Codes, Grant, read_code, show_code
from .networks import network_of as neighbours_of
from .rate_limits import OPENINGS, Buckets, Guesses, Rate, network_of
from .redis_codes import RedisCodes

WIDER = ((24, 48, Rate(burst=300, per_s=0.5)), (16, 32, Rate(burst=1500, per_s=2)))
"""Rooms opened from wider networks, by bits of IPv4 and IPv6: a thousand small ones are had for nothing."""
LOOPBACK = ("127.0.0.1", "::1")
INVITES = Rate(burst=12, per_s=1 / 6)


class NoRoomLeft(RoomError):
    """The service holds as many rooms as it can."""

    code, sentence = "full", "There are as many rooms open as fit here. Try again in a few minutes."


class Admission:
    """The codes of all rooms, and the limits at the way in."""

    def __init__(self, random: RandomBytes, shared: RedisCodes | None = None):
        self.guesses = Guesses()
        self._codes = Codes(random, shared)
        self._used: dict[str, tuple[str, float]] = {}
        self._openings, self._invites = Buckets(OPENINGS), Buckets(INVITES)
        self._wide = [(v4, v6, Buckets(rate)) for v4, v6, rate in WIDER]

    def may_open(self, address: str, now: float) -> None:
        """Allow one more room to be opened from an address, or raise TooMany."""
        own = self._openings.of(network_of(address), now)
        wider = [
            buckets.of(neighbours_of(address, v4, v6), now)
            for v4, v6, buckets in self._wide
            if neighbours_of(address, v4, v6) not in ("unknown", *LOOPBACK)
        ]
        wait_s = max(bucket.wait_s(now) for bucket in (own, *wider))
        if wait_s > 0:
            raise TooMany(wait_s)
        for bucket in (own, *wider):
            bucket.take(now)

    def invite(self, room: str, seat: Seat, now: float) -> str:
        """A fresh code for a free seat, as people read it; raises TooMany."""
        if not self._invites.take(room, now):
            raise TooMany(1 / INVITES.per_s)
        return show_code(self._codes.issue(room, seat, now))

    def redeem(
        self, typed: str, address: str, now: float, owner: str | None, is_full: Callable[[str], bool]
    ) -> Grant:
        """Use a code up. Raises TooMany or BadCode, or Crowded for one that filled its room."""
        self.guesses.check(address, now, owner, self.room_of(typed, now) is not None)
        code = read_code(typed)
        self._used = {digest: used for digest, used in self._used.items() if used[1] > now}
        used = self._used.get(token_digest(code))
        if used and is_full(used[0]):
            raise Crowded
        grant = self._codes.redeem(code, now)
        self._used[token_digest(code)] = (grant.room, now + CODE_LIFE_S)
        return grant

    def room_of(self, typed: str, now: float) -> str | None:
        """The room that a code leads into, without using it up."""
        return self._codes.room_of(typed, now)

    def close_room(self, room: str) -> None:
        """Forget the codes of a room."""
        self._codes.close_room(room)
