"""Each room has one owner: services in one process on a real Redis, taking rooms from each other."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.rooms.stores.redis_scripts import NODE, ROOM
from server.rooms.stores.redis_store import RedisRoomStore, node_name
from server.rooms.stores.store import Elsewhere
from server.services.redis_link import RedisLink
from tests.support.redis_server import RedisServer

A, B = "a" * 16, "b" * 16


class Node:
    """One service: its store, driven by hand, and the rooms that left it."""

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

    def is_paused_past_its_lease(self) -> None:
        """As SIGSTOP: Redis forgets it, and it knows nothing of that."""
        self.server.asks("DEL", NODE + self.name)


@pytest.fixture
def two(redis: RedisServer) -> tuple[Node, Node]:
    return Node(redis, "1" * 16), Node(redis, "2" * 16)


def kept(server: RedisServer, room: str) -> Any:
    line = RedisLink(server.address).client.hget(ROOM + room, "kept")
    return json.loads(line) if line else None  # type: ignore[arg-type]


def test_a_room_of_a_living_owner_stays_there_until_it_is_passed_on(two: tuple[Node, Node]) -> None:
    one, other = two
    one.keeps(A, {"n": 1})
    with pytest.raises(Elsewhere):
        other.store.take(A)
    one.store.renew()
    assert one.left == []  # it has only just come
    one.now = 5.0
    with pytest.raises(Elsewhere):
        other.store.take(A)
    one.store.renew()
    assert one.left == [(A, True)]
    one.store.let_go(A, {"n": 2})
    assert one.store.write()
    assert other.store.take(A) == {"n": 2}


def test_the_room_of_an_owner_that_is_gone_is_taken_and_no_write_of_that_one_counts(
    two: tuple[Node, Node],
) -> None:
    one, other = two
    one.keeps(A, {"n": 1})
    one.keeps(B, {"n": 1})
    one.is_paused_past_its_lease()
    assert other.store.take(A) == {"n": 1}
    other.keeps(A, {"n": 2})
    one.keeps(A, {"n": 3})
    one.store.forget(A)
    assert one.store.write()
    assert one.left == [(A, False)]
    assert kept(one.server, A) == {"n": 2}
    one.keeps(B, {"n": 4})  # nobody took that one
    assert kept(one.server, B) == {"n": 4}


def test_an_owner_that_stood_still_hears_at_its_next_renewal_which_rooms_it_has_lost(
    two: tuple[Node, Node],
) -> None:
    one, other = two
    one.keeps(A, {"n": 1})
    one.keeps(B, {"n": 1})
    one.is_paused_past_its_lease()
    other.store.take(A)
    one.store.renew()
    one.store.write()
    assert one.left == [(A, False)]


def test_a_room_that_is_over_is_not_brought_back_by_an_old_owner(two: tuple[Node, Node]) -> None:
    one, other = two
    one.keeps(A, {"n": 1})
    one.is_paused_past_its_lease()
    other.store.take(A)
    other.store.forget(A)
    assert other.store.write()
    one.keeps(A, {"n": 2})
    assert one.left == [(A, False)]
    assert kept(one.server, A) is None
    assert one.store.take(A) is None
    assert 0 < int(one.server.asks("TTL", ROOM + A)[1:]) <= 600


def test_a_redis_that_lost_everything_hears_it_from_the_owner_and_not_from_the_one_before(
    two: tuple[Node, Node],
) -> None:
    one, other = two
    one.keeps(A, {"n": 1})
    one.is_paused_past_its_lease()
    other.store.take(A)
    other.keeps(A, {"n": 2})
    one.server.asks("FLUSHALL")
    for node in (one, other):
        node.store.renew()
        node.store.write()
    assert kept(one.server, A) == {"n": 2}
    one.keeps(A, {"n": 3})
    assert one.left == [(A, False)]
    assert kept(one.server, A) == {"n": 2}


def test_a_service_finds_its_own_rooms_after_a_restart_and_leaves_those_of_others(
    two: tuple[Node, Node],
) -> None:
    one, other = two
    one.keeps(A, {"n": 1})
    other.keeps(B, {"n": 1})
    again = Node(one.server, one.name)
    assert dict(again.store.kept()) == {A: {"n": 1}}
    one.keeps(A, {"n": 9})  # a process of before that is not quite gone
    assert kept(one.server, A) == {"n": 1}


def test_one_that_ends_in_order_is_followed_at_once(two: tuple[Node, Node]) -> None:
    one, other = two
    one.store.keep(A, {"n": 1})
    one.store.close()
    assert other.store.take(A) == {"n": 1}


def test_a_service_keeps_its_id_in_its_data_folder(tmp_path: Any) -> None:
    name = node_name(tmp_path, os.urandom)
    assert node_name(tmp_path, os.urandom) == name
    (tmp_path / "node").write_text("../x")
    assert node_name(tmp_path, os.urandom) != name


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["keep", "forget", "take", "write", "pause", "renew", "let_go", "flush"]),
        st.sampled_from([0, 1, 2]),
    ),
    max_size=40,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_happens_redis_has_what_the_newest_owner_kept(
    redis: RedisServer, steps: list[tuple[str, int]]
) -> None:
    redis.asks("FLUSHALL")
    nodes = [Node(redis, str(n) * 16) for n in range(3)]
    for number, (what, who) in enumerate([("keep", 0), ("write", 0), *steps]):
        node = nodes[who]
        owned = node.store._owned.get(A)
        match what:
            case "keep" | "let_go" | "forget" if owned or number == 0:
                plain = {"n": number}
                node.store.forget(A) if what == "forget" else getattr(node.store, what)(A, plain)
            case "take" if not owned:
                with contextlib.suppress(Elsewhere):
                    node.store.take(A)
            case "write":
                node.store.write()
            case "pause":
                node.is_paused_past_its_lease()
            case "renew":
                node.store.renew()
            case "flush":
                redis.asks("FLUSHALL")
    for node in [*nodes, *nodes]:
        node.store.renew()
        node.store.write()
    owners = [node for node in nodes if A in node.store._owned]
    assert len(owners) <= 1
    if owners:
        assert kept(redis, A) == json.loads(owners[0].store._owned[A].line)
