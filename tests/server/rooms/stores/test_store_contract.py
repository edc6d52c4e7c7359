"""The contract of a store of rooms, held by the journal, a real Redis and a real Valkey alike."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.rooms.stores.journal import Journal
from server.rooms.stores.redis_scripts import ROOM
from server.rooms.stores.redis_store import RedisRoomStore
from server.rooms.stores.store import RoomStore
from server.services.redis_link import RedisLink
from tests.support.redis_server import RedisServer

A, B, C = "a" * 16, "b" * 16, "c" * 16
NODE = "1" * 16
Opens = Callable[[], RoomStore]


@pytest.fixture(params=["journal", "redis", "valkey"])
def server(request: pytest.FixtureRequest) -> RedisServer | None:
    """The server that keeps; None for the journal."""
    if request.param == "journal":
        return None
    found: RedisServer = request.getfixturevalue(f"running_{request.param}")
    found.asks("FLUSHALL")
    return found


@pytest.fixture
def opens(server: RedisServer | None, tmp_path: Path) -> Opens:
    """Opens a store; one that was closed before is found again."""
    if server is None:
        return lambda: Journal(tmp_path)
    return lambda: RedisRoomStore(RedisLink(server.address), NODE, time.monotonic, os.urandom)


def kept_after(store: RoomStore, opens: Opens) -> dict[str, dict[str, Any]]:
    """Close a store, and read what the next one finds."""
    store.close()
    again = opens()
    found = dict(again.kept())
    again.close()
    return found


def test_of_each_room_the_last_counts(opens: Opens) -> None:
    store = opens()
    for n in range(3):
        store.keep(A, {"room": n})
    store.keep(B, {"room": "ñ \u2028"})
    assert kept_after(store, opens) == {A: {"room": 2}, B: {"room": "ñ \u2028"}}


def test_a_room_that_is_over_does_not_come_back(opens: Opens) -> None:
    store = opens()
    store.keep(A, {"room": 1})
    store.keep(B, {"room": 1})
    store.forget(A)
    store.forget(C)
    assert kept_after(store, opens) == {B: {"room": 1}}


def test_what_the_one_before_kept_can_be_over(opens: Opens) -> None:
    store = opens()
    store.keep(A, {"room": 1})
    store.close()
    store = opens()
    assert dict(store.kept()) == {A: {"room": 1}}
    store.forget(A)
    assert kept_after(store, opens) == {}


def test_a_room_kept_after_it_was_over_counts(opens: Opens) -> None:
    store = opens()
    store.keep(A, {"room": 1})
    store.forget(A)
    store.keep(A, {"room": 2})
    assert kept_after(store, opens) == {A: {"room": 2}}


def test_thousands_of_rooms_come_back(opens: Opens) -> None:
    store = opens()
    rooms = {f"{n:016x}": {"room": n} for n in range(2_000)}
    for room, plain in rooms.items():
        store.keep(room, plain)
    assert kept_after(store, opens) == rooms


def test_a_store_that_works_has_nothing_to_say(opens: Opens) -> None:
    store = opens()
    store.check()
    store.tidy()
    assert store.failures == 0
    assert kept_after(store, opens) == {}


@pytest.mark.parametrize("rubbish", ["", "{", "[]", "7", "[" * 5000, "\xff"])
def test_what_cannot_be_read_costs_that_room_alone(
    opens: Opens, server: RedisServer | None, rubbish: str, tmp_path: Path
) -> None:
    store = opens()
    store.keep(A, {"room": 1})
    store.close()
    if server is None:
        with (tmp_path / "journal").open("a") as file:
            file.write(f'["{B}", {rubbish}\n')
    else:
        server.asks("HSET", ROOM + B, "owner", NODE, "kept", rubbish)
        server.asks("HSET", ROOM + "../../etc/passwd", "owner", NODE, "kept", "{}")
    assert kept_after(opens(), opens) == {A: {"room": 1}}
