"""Tests of the lobby's door: who waits is told nothing, may say nothing, and is let in by the therapist alone."""

from __future__ import annotations

import pytest

from server.rooms.core.protocol import commands
from server.rooms.core.protocol.messages import PlanMessage, RefusedMessage
from server.rooms.core.room import Room
from tests.support.room_world import CATALOGUE, World, score_of


def lobby() -> World:
    """A conducted room whose door is closed, the circle inside and the square outside."""
    world = World()
    world.joins("therapist")
    world.joins("circle")
    world.says("therapist", commands.AskToAdmit, on=True)
    world.joins("square")
    return world


def test_who_waits_is_told_only_that_it_waits() -> None:
    world = lobby()
    seen = world.sees("square")
    assert seen.missing == ["admission"]
    assert (seen.exercise, seen.partner, seen.ask, seen.choices, seen.note) == (
        None,
        "absent",
        None,
        [],
        None,
    )
    assert world.all_of("square", PlanMessage) == []
    assert world.sees("circle").partner == "absent"


def test_the_console_sees_that_somebody_waits_and_cannot_begin() -> None:
    world = lobby()
    world.reports("square")
    phone = world.console.phones["square"]
    assert (phone.here, phone.admitted, phone.ready) == ("here", False, False)
    assert phone.reasons[0] == "The phone waits to be let in."
    assert world.console.phase == "gathering"
    assert isinstance(world.says("therapist", commands.Start), RefusedMessage)


def test_let_in_it_has_all_that_a_partner_has() -> None:
    world = lobby()
    world.says("therapist", commands.Admit, seat="square")
    assert world.plan("square").exercise.id == "short"
    assert world.sees("square").partner != "absent"
    assert world.sees("circle").partner == "here"
    for seat in ("circle", "square"):
        world.reports(seat)
    assert world.console.phase == "ready"


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        (commands.ChooseNearest, {"nearest": "guarded"}),
        (commands.ChooseSetting, {"setting": "apart"}),
        (commands.Choose, {"exercise": "short", "length": 100}),
        (commands.OpenEar, {"on": True}),
        (commands.TooMuch, {}),
    ],
)
def test_who_waits_changes_nothing(command: type[commands.Operation], fields: dict[str, object]) -> None:
    world = lobby()
    before = world.room.to_snapshot()
    refused = world.says("square", command, **fields)
    assert isinstance(refused, RefusedMessage)
    assert refused.code == "not_admitted"
    after = world.room.to_snapshot()
    assert {**after, "seats": 0, "heard_at": 0} == {**before, "seats": 0, "heard_at": 0}


def test_who_waits_may_leave() -> None:
    world = lobby()
    world.says("square", commands.Leave)
    assert world.console.phones["square"].here == "absent"


def test_opened_again_the_door_lets_everybody_in_who_waits() -> None:
    world = lobby()
    world.says("therapist", commands.AskToAdmit, on=False)
    assert world.console.admission is False
    assert world.console.phones["square"].admitted
    assert world.plan("square")


def test_who_was_let_in_is_let_in_after_a_lost_connection() -> None:
    world = lobby()
    world.says("therapist", commands.Admit, seat="square")
    world.loses("square")
    world.passes(1)
    world.joins("square")
    assert world.console.phones["square"].admitted


def test_a_partner_has_no_such_command() -> None:
    for kind in (commands.AskToAdmit, commands.Admit):
        assert kind.seats == ("therapist",)


def test_a_restart_keeps_the_door_and_who_waits() -> None:
    world = lobby()
    kept, _ = Room.from_snapshot(world.room.to_snapshot(), CATALOGUE, score_of(), world.now)
    assert kept.state.admission
    assert [seat for seat, phone in kept.state.phones.items() if not phone.admitted] == ["square"]


def test_a_room_that_was_kept_before_there_was_a_door_has_an_open_one() -> None:
    world = World()
    world.joins("circle")
    plain = {k: v for k, v in world.room.to_snapshot().items() if k not in ("admission", "waiting")}
    kept, _ = Room.from_snapshot(plain, CATALOGUE, score_of(), world.now)
    assert not kept.state.admission
    assert kept.state.phones["circle"].admitted
