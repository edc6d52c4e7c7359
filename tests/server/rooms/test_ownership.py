"""Each room has one owner: services in one process on a real Redis, taking rooms from each other."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.rooms.stores.redis_scripts import ROOM
from server.rooms.stores.redis_store import LET_GO_S, node_name
from server.rooms.stores.store import Elsewhere
from tests.support.redis_nodes import Node, kept
from tests.support.redis_server import RedisServer

A, B = "a" * 16, "b" * 16


@pytest.fixture
def two(any_redis: RedisServer) -> tuple[Node, Node]:
    return Node(any_redis, "1" * 16), Node(any_redis, "2" * 16)


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


def test_a_redis_that_lost_everything_hears_of_a_room_that_was_let_go_until_another_has_it(
    two: tuple[Node, Node],
) -> None:
    one, other = two
    one.keeps(A, {"n": 1})
    one.lets_go(A, {"n": 2})
    one.server.asks("FLUSHALL")
    one.is_told()
    assert kept(one.server, A) == {"n": 2}
    assert other.store.take(A) == {"n": 2}
    one.is_told()
    assert one.has_let_go(A) == b""
    one.server.asks("FLUSHALL")
    one.is_told()
    assert kept(one.server, A) is None
    other.is_told()
    assert kept(one.server, A) == {"n": 2}
    assert one.left == other.left == []


def test_a_room_that_nobody_came_back_to_is_not_told_of_for_ever(two: tuple[Node, Node]) -> None:
    one, _ = two
    one.keeps(A, {"n": 1})
    one.lets_go(A, {"n": 2})
    one.now = LET_GO_S
    one.server.asks("FLUSHALL")
    one.is_told()
    assert kept(one.server, A) is None


def test_a_service_finds_its_own_rooms_after_a_restart_and_leaves_those_of_others(
    two: tuple[Node, Node],
) -> None:
    one, other = two
    one.keeps(A, {"n": 1})
    other.keeps(B, {"n": 1})
    again = one.is_started_again()
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
    is_over = False
    for number, (what, who) in enumerate([("keep", 0), ("write", 0), *steps]):
        node = nodes[who]
        match what:
            case "keep" | "let_go" | "forget" if node.has(A) or number == 0:
                plain = {"n": number}
                node.store.forget(A) if what == "forget" else getattr(node.store, what)(A, plain)
                is_over |= what == "forget"
            case "take" if not node.has(A):
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
        node.is_told()
    owners = [node for node in nodes if node.has(A)]
    assert len(owners) <= 1
    if owners:
        assert kept(redis, A) == owners[0].last_kept(A)
    elif not is_over:
        # whoever let it go last answers for it
        assert kept(redis, A) in [json.loads(node.has_let_go(A) or b"null") for node in nodes]
        assert kept(redis, A)
