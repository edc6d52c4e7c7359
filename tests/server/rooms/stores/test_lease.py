"""A lease: what a service believes of its rooms, held against what Redis would say, in random lives."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from server.rooms.stores.lease import LEASE_S, STAYS_S, TRIED_S, Lease, may_pass_on


def test_a_lease_holds_from_the_moment_that_it_was_asked_for() -> None:
    lease = Lease().renewed(10.0)
    assert lease.standing(10.0 + LEASE_S - 0.01) == "held"
    assert lease.standing(10.0 + LEASE_S) == "doubtful"


def test_an_answer_that_comes_late_and_out_of_turn_shortens_nothing() -> None:
    assert Lease().renewed(10.0).renewed(9.0) == Lease().renewed(10.0)


def test_while_redis_is_away_rooms_go_on_and_after_a_pause_they_ask_first() -> None:
    lease = Lease().renewed(0.0)
    for second in range(3, 300):
        lease = lease.failed(float(second))
        assert lease.standing(second + 1.0) == "away"
    assert lease.standing(299 + TRIED_S) == "doubtful"


def test_before_anything_was_asked_nothing_is_sure() -> None:
    assert Lease().standing(0.0) == "doubtful"


def test_a_room_is_not_passed_to_and_fro() -> None:
    assert not may_pass_on(10.0, 10.0 + STAYS_S / 2)
    assert may_pass_on(10.0, 10.0 + STAYS_S)


@dataclass
class Machine:
    """A service in a simulation: its clock runs while it stands still, as a monotonic one does."""

    lease: Lease = field(default_factory=Lease)
    generation: int = 0


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["renew 0", "renew 1", "take 0", "take 1", "write 0", "write 1", "away", "back"]),
        st.floats(0.0, 4.0),
    ),
    max_size=60,
)


@settings(max_examples=500)
@given(MOVES)
def test_no_two_services_hold_one_room_and_no_old_owner_writes(moves: list[tuple[str, float]]) -> None:
    machines = [Machine(), Machine()]
    until, owner, generation, now, is_away = [0.0, 0.0], 0, 1, 0.0, False
    machines[0].generation = 1
    for move, took in moves:
        word, _, number = move.partition(" ")
        asked_at, now = now, now + took
        if not number:
            is_away = word == "away"
            continue
        who, me = int(number), machines[int(number)]
        if is_away:
            me.lease = me.lease.failed(now)
        elif word == "renew":
            until[who] = now + LEASE_S  # Redis counts from when it heard
            me.lease = me.lease.renewed(asked_at)
        elif word == "take" and (owner == who or until[owner] <= now):
            owner, generation = who, generation + 1
            me.generation = generation
        elif word == "write":
            # what Redis takes is never an older owner's
            assert (me.generation >= generation) == (owner == who)
        if not is_away:
            holders = [n for n, m in enumerate(machines) if m.generation and m.lease.standing(now) == "held"]
            assert all(until[n] > now for n in holders)
            assert sum(machines[n].generation == generation for n in holders) <= 1
            assert [n for n in holders if n != owner and machines[n].generation == generation] == []
