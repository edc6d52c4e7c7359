"""Rooms in Redis, so that another machine than the one they were on can bring them back.

    still-here:room:<id>     a hash: `kept`, as in store.py; gone by itself after ROOM_KEPT_S without a write
    still-here:node:<id>     the service that writes, for LEASE_S at a time

Nothing here waits: what is to be kept is noted, and written within milliseconds by one greenlet, the newest of each
room alone. While Redis is away rooms go on, and what they became is written as soon as it is back; what a Redis has
lost it gets from the memory of the service. A service that is killed can have told its phones what was written by a
few milliseconds too late, and then a room comes back as it was before that.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gevent
from gevent.event import Event
from pydantic_core import to_json

from server.services.redis_link import PREFIX, RedisAway, RedisLink
from server.services.tokens import RandomBytes

from .store import ROOM_ID

if TYPE_CHECKING:
    from redis.client import Pipeline

log = logging.getLogger(__name__)

ROOM, NODE = f"{PREFIX}room:", f"{PREFIX}node:"
LEASE_S, RENEW_S = 3.0, 1.0
ROOM_KEPT_S = 3 * 3600
"""A room is over two hours after its last word; what is here longer belonged to a service that is gone."""
TRY_AGAIN_S = 0.5
CLOSING_S = 1.0
AT_ONCE = 200

RENEW = """
local before = redis.call('GET', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return before == ARGV[1] and 1 or 0
"""
"""Say that this service lives. Gives 0 where nothing was known of it: then its rooms may be unknown as well."""


class RedisRoomStore:
    """The rooms of one service in Redis. Raises SettingError where Redis does not answer at the start."""

    advice = (
        "Redis does not answer, so a restart would lose rooms. Start it again; exercises go on meanwhile."
    )

    def __init__(self, link: RedisLink, clock: Callable[[], float], random: RandomBytes):
        link.need()
        self._link, self._clock = link, clock
        self._node = random(8).hex()
        self._renew = link.script(RENEW)
        self._lines: dict[str, bytes] = {}
        self._due: dict[str, bytes | None] = {}
        """What Redis has not taken yet, by room; None for one that is over."""
        self._rung = Event()
        self._writing: Any = None
        self._told = False
        self.failures = 0

    def start(self) -> None:
        """Begin to write."""
        self._writing = gevent.spawn(self._run)

    def keep(self, room: str, plain: dict[str, Any]) -> None:
        """Keep a room; what was kept of it before counts no more."""
        self._lines[room] = self._due[room] = to_json(plain)
        self._rung.set()

    def forget(self, room: str) -> None:
        """A room is over."""
        self._lines.pop(room, None)
        self._due[room] = None
        self._rung.set()

    def tidy(self) -> None:
        """Nothing: what is over goes at once."""

    def kept(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every room that was kept; what cannot be read is left out."""
        found: dict[str, dict[str, Any]] = {}
        try:
            for key in self._link.ask(lambda client: list(client.scan_iter(f"{ROOM}*", AT_ONCE))):
                room = key.decode("utf-8", "replace").removeprefix(ROOM)
                plain = _plain(self._link.ask(lambda client, key=key: client.hget(key, "kept")))  # type: ignore[misc]
                if plain is not None and ROOM_ID.fullmatch(room):
                    found[room] = plain
        except RedisAway as error:
            self._tell(error)
        self._lines |= {room: to_json(plain) for room, plain in found.items()}
        yield from found.items()

    def check(self) -> None:
        """Raise OSError where Redis does not answer."""
        self._link.ask(lambda client: client.ping())

    def close(self) -> None:
        """Write what is due, if Redis takes it soon, and stop."""
        if self._writing is not None:
            self._writing.kill()
        with gevent.Timeout(CLOSING_S, False):
            self._write()

    def _run(self) -> None:
        while True:
            try:
                # what a Redis does not know any more it is told again, whole
                if not self._renew([NODE + self._node], [self._node, int(LEASE_S * 1000)]):
                    self._due = {**self._lines, **self._due}
                until = self._clock() + RENEW_S
            except RedisAway as error:
                self._tell(error)
                gevent.sleep(TRY_AGAIN_S)
                continue
            while (left := until - self._clock()) > 0 and self._write():
                self._rung.wait(left)
                self._rung.clear()
            if self._due:
                gevent.sleep(TRY_AGAIN_S)

    def _write(self) -> bool:
        """Write all that is due; False where Redis did not take it."""
        due, self._due = self._due, {}
        is_taken = False
        try:
            for first in range(0, len(due), AT_ONCE):
                some = list(due.items())[first : first + AT_ONCE]
                self._link.ask(lambda client, some=some: _put(client.pipeline(False), some))  # type: ignore[misc]
            is_taken, self._told = True, False
        except RedisAway as error:
            self._tell(error)
        finally:
            if not is_taken:
                self._due = {**due, **self._due}
        return is_taken

    def _tell(self, error: RedisAway) -> None:
        self.failures += 1
        if not self._told:
            log.warning("rooms cannot be kept in Redis just now (%s); exercises go on", error)
            self._told = True


def _put(pipeline: Pipeline, some: Sequence[tuple[str, bytes | None]]) -> None:
    for room, line in some:
        if line is None:
            pipeline.delete(ROOM + room)
        else:
            pipeline.hset(ROOM + room, "kept", line)
            pipeline.expire(ROOM + room, ROOM_KEPT_S)
    pipeline.execute()


def _plain(line: bytes | None) -> dict[str, Any] | None:
    try:
        plain = json.loads(line) if line else None
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        log.warning("what Redis has of a room could not be read and is left out")
        return None
    return plain
