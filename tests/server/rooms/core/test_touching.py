"""Touches by way of two phones: told to the other phone alone, while a step is for it; and both together go on."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.rooms.core.protocol import commands
from server.rooms.core.protocol.messages import ConsolePicture, TouchedMessage
from server.rooms.core.state import GO_LEAD_S, MEETING_S, TOUCH_S
from server.rooms.core.transport import Touch
from server.rooms.core.types import PARTNERS, Partner, Seat, other
from tests.support.room_world import World, conducted, playing, score_of

TOUCH: Touch = score_of("touching").layout.touches[0]


def at_touch(world: World, after_start: float = 1.0) -> World:
    """The same room, some seconds into the silence of its touch."""
    agreed(world)
    world.passes(TOUCH.start + after_start - world.position())
    return world


def agreed(world: World) -> None:
    """Both say yes to the question within."""
    world.passes(score_of("touching").layout.beats[0].asked + 1 - world.position())
    for seat in PARTNERS:
        world.answers(seat, True)


def told(world: World, seat: Seat) -> list[bool]:
    return [message.held for message in world.all_of(seat, TouchedMessage)]


def keeps(world: World, seconds: float, *seats: Partner) -> None:
    """Phones are held for some seconds, as they say each second."""
    for _ in range(int(seconds)):
        for seat in seats:
            world.touches(seat)
        world.passes(1)


@pytest.mark.parametrize("seat", PARTNERS)
def test_a_finger_on_one_phone_is_told_to_the_other_alone(seat: Partner) -> None:
    world = at_touch(conducted("touching"))
    seen = len(world.all_of("therapist", ConsolePicture))
    world.touches(seat)
    world.touches(seat, held=False)
    assert told(world, other(seat)) == [True, False]
    assert told(world, seat) == told(world, "therapist") == []
    assert len(world.all_of("therapist", ConsolePicture)) == seen, "the console learns nothing"


def test_it_counts_from_the_line_that_invites_to_it() -> None:
    world = at_touch(playing("touching"), after_start=TOUCH.invited - TOUCH.start + 0.1)
    world.touches("circle")
    assert told(world, "square") == [True]


@pytest.mark.parametrize("after_start", [TOUCH.invited - TOUCH.start - 0.2, TOUCH.end - TOUCH.start + 0.1])
def test_before_and_after_the_step_it_is_told_to_nobody(after_start: float) -> None:
    world = at_touch(playing("touching"), after_start)
    world.touches("circle")
    assert told(world, "square") == []


def test_before_the_start_it_is_told_to_nobody() -> None:
    world = World("touching")
    for seat in PARTNERS:
        world.joins(seat)
    world.touches("circle")
    assert told(world, "square") == []


def test_a_phone_that_does_not_say_it_again_has_let_go() -> None:
    world = at_touch(playing("touching"))
    world.touches("circle")
    world.passes(TOUCH_S - 0.1)
    assert told(world, "square") == [True]
    world.passes(0.2)
    assert told(world, "square") == [True, False]


def test_saying_it_again_keeps_it() -> None:
    world = at_touch(playing("touching"))
    keeps(world, TOUCH_S + 2, "circle")
    assert False not in told(world, "square")


@pytest.mark.parametrize("end", ["lost", "back on another page", "gone", "paused", "too much", "passed over"])
def test_what_ends_it_is_told_at_once(end: str) -> None:
    world = at_touch(conducted("touching"), after_start=-2)
    world.touches("circle")
    match end:
        case "lost":
            world.loses("circle")
        case "back on another page":
            world.joins("circle")
        case "gone":
            world.says("circle", commands.Leave)
        case "paused":
            world.says("square", commands.Pause)
        case "too much":
            world.says("circle", commands.TooMuch)
        case "passed over":
            world.says("therapist", commands.Skip)
            world.passes(GO_LEAD_S)
    assert told(world, "square") == [True, False]


def test_it_ends_with_the_step() -> None:
    world = at_touch(playing("touching"), after_start=TOUCH.end - TOUCH.start - 1)
    world.touches("circle")
    world.passes(1.01)
    assert told(world, "square") == [True, False]


def test_a_touch_that_a_rung_down_leaves_out_is_none() -> None:
    world = conducted("touching")
    agreed(world)
    world.says("therapist", commands.LowerIntensity)
    world.passes(TOUCH.start + 1 - world.position())
    world.touches("circle")
    assert told(world, "square") == []


def test_when_both_are_held_for_a_while_the_exercise_goes_on() -> None:
    world = at_touch(playing("touching"))
    keeps(world, 2, "circle")
    keeps(world, MEETING_S - 1, *PARTNERS)
    assert world.position() < TOUCH.start + MEETING_S + 3
    keeps(world, 2, *PARTNERS)
    assert world.position() >= TOUCH.end
    assert {world.course(seat).rev for seat in PARTNERS} == {world.course("circle").rev}
    assert told(world, "square")[-1] is False


def test_the_line_that_invites_is_heard_to_its_end() -> None:
    world = at_touch(playing("touching"), after_start=-4)
    touched_from = world.now
    while world.position() < TOUCH.start:
        keeps(world, 1, *PARTNERS)
    assert world.now - touched_from < MEETING_S
    assert world.position() < TOUCH.start + 1


@pytest.mark.parametrize("seats", [(), ("circle",), ("square",)], ids=["nobody", "circle", "square"])
def test_if_it_does_not_come_about_the_step_lasts_as_it_is_written(seats: tuple[Partner, ...]) -> None:
    world = at_touch(playing("touching"), after_start=0)
    before = [world.course(seat) for seat in PARTNERS]
    keeps(world, TOUCH.end - TOUCH.start + 2, *seats)
    assert [world.course(seat) for seat in PARTNERS] == before
    assert world.is_moving()


def test_so_close_to_the_end_nothing_is_cut_short() -> None:
    world = at_touch(playing("touching"), after_start=TOUCH.end - TOUCH.start - MEETING_S)
    before = world.course("circle")
    keeps(world, MEETING_S + 1, *PARTNERS)
    assert world.course("circle") == before


def test_a_silence_that_the_therapist_holds_is_not_cut_short() -> None:
    world = at_touch(conducted("touching"))
    world.says("therapist", commands.HoldSilence, seconds=None)
    keeps(world, MEETING_S + 3, *PARTNERS)
    assert not world.is_moving()
    assert told(world, "circle")[-1] is True
    world.says("therapist", commands.Release)
    keeps(world, 2, *PARTNERS)
    assert world.position() >= TOUCH.end


def test_a_restart_finds_no_trace_of_it() -> None:
    world = at_touch(playing("touching"))
    world.touches("square", held=False)  # whatever is said counts for how long a room is kept, to the minute
    kept = world.room.to_snapshot()
    for held in (True, True, False, True):
        world.touches("circle", held)
    assert world.room.to_snapshot() == kept
    assert "touch" not in json.dumps({**kept, "choice": None})
    assert not any(type(effect).__name__ == "Keep" for effect in world.done)


ACTS = st.sampled_from(["hold", "release", "pause", "yes", "lose", "join", "wait", "wait long", "skip"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ACTS, st.sampled_from(PARTNERS)), max_size=25))
def test_whatever_happens_what_is_told_is_what_is_held(acts: list[tuple[str, Partner]]) -> None:
    world = at_touch(playing("touching"), after_start=-3)
    for act, seat in acts:
        phone = world.room.state.phones[seat]
        match act:
            case "hold" | "release" if phone.link is not None:
                world.touches(seat, act == "hold")
            case "pause" if phone.link is not None:
                world.says(seat, commands.Pause)
            case "skip" if phone.link is not None:
                world.says(seat, commands.Skip)
            case "yes" if phone.link is not None and world.room.state.ask:
                world.answers(seat, True)
            case "lose" if phone.link is not None:
                world.loses(seat)
            case "join":
                world.joins(seat)
            case "wait":
                world.passes(0.4)
            case "wait long":
                world.passes(4)
        for each in PARTNERS:
            held = world.room.state.phones[other(each)].touching is not None
            if world.room.state.phones[each].greeted and told(world, each):
                assert not held or told(world, each)[-1] or act == "join"
            if held:
                assert TOUCH.invited <= world.position() < TOUCH.end
        if act == "wait long":
            world.passes(TOUCH_S)
            assert not any(world.room.state.phones[each].touching for each in PARTNERS)
