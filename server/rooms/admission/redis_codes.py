"""Codes that any service of several understands, in Redis, under digests that say nothing without the passcode.

    still-here:code:<digest>    the room and the seat, for as long as the code works
    still-here:codes:<room>     a hash: the digest of the code that was given out last for each seat

A code has 40 bits, so a digest of it alone could be searched. Its key is made of the passcode, slowly, which all
services of one Redis share and Redis does not have.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import cast

from server.rooms.core.types import PARTNERS, Seat
from server.services.redis_link import PREFIX, RedisAway, RedisLink

CODE, CODES = f"{PREFIX}code:", f"{PREFIX}codes:"
_SALT = b"still-here codes"

PUT = """
local before = redis.call('HGET', KEYS[2], ARGV[3])
if before then redis.call('DEL', ARGV[5] .. before) end
redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. ARGV[3], 'EX', ARGV[4])
redis.call('HSET', KEYS[2], ARGV[3], ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[4])
"""


class RedisCodes:
    """The codes of all services. Without Redis a code works only where it was made."""

    def __init__(self, link: RedisLink, passcode: bytes):
        self._link, self._put = link, link.script(PUT)
        self._key = hashlib.scrypt(passcode, salt=_SALT, n=2**14, r=8, p=1, dklen=32)

    def put(self, code: str, room: str, seat: Seat, life_s: float) -> None:
        """Make a code known; the one before of that seat works no more."""
        digest = self._digest(code)
        try:
            self._put([CODE + digest, CODES + room], [digest, room, seat, int(life_s), CODE])
        except RedisAway:
            return

    def find(self, code: str) -> tuple[str, Seat] | None:
        """The room and the seat of a code."""
        return self._read("GET", code)

    def take(self, code: str) -> tuple[str, Seat] | None:
        """The same, and the code works no more."""
        return self._read("GETDEL", code)

    def _read(self, command: str, code: str) -> tuple[str, Seat] | None:
        try:
            found = self._link.ask(lambda client: client.execute_command(command, CODE + self._digest(code)))
        except RedisAway:
            return None
        room, _, seat = (found or b"").decode("utf-8", "replace").partition(" ")
        return (room, cast(Seat, seat)) if seat in PARTNERS else None

    def _digest(self, code: str) -> str:
        return hmac.digest(self._key, code.encode(), "sha256").hex()
