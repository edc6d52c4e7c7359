"""Services as Redis sees them: each a store of rooms under a name of its own, driven by hand in one process."""

from __future__ import annotations

import json
import os
from typing import Any

from server.rooms.stores.redis_scripts import NODE, ROOM
from server.rooms.stores.redis_store import RedisRoomStore
from server.services.redis_link import RedisLink
from tests.support.redis_server import RedisServer


class Node:
    """One service: its store, and the rooms that left it."""

    def __init__(self, server: RedisServer, name: str):
        self.now = 0.0
        self.name, self.server = name, server
        self.left: list[tuple[str, bool]] = []
        self.store = RedisRoomStore(RedisLink(server.address), name, lambda: self.now, os.urandom)
        self.store._leaves = lambda room, is_wanted: self.left.append((room, is_wanted))
        self.store.renew()

    def keeps(self, room: str, plain: dict[str, Any]) -> None:
        self.store.keep(room, plain)
        assert self.store.write()

    def lets_go(self, room: str, plain: dict[str, Any]) -> None:
        self.store.let_go(room, plain)
        assert self.store.write()

    def has(self, room: str) -> bool:
        return room in self.store._owned

    def has_let_go(self, room: str) -> bytes:
        """Rooms that it let go and still answers for."""
        found = self.store._free.get(room)
        return found.write.line if found else b""

    def last_kept(self, room: str) -> Any:
        """The last that it kept of a room of its own."""
        return json.loads(self.store._owned[room].line)

    def is_told(self) -> None:
        """Its next second: it hears what became of its lease and rooms, and says what is due."""
        self.store.renew()
        assert self.store.write()

    def is_paused_past_its_lease(self) -> None:
        """As SIGSTOP: Redis forgets it, and it knows nothing of that."""
        self.server.asks("DEL", NODE + self.name)

    def is_started_again(self) -> Node:
        """The same service in a new process."""
        return Node(self.server, self.name)


def kept(server: RedisServer, room: str) -> Any:
    """Fields of a room in Redis; None where there is none."""
    line = server.hash_value(ROOM + room, "kept")
    return json.loads(line) if line else None
