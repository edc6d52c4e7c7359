"""Rooms in Redis: what a service does when Redis goes, comes back, or has lost everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import gevent
import pytest

from server.config import SettingError
from server.rooms.stores.redis_scripts import ROOM
from server.rooms.stores.redis_store import RedisRoomStore
from server.rooms.stores.store import Elsewhere
from server.services.redis_link import RedisLink
from tests.conftest import ROOT, kill_service, running_service
from tests.server.conftest import PASSCODE
from tests.support.phone import couple, playing
from tests.support.redis_server import RedisServer

A, B = "a" * 16, "b" * 16
KEPT_S = 10.0
"""A test waits so long at most for what comes within milliseconds."""


def store_at(server: RedisServer) -> RedisRoomStore:
    return RedisRoomStore(RedisLink(server.address), "1" * 16, time.monotonic, os.urandom)


def nowhere(room: str, is_wanted: bool) -> None:
    raise AssertionError("no room leaves here")


def comes(what: Callable[[], object]) -> bool:
    """Let the store's greenlet run until this holds."""
    until = time.monotonic() + KEPT_S
    while not what() and time.monotonic() < until:
        gevent.sleep(0.01)
    return bool(what())


def has(server: RedisServer, room: str) -> bool:
    return server.asks("HEXISTS", ROOM + room, "kept") == b":1"


def test_what_is_kept_is_there_at_once_and_goes_by_itself_in_the_end(redis: RedisServer) -> None:
    store = store_at(redis)
    store.start(nowhere)
    store.keep(A, {"room": 1})
    assert comes(lambda: has(redis, A))
    assert 10_000 < int(redis.asks("TTL", ROOM + A)[1:]) <= 3 * 3600
    store.forget(A)
    assert comes(lambda: not has(redis, A))
    store.close()


def test_a_room_that_was_waited_for_can_be_found_by_another_service(redis: RedisServer) -> None:
    store = store_at(redis)
    store.start(nowhere)
    store.keep(A, {"room": "new"})
    assert comes(lambda: has(redis, A))
    for n in range(200):
        store.keep(A, {"room": n})
        store.keep(B, {"room": n})
        store.be_kept(A)
        assert json.loads(redis.hash_value(ROOM + A, "kept")) == {"room": n}
    store.close()


def test_nobody_waits_long_for_a_redis_that_is_away(own_redis: RedisServer) -> None:
    store = store_at(own_redis)
    store.start(nowhere)
    store.keep(A, {"room": 1})
    assert comes(lambda: has(own_redis, A))
    own_redis.stop()
    store.keep(A, {"room": 2})
    began = time.monotonic()
    store.be_kept(A)
    assert time.monotonic() - began < KEPT_S
    store.close()


def test_a_redis_that_lost_everything_gets_it_from_memory(redis: RedisServer) -> None:
    store = store_at(redis)
    store.start(nowhere)
    store.keep(A, {"room": 1})
    store.keep(B, {"room": 1})
    store.forget(B)
    assert comes(lambda: has(redis, A))
    redis.asks("FLUSHALL")
    assert comes(lambda: has(redis, A))
    assert not has(redis, B)
    store.close()


def test_while_redis_is_away_the_newest_waits_and_is_written_when_it_is_back(
    own_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    server, store = own_redis, store_at(own_redis)
    store.start(nowhere)
    store.keep(A, {"room": 0})
    assert comes(lambda: has(server, A))
    server.stop()
    for n in range(1, 50):
        store.keep(A, {"room": n})
        store.keep(B, {"room": n})
    assert comes(lambda: store.failures > 1)
    with pytest.raises(OSError, match=r"."):
        store.check()
    store.forget(B)
    server.start()
    assert comes(lambda: b'"room":49' in server.told)
    assert not has(server, B)
    store.check()
    store.close()
    assert len([r for r in caplog.records if "cannot be kept in Redis" in r.message]) == 1


def test_an_address_that_is_none_or_where_nobody_answers_is_one_sentence() -> None:
    with pytest.raises(SettingError, match="takes an address such as"):
        RedisLink("localhost")
    with pytest.raises(SettingError, match="does not answer") as told:
        RedisLink("redis://:geheim@127.0.0.1:1/0").need()
    assert "geheim" not in str(told.value)


def test_a_room_that_was_let_go_outlives_a_redis_that_lost_everything(redis: RedisServer) -> None:
    store = store_at(redis)
    store.start(nowhere)
    store.keep(A, {"room": 1})
    store.let_go(A, {"room": 2})
    assert comes(lambda: has(redis, A))
    redis.asks("FLUSHALL")
    assert comes(lambda: has(redis, A))
    assert redis.hash_value(ROOM + A, "owner") == ""
    assert redis.hash_value(ROOM + A, "kept") == '{"room":2}'
    store.close()


def test_a_store_that_was_started_without_redis_has_its_rooms_as_soon_as_it_is_there(
    own_redis: RedisServer,
) -> None:
    before = store_at(own_redis)
    before.keep(A, {"room": 1})
    before.close()
    own_redis.stop()
    store = store_at(own_redis)
    assert dict(store.kept()) == {}
    store.start(nowhere)
    with pytest.raises(Elsewhere):
        store.take(A)
    own_redis.start()
    assert store.take(A) == {"room": 1}
    store.close()


def test_a_service_says_at_its_start_that_redis_is_not_there_and_starts_when_it_is(
    own_redis: RedisServer, tmp_path: Path
) -> None:
    options = ("--proxies", "1")
    settings = {"STILL_HERE_REDIS": own_redis.address, "STILL_HERE_PASSCODE": PASSCODE}
    with running_service(tmp_path / "data", *options, **settings) as service:
        circle, square = couple(service)
        playing(circle, square)
    own_redis.stop()
    secret = own_redis.address.replace("redis://", "redis://:geheim@")
    told = subprocess.run(
        [sys.executable, "-m", "server", "run", "--port", "0", "--data", str(tmp_path / "data"), *options],
        cwd=ROOT, env={**os.environ, **settings, "STILL_HERE_REDIS": secret},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert told.returncode != 0
    said = (told.stdout + told.stderr).strip()
    assert "The Redis of STILL_HERE_REDIS does not answer. Start it" in said
    assert len(said.splitlines()) == 1
    assert "geheim" not in said
    assert "Traceback" not in said
    own_redis.start()
    with running_service(tmp_path / "data", *options, **settings) as service:
        circle.moves_to(service)
        until = time.monotonic() + 30
        while (
            circle.ask("GET", "/readyz").status != 200
            or circle.ask("GET", f"/rooms/{circle.room}/").status == 503
        ):
            assert time.monotonic() < until
            time.sleep(0.1)
        assert circle.connects().sees("room")["phase"] == "playing"


def test_a_service_whose_redis_was_away_is_whole_when_it_is_back(
    own_redis: RedisServer, tmp_path: Path
) -> None:
    settings = {"STILL_HERE_REDIS": own_redis.address, "STILL_HERE_PASSCODE": PASSCODE}
    with running_service(tmp_path / "data", "--proxies", "1", **settings) as service:
        own_redis.stop()
        circle, square = couple(service)
        playing(circle, square)
        assert comes(lambda: circle.ask("GET", "/readyz").status == 503)
        own_redis.start()
        assert comes(lambda: circle.ask("GET", "/readyz").status == 200 and has(own_redis, circle.room))


def test_a_service_brings_its_rooms_back_from_redis_onto_another_disk(
    redis: RedisServer, tmp_path: Path
) -> None:
    with running_service(tmp_path / "one", "--proxies", "1", STILL_HERE_REDIS=redis.address) as service:
        circle, square = couple(service)
        before, _ = playing(circle, square)
        plan = circle.sees("plan")["plan"]
        assert not (tmp_path / "one" / "rooms" / "journal").exists()
        kill_service(service)
    with running_service(tmp_path / "two", "--proxies", "1", STILL_HERE_REDIS=redis.address) as service:
        circle.moves_to(service)
        until = time.monotonic() + 30
        while circle.ask("GET", f"/rooms/{circle.room}/", Accept="text/html").status == 503:
            assert time.monotonic() < until
            time.sleep(0.1)
        circle.connects(plan=plan)
        assert circle.sees("room")["phase"] == "playing"
        assert abs(circle.sees("course")["vectors"][0]["at"] - before["vectors"][0]["at"]) < 0.1
