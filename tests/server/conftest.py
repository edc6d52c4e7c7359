"""A service for rooms: it believes a proxy, so that each test can come from an address of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Service, start_service, stop_service
from tests.support.errors import NotInstalled
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
    with redis_or_skip(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session")
def running_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Valkey, where it is installed; Debian 12 has no package of it, so it is demanded nowhere."""
    try:
        server = RedisServer(tmp_path_factory.mktemp("valkey"), ["valkey-server"])
    except NotInstalled:
        pytest.skip(
            "valkey-server is not installed; Debian has it from 13 on, apt-get install valkey-server."
        )
    with server:
        yield server


@pytest.fixture(params=["redis", "valkey"])
def any_redis(request: pytest.FixtureRequest) -> RedisServer:
    """Redis and Valkey one after the other, with nothing in it."""
    server: RedisServer = request.getfixturevalue(f"running_{request.param}")
    server.asks("FLUSHALL")
    return server


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """One for a test that ends it, or reads all that it was told."""
    with redis_or_skip(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def redis(running_redis: RedisServer) -> RedisServer:
    """That one, with nothing in it."""
    running_redis.asks("FLUSHALL")
    return running_redis
