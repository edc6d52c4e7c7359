"""Rooms in Redis: what a service does when Redis goes, comes back, or has lost everything."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import gevent
import pytest

from server.config import SettingError
from server.rooms.stores.redis_scripts import ROOM
from server.rooms.stores.redis_store import RedisRoomStore
from server.services.redis_link import RedisLink
from tests.conftest import start_service, stop_service
from tests.server.conftest import PASSCODE
from tests.support.phone import conducted, couple, playing
from tests.support.redis_server import RedisServer, redis_or_skip

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
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = redis_or_skip(tmp_path / "redis")
    store = store_at(server)
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
    server.stop()
    assert len([r for r in caplog.records if "cannot be kept in Redis" in r.message]) == 1


def test_an_address_that_is_none_or_where_nobody_answers_is_one_sentence() -> None:
    with pytest.raises(SettingError, match="takes an address such as"):
        RedisLink("localhost")
    with pytest.raises(SettingError, match="does not answer") as told:
        RedisLink("redis://:geheim@127.0.0.1:1/0").need()
    assert "geheim" not in str(told.value)


def test_a_service_brings_its_rooms_back_from_redis_onto_another_disk(
    redis: RedisServer, tmp_path: Path
) -> None:
    service = start_service(tmp_path / "one", "--proxies", "1", STILL_HERE_REDIS=redis.address)
    circle, square = couple(service)
    before, _ = playing(circle, square)
    plan = circle.sees("plan")["plan"]
    assert not (tmp_path / "one" / "rooms" / "journal").exists()
    service.process.kill()
    service.process.wait()
    assert service.process.stdout
    service.process.stdout.close()
    service = start_service(tmp_path / "two", "--proxies", "1", STILL_HERE_REDIS=redis.address)
    circle.service = service
    circle.host = service.url.removeprefix("http://")
    until = time.monotonic() + 30
    while circle.ask("GET", f"/rooms/{circle.room}/", Accept="text/html").status == 503:
        assert time.monotonic() < until
        time.sleep(0.1)
    circle.connects(plan=plan)
    assert circle.sees("room")["phase"] == "playing"
    assert abs(circle.sees("course")["vectors"][0]["at"] - before["vectors"][0]["at"]) < 0.1
    stop_service(service)


def test_no_state_answer_typed_word_code_or_token_ever_reaches_redis(tmp_path: Path) -> None:
    server = redis_or_skip(tmp_path / "redis")
    service = start_service(
        tmp_path / "data", "--proxies", "1", STILL_HERE_REDIS=server.address, STILL_HERE_PASSCODE=PASSCODE
    )
    guide, circle, square = conducted(service, PASSCODE)
    for phone, nearest in ((circle, "guarded"), (square, "heavy")):
        phone.sees("plan")
        assert phone.says("nearest", nearest=nearest, let_see=True)["type"] == "done"
        phone.hears("plan")
    for phone in (circle, square):
        phone.gets_ready()
    guide.sees("console", phase="ready")
    guide.says("start")
    playing(circle, square)
    assert guide.says("say", text="zebras whistle at midnight")["type"] == "done"
    circle.hears("line")
    stop_service(service)
    server.stop()
    told = server.told.lower()
    assert circle.room.encode() in told
    for phone in (guide, circle, square):
        codes = [code.replace("-", "") for code in phone.codes]
        for value in (*phone.cookies.values(), *phone.codes, *codes):
            assert value.lower().encode() not in told
    for word in (b"zebra", b"whistle", b"guarded", b"heavy", PASSCODE.encode()):
        assert word not in told
