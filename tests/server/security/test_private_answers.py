"""A partner's private answer: nothing that reaches the other phone depends on it until both have answered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.rooms.core.protocol import commands
from server.rooms.core.protocol.wire import to_text
from server.rooms.core.types import PARTNERS, Partner, other
from tests.support.room_world import World, couple, playing


def heard(world: World, seat: Partner, since: int) -> list[str]:
    """Every frame that a seat was sent, as it goes out."""
    return [to_text(message) for message in world.told[seat][since:]]


def resting() -> World:
    """A couple that paused; both are asked whether to go on."""
    world = playing()
    world.says("circle", commands.Pause)
    return world


def grounded() -> World:
    """A couple of whom one had enough."""
    world = playing()
    world.says("circle", commands.TooMuch)
    return world


def at_a_beat() -> World:
    """A couple that is asked inside the exercise."""
    world = playing()
    while world.room.state.ask is None:
        world.passes(1.0)
    return world


Step = tuple[str, float]
STEPS = st.lists(
    st.tuples(st.sampled_from(["pause", "too_much", "rejoin", "footing", "nothing"]), st.floats(0.0, 40.0)),
    max_size=5,
)


def acts(world: World, seat: Partner, step: str) -> None:
    """One thing that the other one does meanwhile."""
    if step == "pause":
        world.says(seat, commands.Pause)
    elif step == "too_much":
        world.says(seat, commands.TooMuch)
    elif step == "footing":
        world.says(seat, commands.ChooseParticipation, to="quiet")
    elif step == "rejoin":
        world.loses(seat)
        world.joins(seat, plan=world.plan(seat).plan)


@pytest.mark.parametrize("start", [resting, grounded, at_a_beat, couple], ids=lambda f: f.__name__)
@settings(max_examples=12, deadline=None)
@given(seat=st.sampled_from(PARTNERS), before=st.lists(st.booleans(), min_size=1, max_size=4), steps=STEPS)
def test_what_one_gets_is_the_same_whatever_the_other_answered(
    start: object, seat: Partner, before: list[bool], steps: list[Step]
) -> None:
    """`before` are the answers that the other gives one after the other; a row of yeses gives the comparison."""
    seen = []
    for answers in (before, [True] * len(before), [False] * len(before)):
        world: World = start()  # type: ignore[operator]
        since = len(world.told[seat])
        for yes in answers:
            world.answers(other(seat), yes)
        for step, wait_s in steps:
            acts(world, seat, step)
            world.passes(wait_s)
        seen.append((heard(world, seat, since), world.now))
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("start", [resting, grounded], ids=lambda f: f.__name__)
@pytest.mark.parametrize("seat", PARTNERS)
def test_a_no_to_going_on_cannot_be_told_from_no_answer_also_after_ones_own_yes(
    start: object, seat: Partner
) -> None:
    seen = []
    for answer in (None, False):
        world: World = start()  # type: ignore[operator]
        since = len(world.told[seat])
        world.answers(seat, True)
        if answer is not None:
            world.answers(other(seat), answer)
        world.passes(300)
        world.says(seat, commands.Pause)
        world.passes(300)
        seen.append(heard(world, seat, since))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("seat", PARTNERS)
def test_a_no_to_the_start_shows_once_both_have_answered(seat: Partner) -> None:
    world = couple()
    since = len(world.told[other(seat)])
    world.answers(seat, False)
    assert heard(world, other(seat), since) == []
    world.answers(other(seat), True)
    assert world.room.state.quieter_only
    assert world.sees(seat).choices == world.sees(other(seat)).choices != []


@pytest.mark.parametrize("yes", [True, False])
def test_an_answer_to_the_start_waits_a_minute_for_the_others(yes: bool) -> None:
    world = couple()
    world.answers("circle", yes)
    world.passes(59)
    assert world.sees("square").ask
    world.passes(2)
    assert world.sees("square").ask is None
    assert world.room.state.quieter_only


@pytest.mark.parametrize("start", [resting, grounded, at_a_beat, couple], ids=lambda f: f.__name__)
@pytest.mark.parametrize("seat", PARTNERS)
def test_what_is_kept_of_a_room_is_the_same_whatever_one_of_two_answered(
    start: object, seat: Partner
) -> None:
    kept = []
    for yes in (True, False):
        world: World = start()  # type: ignore[operator]
        world.answers(seat, yes)
        kept.append(world.room.to_snapshot())
    assert kept[0] == kept[1]


@pytest.mark.parametrize("start", [resting, grounded, at_a_beat, couple], ids=lambda f: f.__name__)
def test_what_is_kept_of_a_room_does_not_tell_which_of_two_said_no(start: object) -> None:
    kept = []
    for no in PARTNERS:
        world: World = start()  # type: ignore[operator]
        for seat in PARTNERS:
            world.answers(seat, seat != no)
        world.passes(20)
        kept.append(world.room.to_snapshot())
    assert kept[0] == kept[1]
