"""Codes that several services understand."""

from __future__ import annotations

import os

import pytest

from server.rooms.admission.codes import CODE_LIFE_S, Codes
from server.rooms.admission.redis_codes import RedisCodes
from server.rooms.core.protocol.errors import BadCode
from server.services.redis_link import RedisLink
from tests.support.redis_server import RedisServer

A, B = "a" * 16, "b" * 16


@pytest.fixture
def two(redis: RedisServer) -> tuple[Codes, Codes]:
    """The codes of two services of one passcode."""
    one, other = (Codes(os.urandom, RedisCodes(RedisLink(redis.address), b"LAMP")) for _ in range(2))
    return one, other


def test_a_code_is_understood_elsewhere_and_works_once_in_all(two: tuple[Codes, Codes]) -> None:
    one, other = two
    code = one.issue(A, "square", 0.0)
    assert other.room_of(code.lower(), 0.0) == A
    grant = other.redeem(code, 0.0)
    assert (grant.room, grant.seat) == (A, "square")
    assert one.room_of("AAAAAAAA", 0.0) is None
    with pytest.raises(BadCode):
        other.redeem(code, 0.0)


def test_one_that_was_used_where_it_was_made_works_nowhere(two: tuple[Codes, Codes]) -> None:
    one, other = two
    code = one.issue(A, "square", 0.0)
    one.redeem(code, 0.0)
    assert other.room_of(code, 0.0) is None


def test_a_new_code_of_a_seat_ends_the_one_before_wherever_it_was_made(two: tuple[Codes, Codes]) -> None:
    one, other = two
    before, beside = one.issue(A, "square", 0.0), one.issue(A, "circle", 0.0)
    code = other.issue(A, "square", 0.0)
    with pytest.raises(BadCode):
        other.redeem(before, 0.0)
    assert other.redeem(beside, 0.0).seat == "circle"
    assert other.redeem(code, 0.0).seat == "square"


def test_all_of_it_has_an_end_and_shows_no_code(redis: RedisServer, two: tuple[Codes, Codes]) -> None:
    code = two[0].issue(A, "square", 0.0)
    client = RedisLink(redis.address).client
    keys = list(client.scan_iter("*"))
    assert len(keys) == 2
    for key in keys:
        assert 0 < client.ttl(key) <= CODE_LIFE_S
    assert code.encode() not in b"".join(keys)


def test_without_the_passcode_nobody_finds_a_code(redis: RedisServer, two: tuple[Codes, Codes]) -> None:
    code = two[0].issue(A, "square", 0.0)
    assert RedisCodes(RedisLink(redis.address), b"DOOR").find(code) is None


def test_without_redis_a_code_works_where_it_was_made() -> None:
    codes = Codes(os.urandom, RedisCodes(RedisLink("redis://127.0.0.1:1/0"), b"LAMP"))
    code = codes.issue(B, "circle", 0.0)
    assert codes.room_of(code, 0.0) == B
    assert codes.redeem(code, 0.0).room == B
