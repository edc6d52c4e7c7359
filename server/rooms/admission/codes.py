"""Codes that bring a phone into a room.

A code is eight letters of Crockford's base 32 (40 bits), shown as ABCD-EFGH. It works once, for one seat, for ten
minutes at most, and is forgotten after. It can be typed in any case, with spaces or dashes, with O for 0 and I
or L for 1. Random bytes are passed in.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from server.rooms.core.protocol.errors import BadCode
from server.rooms.core.types import Seat
from server.services.tokens import RandomBytes

from .redis_codes import RedisCodes

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 8
CODE_LIFE_S = 600.0
_READ = str.maketrans(
    {"O": "0", "I": "1", "L": "1", **dict.fromkeys("- \t\r\n\u00a0\u2010\u2011\u2013", None)}
)
_MAX_TYPED = 64


def make_code(random: RandomBytes) -> str:
    """Eight letters from five random bytes, every code as likely as any other."""
    number = int.from_bytes(random(CODE_LETTERS * 5 // 8), "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))


def show_code(code: str) -> str:
    """A code as people read it."""
    return f"{code[:4]}-{code[4:]}"


def read_code(typed: str) -> str:
    """The code that somebody typed or pasted; raises BadCode."""
    code = typed[:_MAX_TYPED].upper().translate(_READ)
    if len(typed) > _MAX_TYPED or len(code) != CODE_LETTERS or not set(code) <= set(ALPHABET):
        raise BadCode
    return code


@dataclass(frozen=True)
class Grant:
    """A code's use: one seat of one room, until a time."""

    room: str
    seat: Seat
    until: float


class Codes:
    """All codes that work at present. Kept in memory only: after a restart the owner asks for a new one.

    Codes are held as keyed digests, so that neither the table nor the time that a look-up takes shows one.
    With `shared` every service of several understands them.
    """

    def __init__(self, random: RandomBytes, shared: RedisCodes | None = None):
        self._random, self._shared = random, shared
        self._key = random(32)
        self._grants: dict[bytes, Grant] = {}

    def issue(self, room: str, seat: Seat, now: float, life_s: float = CODE_LIFE_S) -> str:
        """A new code for a seat. Codes of that seat that were given out before stop working."""
        self.forget_old(now)
        self._drop(lambda g: g.room == room and g.seat == seat)
        code = make_code(self._random)
        while self._digest(code) in self._grants:
            code = make_code(self._random)
        self._grants[self._digest(code)] = Grant(room, seat, now + min(life_s, CODE_LIFE_S))
        if self._shared:
            self._shared.put(code, room, seat, min(life_s, CODE_LIFE_S))
        return code

    def redeem(self, typed: str, now: float) -> Grant:
        """Use a code up. Raises BadCode, the same for one that is mistyped, used or too old."""
        code = read_code(typed)
        grant = self._grants.pop(self._digest(code), None)
        elsewhere = self._shared.take(code) if self._shared else None
        if grant is None and elsewhere:
            grant = Grant(*elsewhere, now + CODE_LIFE_S)
        if grant is None or now >= grant.until:
            raise BadCode
        return grant

    def room_of(self, typed: str, now: float) -> str | None:
        """The room that this would lead into, without using it up; None where it would be refused."""
        try:
            code = read_code(typed)
        except BadCode:
            return None
        grant = self._grants.get(self._digest(code))
        if grant is not None:
            return grant.room if now < grant.until else None
        elsewhere = self._shared.find(code) if self._shared else None
        return elsewhere[0] if elsewhere else None

    def close_room(self, room: str) -> None:
        """Forget the codes of a room."""
        self._drop(lambda g: g.room == room)

    def forget_old(self, now: float) -> None:
        """Forget what has run out."""
        self._drop(lambda g: now >= g.until)

    def __len__(self) -> int:
        return len(self._grants)

    def _digest(self, code: str) -> bytes:
        return hmac.digest(self._key, code.encode(), "sha256")

    def _drop(self, which: Callable[[Grant], bool]) -> None:
        self._grants = {digest: g for digest, g in self._grants.items() if not which(g)}
