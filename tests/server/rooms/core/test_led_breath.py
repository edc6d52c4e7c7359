"""A breath that the therapist leads by taps: what a hand makes of it, and what rooms do with that."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rooms.core.led_breath import BOUNCE_S, LEAST_S, MOST_S, Breath, Leading, after_tap, ended
from server.rooms.core.protocol import commands
from server.rooms.core.protocol.messages import BreathPicture, CourseMessage, Done, RefusedMessage
from server.rooms.core.room import Room
from server.rooms.core.state import STOP_LEAD_S
from server.rooms.core.types import PARTNERS
from tests.support.room_world import CATALOGUE, World, conducted, couple, score_of

HALVES = st.floats(LEAST_S, MOST_S - 0.01)
GAPS = st.lists(st.floats(0, 30), max_size=20)
NEAR = 0.002


def led(*gaps: float, start: float = 100.0) -> list[Leading]:
    """The leading after each of a row of taps, with these gaps between them."""
    found: list[Leading] = []
    for at in accumulate((start, *gaps)):
        found.append(after_tap(found[-1] if found else None, at))
    return found


def phase(breath: Breath, at: float) -> float:
    """Seconds since the last in-breath began."""
    return (at - breath.at) % (breath.in_s + breath.out_s)


def test_one_tap_makes_nothing_that_a_phone_follows() -> None:
    assert led()[-1].breath is None


@given(HALVES, HALVES)
def test_three_taps_make_a_cycle(in_s: float, out_s: float) -> None:
    breath = led(in_s, out_s)[-1].breath
    assert breath is not None
    assert (breath.in_s, breath.out_s) == pytest.approx((in_s, out_s), abs=NEAR)
    assert breath.at == pytest.approx(100 + in_s + out_s)
    assert breath.since == pytest.approx(100 + in_s), "from the second tap on"


@given(HALVES)
def test_two_taps_make_a_half_and_the_other_is_as_long(in_s: float) -> None:
    breath = led(in_s)[-1].breath
    assert breath is not None
    assert breath.in_s == breath.out_s == pytest.approx(in_s, abs=NEAR)


@given(HALVES, HALVES, HALVES)
def test_another_pace_is_followed_at_the_next_tap(first: float, out_s: float, slower: float) -> None:
    breath = led(first, out_s, slower)[-1].breath
    assert breath is not None
    assert (breath.in_s, breath.out_s) == pytest.approx((slower, out_s), abs=NEAR)


@given(GAPS)
def test_whatever_is_tapped_the_breath_keeps_its_bounds(gaps: list[float]) -> None:
    for leading in led(*gaps):
        breath = leading.breath
        if breath is None:
            assert leading.until == leading.tapped + MOST_S
            continue
        cycle = breath.in_s + breath.out_s
        assert LEAST_S <= breath.in_s <= MOST_S
        assert LEAST_S <= breath.out_s <= MOST_S
        assert breath.since <= leading.tapped
        assert leading.until == breath.until
        assert leading.tapped + MOST_S - NEAR <= breath.until < leading.tapped + MOST_S + cycle + NEAR
        assert (breath.until - breath.at) / cycle == pytest.approx(round((breath.until - breath.at) / cycle))


@given(GAPS)
def test_the_breath_turns_where_the_hand_does(gaps: list[float]) -> None:
    for leading in led(*gaps):
        if leading.breath:
            turn = 0.0 if leading.half == "in" else leading.breath.in_s
            off = abs(phase(leading.breath, leading.tapped) - turn)
            assert min(off, leading.breath.in_s + leading.breath.out_s - off) < NEAR


@given(GAPS)
def test_it_takes_over_once_for_as_long_as_it_is_led(gaps: list[float]) -> None:
    for before, after in pairwise(led(*gaps)):
        if before.breath and after.breath:
            assert before.breath.since == after.breath.since


@given(st.lists(HALVES, max_size=4), st.floats(0, 100))
def test_a_tap_after_the_deadline_begins_anew(gaps: list[float], late: float) -> None:
    last = led(*gaps)[-1]
    anew = after_tap(last, last.until + late)
    assert (anew.half, anew.breath) == ("in", None)


@given(HALVES, st.floats(0, BOUNCE_S - NEAR))
def test_a_pedal_that_bounces_is_one_tap(in_s: float, bounce: float) -> None:
    once = led(in_s)[-1]
    assert after_tap(once, once.tapped + bounce) == once


@given(GAPS, st.floats(0, 10))
def test_an_end_is_never_later_than_asked(gaps: list[float], after: float) -> None:
    last = led(*gaps)[-1]
    over = ended(last, last.tapped + after)
    assert (over is None) == (last.breath is None)
    if over and over.breath:
        assert over.until == over.breath.until == min(last.until, last.tapped + after)


# ---- in a room


def taps(world: World, *gaps: float) -> None:
    """Taps with these gaps before each."""
    for gap in gaps:
        world.passes(gap)
        assert isinstance(world.says("therapist", commands.Tap), Done)


def breaths(world: World) -> list[BreathPicture | None]:
    return [world.all_of(seat, CourseMessage)[-1].breath for seat in (*PARTNERS, "therapist")]


def test_both_phones_follow_the_hand_from_the_second_tap_on() -> None:
    world = conducted()
    taps(world, 0)
    assert breaths(world) == [None] * 3
    taps(world, 3, 5)
    now, (breath, *others) = world.now, breaths(world)
    assert breath is not None
    assert others == [breath] * 2
    assert (breath.in_s, breath.out_s, breath.at, breath.since) == (3, 5, now, now - 5)


def test_a_hand_that_rests_gives_the_breath_back_and_the_room_wakes_for_it() -> None:
    world = conducted()
    taps(world, 0, 3)
    breath = breaths(world)[0]
    assert breath is not None
    world.passes(breath.until - world.now - 0.01)
    assert breaths(world)[0] == breath
    world.passes(0.02)
    assert breaths(world) == [None] * 3


@pytest.mark.parametrize("seat", ["therapist", "circle"])
def test_a_pause_ends_it_at_the_moment_at_which_all_rests(seat: str) -> None:
    world = conducted()
    taps(world, 0, 3)
    world.says(seat, commands.Pause)  # type: ignore[arg-type]
    breath = breaths(world)[0]
    assert breath is not None
    assert breath.until == pytest.approx(world.now + STOP_LEAD_S)
    assert world.course("circle").vectors[-1].at == pytest.approx(breath.until)
    world.passes(STOP_LEAD_S + 0.01)
    assert breaths(world) == [None] * 3


def test_a_held_silence_can_be_led_and_a_release_goes_on_with_it() -> None:
    world = conducted()
    world.says("therapist", commands.HoldSilence, seconds=None)
    world.passes(6)
    taps(world, 0, 4)
    assert world.console.phase == "held"
    assert breaths(world)[0] is not None
    world.says("therapist", commands.Release)
    assert breaths(world)[0] is not None


@pytest.mark.parametrize("kind", [commands.Close, commands.Stop, commands.Leave])
def test_an_end_ends_it(kind: type[commands.Operation]) -> None:
    world = conducted()
    taps(world, 0, 3)
    world.says("therapist", kind)
    if kind is commands.Leave:
        world.passes(20)
    assert breaths(world)[:2] == [None] * 2


def test_the_grounding_exercise_keeps_its_own_breath() -> None:
    world = conducted()
    taps(world, 0, 3)
    world.says("therapist", commands.Ground, who="circle")
    assert world.course("circle").track == "grounding"
    assert world.course("circle").breath is None


def test_the_console_says_whether_it_can_be_led_and_the_room_agrees() -> None:
    world = World()
    world.joins("therapist")
    assert world.console.tap == "not_started"
    world = conducted()
    assert world.console.tap is None
    world.says("therapist", commands.Pause)
    assert world.console.tap == "not_playing"
    refused = world.says("therapist", commands.Tap)
    assert isinstance(refused, RefusedMessage)
    assert refused.code == "not_playing"


def test_a_couple_cannot_lead_it() -> None:
    world = couple()
    before = world.room
    world.says("circle", commands.Tap)
    assert world.room.state.leading is before.state.leading is None


def test_a_restart_forgets_it() -> None:
    world = conducted()
    taps(world, 0, 3)
    kept = world.room.to_snapshot()
    assert "leading" not in kept
    again, _ = Room.from_snapshot(kept, CATALOGUE, score_of(), world.now)
    assert again.state.leading is None
