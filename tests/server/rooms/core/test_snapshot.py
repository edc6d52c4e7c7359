"""Snapshots: what survives a restart, and what must not."""

from __future__ import annotations

import json

import pytest

from server.rooms.core import effects, events
from server.rooms.core.prepared import Choice, ClipRef
from server.rooms.core.protocol import commands
from server.rooms.core.protocol.errors import BadSnapshot
from server.rooms.core.room import Room
from server.rooms.core.snapshot import choice_of
from server.rooms.core.types import PARTNERS
from tests.support.room_world import CATALOGUE, World, conducted, couple, playing, score_of


def restarted(world: World, shift: float = 0.0, with_score: bool = True) -> World:
    """The same world after the server went away and came back."""
    kept = json.loads(json.dumps(world.room.to_snapshot()))
    world.now += shift
    score = world.room.state.score if with_score else None
    world.room, out = Room.from_snapshot(kept, CATALOGUE, score, world.now, shift)
    world._perform(out)
    for told in world.told.values():
        told.clear()
    return world


def test_a_snapshot_holds_no_state_and_nothing_typed() -> None:
    world = couple()
    world.says("circle", commands.ChooseNearest, nearest="guarded", let_see=True)
    world.says("square", commands.ChooseNearest, nearest="heavy")
    for seat in PARTNERS:
        world.reports(seat)
    world.answers("circle", True)
    text = json.dumps(world.room.to_snapshot())
    for forgotten in ("guarded", "heavy", "plain", "nearest", "let_see", "answer", "token", "code"):
        assert forgotten not in text
    world = conducted()
    world.says("therapist", commands.SayLine, text="Zebra.")
    assert "Zebra" not in json.dumps(world.room.to_snapshot())


def test_a_room_keeps_its_reading_and_how_many_words() -> None:
    world = World(None, reading=7)
    world.joins("circle")
    world.says("circle", commands.Choose, exercise="short", length=90, words="fewer")
    chosen = Choice("short", 90, words="fewer", reading=7)
    assert world.room.state.choice == chosen
    assert choice_of(json.loads(json.dumps(world.room.to_snapshot()))) == chosen
    world = restarted(world, with_score=False)
    assert (world.room.state.reading, world.room.state.choice) == (7, chosen)


def test_a_room_from_before_there_were_readings_comes_back() -> None:
    kept = json.loads(json.dumps(playing().room.to_snapshot()))
    del kept["reading"], kept["choice"]["reading"], kept["choice"]["words"]
    assert Room.from_snapshot(kept, CATALOGUE, score_of(), 0.0)[0].state.reading == 0


def test_a_snapshot_does_not_say_who_stopped() -> None:
    kept = []
    for seat in PARTNERS:
        world = playing()
        world.passes(5)
        world.says(seat, commands.TooMuch)
        snapshot = world.room.to_snapshot()
        snapshot.pop("seats")
        kept.append(snapshot)
    assert kept[0] == kept[1]


@pytest.mark.parametrize("shift", [0.0, -900.0])
def test_the_exercise_goes_on_where_it_was(shift: float) -> None:
    world = playing()
    world.passes(12)
    there = world.position()
    restarted(world, shift)
    for seat in PARTNERS:
        world.joins(seat)
        assert world.position(seat) == pytest.approx(there)
        assert world.position(seat, after=3) == pytest.approx(there + 3)
    assert world.sees("circle").phase == "playing"


def test_a_phone_says_again_how_its_person_is() -> None:
    world = couple()
    world.says("circle", commands.ChooseNearest, nearest="guarded")
    restarted(world)
    assert world.room.state.phones["circle"].nearest == "plain"
    world.joins("circle", plan=2, nearest="guarded")
    assert "First, your guard can stay." in world.plan("circle").model_dump_json()


def test_operations_go_on_counting_and_an_old_one_is_not_done_again() -> None:
    world = conducted()
    world.says("therapist", commands.HoldSilence, seconds=10)
    op, hold = world.room.state.therapist.op, world.room.state.hold
    restarted(world)
    world.joins("therapist")
    world.happens(events.Said("therapist", commands.HoldSilence(op=op, seconds=10)))
    assert world.room.state.hold == hold


def test_after_too_much_a_restart_begins_no_sound() -> None:
    world = playing()
    world.passes(5)
    world.says("circle", commands.TooMuch)
    restarted(world)
    for seat in PARTNERS:
        world.joins(seat)
        assert world.course(seat).track is None
    world.passes(600)
    assert world.sees("circle").phase == "grounding"
    for seat in PARTNERS:
        world.answers(seat, True)
    assert world.is_moving(after=1)


def test_answers_are_asked_again() -> None:
    world = couple()
    world.answers("circle", True)
    restarted(world)
    for seat in PARTNERS:
        world.joins(seat)
        world.reports(seat)
    world.answers("square", True)
    assert world.course("square").track is None


def test_a_typed_line_on_its_way_is_dropped() -> None:
    world = conducted()
    world.says("therapist", commands.SayLine, text="One.")
    restarted(world)
    course = world.room.state.course
    world.happens(events.LineMade(1, ClipRef("typed", 2.0)))
    assert world.room.state.course == course


def test_a_lost_phone_has_the_whole_grace_after_a_restart() -> None:
    world = conducted()
    restarted(world)
    world.passes(4)
    world.joins("therapist")
    world.passes(20)
    assert not world.room.state.unattended


def test_what_had_not_begun_is_prepared_anew() -> None:
    world = restarted(couple(), with_score=False)
    assert any(isinstance(effect, effects.Prepare) for effect in world.done)
    world.happens(events.Prepared(score_of()))
    assert world.room.state.score


def test_an_exercise_without_its_timelines_is_over() -> None:
    world = restarted(playing(), with_score=False)
    world.joins("circle")
    assert world.sees("circle").phase == "ended"


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"snapshot": 2},
        {"snapshot": 1},
        {"snapshot": 1, "choice": None},
        {"snapshot": 1, "choice": {"x": 1}},
    ],
)
def test_what_cannot_be_read_is_said(bad: dict[str, object]) -> None:
    with pytest.raises(BadSnapshot):
        Room.from_snapshot(bad, CATALOGUE, None, 0.0)


@pytest.mark.parametrize("field", ["course", "seats", "stage", "hold", "agreed", "quiet"])
def test_a_snapshot_with_a_field_gone_is_not_used(field: str) -> None:
    kept = playing().room.to_snapshot()
    kept.pop(field)
    with pytest.raises(BadSnapshot):
        Room.from_snapshot(kept, CATALOGUE, score_of(), 0.0)
