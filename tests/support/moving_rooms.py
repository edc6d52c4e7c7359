"""Random lives of rooms that change their owner all the time: three services, kept apart by a real Redis.

Everything that `room_driver` promises holds across each change. Besides: there is never more than one owner, who has
the room gets what the one before kept last, and nothing that an old owner says counts. Services in life write some
milliseconds late; here whatever was kept is written before an owner is killed, since a room that comes back as it was
before its last word would break promises by rights.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from server.rooms.core import effects
from server.rooms.stores.store import Elsewhere
from tests.support.redis_nodes import Node, kept
from tests.support.redis_server import RedisServer
from tests.support.room_driver import STATES, TYPED, Life
from tests.support.room_world import World

PRIVATE = (*STATES, *TYPED.split(), '"answer"', '"nearest"', '"let_see"', '"declined"')
"""Words of these lives, and names of what was answered in them, of which none may be found in Redis."""
MOVES, WRITES = 0.1, 0.3
"""Likelihoods of a change of owner and of a write, at each step."""
SERVICES = 3


class _KeptWorld(World):
    """A room whose service does with `Keep` and `Forget` as the hub does."""

    def __init__(self, life: MovingLife):
        self.life = life
        super().__init__("short")

    def _perform(self, out: tuple[effects.Effect, ...]) -> None:
        for effect in out:
            if isinstance(effect, effects.Keep):
                self.life.owner.store.keep(self.life.id, {"room": self.room.to_snapshot()})
            elif isinstance(effect, effects.Forget):
                self.life.owner.store.forget(self.life.id)
        super()._perform(out)


class Services:
    """The services of one Redis, and the number of changes that they have seen."""

    def __init__(self, server: RedisServer):
        self.server = server
        self.nodes = [Node(server, str(number) * 16) for number in range(SERVICES)]
        self.lives = self.moves = 0

    def begin(self, random: Random) -> Life:
        """A life on these."""
        self.lives += 1
        return MovingLife(random, self)


class MovingLife(Life):
    """One room's life with one service after the other."""

    def __init__(self, random: Random, services: Services):
        self.services = services
        self.id = f"{services.lives:016x}"
        self.at = random.randrange(SERVICES)
        super().__init__(random)

    def _world(self) -> World:
        return _KeptWorld(self)

    @property
    def owner(self) -> Node:
        """The service that has the room."""
        return self.services.nodes[self.at]

    def step(self) -> None:
        """As every life's; often enough the room goes to another service before."""
        if self.random.random() < WRITES:
            assert self.owner.store.write()
        if self.random.random() < MOVES and self.owner.has(self.id):
            self._restart()
        super().step()

    def _restart(self) -> None:
        super()._restart()
        if self.owner.has(self.id):
            self.owner.store.keep(self.id, {"room": self.world.room.to_snapshot()})

    def _carried(self, snapshot: dict[str, Any]) -> dict[str, Any]:
        """The snapshot as the next owner gets it."""
        if not self.owner.has(self.id):
            return super()._carried(snapshot)  # it is over
        self.services.moves += 1
        plain = {"room": snapshot}
        before = self.owner
        before.is_told()
        last = before.last_kept(self.id)
        if self.random.random() < 0.1:
            before.server.asks("FLUSHALL")
            for node in self.services.nodes:
                node.is_told()
        assert kept(before.server, self.id) == last
        taken = self._changes_owner(before, plain)
        after = self.owner
        assert [node for node in self.services.nodes if node.has(self.id)] == [after]
        assert after.left == []
        return taken["room"]

    def _changes_owner(self, before: Node, plain: dict[str, Any]) -> dict[str, Any]:
        last = before.last_kept(self.id)
        how = self.random.choice(("let go", "killed", "stood still", "started again"))
        if how == "started again":
            self.services.nodes[self.at] = before.is_started_again()
            return dict(self.owner.store.kept())[self.id]
        self.at = (self.at + self.random.randrange(1, SERVICES)) % SERVICES
        after = self.owner
        if how == "let go":
            self._is_refused(after)
            before.lets_go(self.id, plain)
            before.server.asks("FLUSHALL") if self.random.random() < 0.2 else None
            before.is_told()
            taken = self._taken_by(after)
            before.is_told()
            assert before.has_let_go(self.id) == b""
            assert taken == json.loads(json.dumps(plain))
            return taken
        if how == "killed":
            # nobody hears of it again; where it was is a service of the same name without this room
            before.is_paused_past_its_lease()
            taken = self._taken_by(after)
            self.services.nodes[self.services.nodes.index(before)] = before.is_started_again()
        else:
            before.is_paused_past_its_lease()
            taken = self._taken_by(after)
            before.store.keep(self.id, plain) if self.random.random() < 0.5 else before.store.forget(self.id)
            before.is_told()
            assert before.left in ([], [(self.id, False)])
            before.left.clear()
        assert taken == last
        return taken

    def _taken_by(self, node: Node) -> dict[str, Any]:
        taken = node.store.take(self.id)
        assert taken is not None
        return taken

    def _is_refused(self, other: Node) -> None:
        try:
            other.store.take(self.id)
        except Elsewhere:
            return
        raise AssertionError("a room was taken from an owner that lives")

    def end(self) -> None:
        """Check that rooms that are over are gone, and that others lie where their owner put them."""
        node = self.owner
        assert node.store.write()
        if not node.has(self.id):
            assert kept(node.server, self.id) is None
            return
        assert kept(node.server, self.id) == node.last_kept(self.id)
        node.store.forget(self.id)
        assert node.store.write()
