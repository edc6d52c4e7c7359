"""Random lives of rooms that go from one service to another on a real Redis.

`make bench ARGS=scale-sequences` plays many more.
"""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.moving_rooms import PRIVATE, Services
from tests.support.private_words import found
from tests.support.redis_server import RedisServer
from tests.support.room_driver import drive


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_every_promise_holds_however_often_a_room_changes_its_owner(redis: RedisServer, seed: int) -> None:
    redis.asks("FLUSHALL")
    drive(4, seed, 30, Services(redis).begin)


def test_nothing_private_of_many_lives_is_in_redis(own_redis: RedisServer) -> None:
    services = Services(own_redis)
    drive(60, 4, 30, services.begin)
    assert services.moves > 60
    assert b"stage" in own_redis.told
    assert found(own_redis.told, PRIVATE) == []
