"""Limits: how much anybody may ask, and who can never be locked out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rooms.admission.rate_limits import (
    GUESSES_OF_ALL,
    VOUCHED_S,
    Bucket,
    Buckets,
    Guesses,
    Rate,
    network_of,
)
from server.rooms.core.protocol.errors import TooMany


def allowed(guesses: Guesses, address: str, now: float, owner: str | None = None) -> bool:
    try:
        guesses.check(address, now, owner)
    except TooMany as error:
        if error.wait_s <= 0:
            raise
        return False
    return True


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = Bucket(Rate(burst=3, per_s=2))
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.wait_s(0.0) == pytest.approx(0.5)
    assert bucket.take(0.5)
    assert not bucket.take(0.5)


@given(st.lists(st.floats(0, 5), max_size=60), st.floats(1, 5), st.floats(0.1, 5))
def test_a_bucket_never_gives_more_than_burst_and_rate(gaps: list[float], burst: float, per_s: float) -> None:
    bucket, now, taken = Bucket(Rate(burst, per_s)), 0.0, 0
    for gap in gaps:
        now += gap
        taken += bucket.take(now)
    assert taken <= burst + now * per_s + 1e-3


def test_a_clock_that_goes_back_gives_nothing() -> None:
    bucket = Bucket(Rate(1, 1))
    assert bucket.take(100.0)
    assert not bucket.take(0.0)
    assert not bucket.take(100.5)
    assert bucket.take(101.0)


def test_memory_is_bounded_and_the_limited_stay_limited() -> None:
    buckets = Buckets(Rate(1, 0.001), capacity=100)
    assert buckets.take("loud", 0.0)
    for n in range(10_000):
        buckets.take(f"passing {n}", n / 1000)
    assert len(buckets) <= 100
    assert not buckets.take("loud", 10.0), "a crowd does not wash a record away"


def test_idle_addresses_are_forgotten() -> None:
    buckets = Buckets(Rate(1, 1), capacity=10)
    for n in range(10):
        buckets.take(f"{n}", 0.0)
    buckets.take("new", 60.0)
    assert len(buckets) == 1


@given(st.lists(st.floats(0, 10), min_size=1, max_size=200))
def test_no_address_has_more_than_ten_tries_in_any_minute(gaps: list[float]) -> None:
    guesses, now, tries = Guesses(), 0.0, []
    for gap in gaps:
        now += gap
        if allowed(guesses, "192.0.2.1", now):
            tries.append(now)
    assert all(sum(t <= later < t + 60 for later in tries) <= 10 for t in tries)


def flood(guesses: Guesses, now: float) -> int:
    return sum(allowed(guesses, f"198.51.{n // 250}.{n % 250}", now) for n in range(2000))


def test_strangers_together_have_a_cap() -> None:
    assert flood(Guesses(), 0.0) == GUESSES_OF_ALL.burst


def test_a_flood_locks_neither_an_owner_out_nor_the_phone_beside_them() -> None:
    guesses = Guesses()
    guesses.vouch("203.0.113.9", 0.0)
    flood(guesses, 1.0)
    assert not allowed(guesses, "192.0.2.77", 1.0), "a stranger waits"
    assert allowed(guesses, "203.0.113.9", 1.0), "the second phone on the same Wi-Fi gets in"
    assert allowed(guesses, "192.0.2.77", 1.0, owner="digest"), "who holds a seat does, from anywhere"


def test_an_owner_is_not_held_for_what_others_do_at_the_same_address() -> None:
    guesses = Guesses()
    while allowed(guesses, "203.0.113.9", 0.0):
        pass
    assert allowed(guesses, "203.0.113.9", 0.0, owner="digest")


def test_a_vouched_address_has_its_own_limit_all_the_same() -> None:
    guesses = Guesses()
    guesses.vouch("203.0.113.9", 0.0)
    assert sum(allowed(guesses, "203.0.113.9", 0.0) for _ in range(50)) <= 10


def test_vouching_runs_out() -> None:
    guesses = Guesses()
    guesses.vouch("203.0.113.9", 0.0)
    flood(guesses, VOUCHED_S + 1)
    assert not allowed(guesses, "203.0.113.9", VOUCHED_S + 1)


def test_a_refused_try_uses_nothing_up() -> None:
    guesses = Guesses(each=Rate(1, 0.001), strangers=Rate(2, 0.001))
    assert allowed(guesses, "192.0.2.1", 0.0)
    assert not allowed(guesses, "192.0.2.1", 0.0)
    assert allowed(guesses, "192.0.2.2", 0.0)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network
