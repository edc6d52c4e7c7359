"""Sign-ins that several services know."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from server.config import Settings
from server.services.redis_link import RedisLink
from server.services.redis_sign_ins import SIGN_IN, RedisSignIns
from server.services.sign_in import SIGNED_IN_S, SignIns
from server.services.tokens import token_digest
from tests.support.redis_server import RedisServer


def signs_at(address: str, folder: Path) -> SignIns:
    return SignIns(Settings(data=folder), lambda: 0.0, os.urandom, RedisSignIns(RedisLink(address)))


@pytest.fixture
def two(redis: RedisServer, tmp_path: Path) -> tuple[SignIns, SignIns]:
    return signs_at(redis.address, tmp_path), signs_at(redis.address, tmp_path)


def test_a_sign_in_counts_everywhere_and_has_an_end(redis: RedisServer, two: tuple[SignIns, SignIns]) -> None:
    token = two[0].sign_in()
    assert two[1].owner(token) == token_digest(token)
    assert two[1].owner("another") is None
    assert two[1].owner("") is None
    assert 0 < RedisLink(redis.address).client.ttl(SIGN_IN + token_digest(token)) <= SIGNED_IN_S


def test_signing_out_counts_everywhere_and_every_service_hears_of_it_once(
    two: tuple[SignIns, SignIns],
) -> None:
    one, other = two
    token, kept = one.sign_in(), one.sign_in()
    other.sign_out(token)
    assert one.owner(token) is None
    assert one.owner(kept)
    for signs in two:
        (is_ended,) = signs.ended_elsewhere()
        assert is_ended(token_digest(token))
        assert not is_ended(token_digest(kept))
        assert signs.ended_elsewhere() == []


def test_ending_all_others_leaves_one(two: tuple[SignIns, SignIns]) -> None:
    one, other = two
    mine, theirs = one.sign_in(), other.sign_in()
    one.end_others(mine)
    assert other.owner(theirs) is None
    assert other.owner(mine)
    (is_ended,) = other.ended_elsewhere()
    assert is_ended(token_digest(theirs))
    assert is_ended(None)
    assert not is_ended(token_digest(mine))


def test_what_ended_before_a_service_was_there_is_none_of_its_business(
    redis: RedisServer, two: tuple[SignIns, SignIns], tmp_path: Path
) -> None:
    two[0].sign_out(two[0].sign_in())
    assert signs_at(redis.address, tmp_path).ended_elsewhere() == []


def test_without_redis_a_sign_in_counts_where_it_was_made(tmp_path: Path) -> None:
    signs = signs_at("redis://127.0.0.1:1/0", tmp_path)
    token = signs.sign_in()
    assert signs.owner(token)
    signs.sign_out(token)
    assert signs.owner(token) is None
    assert signs.ended_elsewhere() == []
