"""Taking back what a hand did a moment ago: a step to the return, and no more of a stop than one's own part."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rooms.core.protocol import commands
from server.rooms.core.protocol.messages import Done, RefusedMessage, Told
from server.rooms.core.state import UNDO_S
from server.rooms.core.types import PARTNERS, Partner, Seat, other
from tests.support.room_world import World, conducted, playing, score_of

LAYOUT = score_of().layout
BEAT = LAYOUT.beats[0]
REACH = LAYOUT.moves[0]


def at_rest(world: World | None = None) -> World:
    """A room in the silence after its first line."""
    world = world or playing()
    world.passes(LAYOUT.lines[0].end + 0.5 - world.position())
    return world


def past_the_question() -> World:
    """A room in the reach that both said yes to."""
    world = playing()
    world.passes(BEAT.asked + 1 - world.position())
    for seat in PARTNERS:
        world.answers(seat, True)
    world.passes(REACH.end - 1 - world.position())
    return world


def too_late(told: Told) -> bool:
    return isinstance(told, RefusedMessage) and told.code == "too_late"


@pytest.mark.parametrize("seat", PARTNERS)
def test_the_hand_that_went_to_the_return_goes_on_with_the_line_after_all(seat: Partner) -> None:
    world = at_rest()
    world.says(seat, commands.Skip)
    world.passes(UNDO_S - 1)
    assert world.position() > LAYOUT.return_at
    assert isinstance(world.says(seat, commands.Undo), Done)
    for phone in PARTNERS:
        assert world.position(phone, after=0.5) == pytest.approx(LAYOUT.lines[0].start)
        assert world.is_moving(phone, after=1)


def test_after_eight_seconds_it_is_too_late() -> None:
    world = at_rest()
    world.says("circle", commands.Skip)
    world.passes(UNDO_S + 0.1)
    assert too_late(world.says("circle", commands.Undo))
    assert world.position() > LAYOUT.return_at


@pytest.mark.parametrize("kind", [commands.Skip, commands.Undo])
def test_no_phone_is_told_whose_step_it_was(kind: type[commands.Operation]) -> None:
    seen = []
    for actor in PARTNERS:
        world = at_rest()
        if kind is commands.Undo:
            world.says(actor, commands.Skip)
            world.passes(1)
        before = {seat: len(world.told[seat]) for seat in PARTNERS}
        world.says(actor, kind)
        seen.append({seat: without_own_answers(world.told[seat][before[seat] :]) for seat in PARTNERS})
    assert seen[0] == seen[1]


@pytest.mark.parametrize("seat", ["square", "therapist"])
def test_nobody_takes_back_what_another_did(seat: Seat) -> None:
    world = at_rest(conducted())
    world.says("circle", commands.Skip)
    world.passes(1)
    assert too_late(world.says(seat, commands.Undo))
    assert world.position() > LAYOUT.return_at


def test_a_therapist_takes_an_own_step_back() -> None:
    world = at_rest(conducted())
    world.says("therapist", commands.Skip)
    world.passes(2)
    assert isinstance(world.says("therapist", commands.Undo), Done)
    assert world.position(after=0.5) == pytest.approx(LAYOUT.lines[0].start)


def test_where_both_wanted_to_go_there_it_stays() -> None:
    world = at_rest()
    world.says("circle", commands.Skip)
    world.passes(0.2)
    world.says("square", commands.Skip)
    assert too_late(world.says("circle", commands.Undo))
    assert world.position(after=0.5) >= LAYOUT.return_at


@pytest.mark.parametrize("act", [commands.Pause, commands.TooMuch, commands.Close])
def test_what_was_decided_since_is_not_undone(act: type[commands.Operation]) -> None:
    world = at_rest()
    world.says("circle", commands.Skip)
    world.passes(1)
    world.says("square", act)
    assert too_late(world.says("circle", commands.Undo))
    assert not world.is_moving(after=1) or world.sees("circle").phase == "closing"


def test_it_is_taken_back_once() -> None:
    world = at_rest()
    world.says("circle", commands.Skip)
    world.says("circle", commands.Undo)
    assert too_late(world.says("circle", commands.Undo))


def test_a_step_out_of_an_open_question_is_for_good() -> None:
    world = playing()
    world.passes(BEAT.asked + 1 - world.position())
    world.answers("square", False)
    world.says("circle", commands.Skip)
    assert too_late(world.says("circle", commands.Undo))


def test_both_yeses_to_the_reach_stand_unless_their_question_comes_again() -> None:
    world = past_the_question()
    world.says("circle", commands.Skip)
    world.passes(1)
    world.says("circle", commands.Undo)
    back = world.position(after=0.5)
    assert (BEAT.cue in world.room.state.agreed) == (BEAT.asked < back)
    world.passes(REACH.end + 1 - back)
    assert world.position() < LAYOUT.return_at


def test_a_restart_forgets_the_way_back() -> None:
    world = at_rest()
    world.says("circle", commands.Skip)
    assert "skipped" not in json.dumps(world.room.to_snapshot())


def without_own_answers(told: list[Told]) -> list[Told]:
    return [message for message in told if not isinstance(message, Done)]


@given(st.floats(0.1, 40.0), st.sampled_from(PARTNERS))
def test_after_a_stop_the_other_learns_nothing_of_a_yes_that_takes_it_back(
    wait: float, seat: Partner
) -> None:
    """Going on after all is a yes to going on: until the other says yes as well, all is as if it had not been said."""
    told = []
    for takes_back in (True, False):
        world = at_rest()
        world.says(seat, commands.TooMuch)
        world.passes(1)
        before = len(world.told[other(seat)])
        if takes_back:
            world.answers(seat, True)
        world.passes(wait)
        told.append(without_own_answers(world.told[other(seat)][before:]))
        assert not world.is_moving(other(seat), after=1)
    assert told[0] == told[1]
