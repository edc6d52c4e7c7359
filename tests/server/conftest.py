"""A service for rooms: it believes a proxy, so that each test can come from an address of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Service, start_service, stop_service
from tests.support.redis_server import RedisServer, redis_or_skip

PASSCODE = "quiet lamp by the door"


@pytest.fixture(scope="session")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all tests that open rooms of their own."""
    folder = tmp_path_factory.mktemp("rooms")
    running = start_service(
        folder / "data", "--proxies", "1", errors=folder / "errors", STILL_HERE_PASSCODE=PASSCODE
    )
    yield running
    stop_service(running)
    assert "Traceback" not in (folder / "errors").read_text()


@pytest.fixture(scope="session")
def running_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One Redis for all tests that want one to themselves for a moment."""
    server = redis_or_skip(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def redis(running_redis: RedisServer) -> RedisServer:
    """That one, with nothing in it."""
    running_redis.asks("FLUSHALL")
    return running_redis
