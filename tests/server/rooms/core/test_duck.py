"""While the therapist speaks both phones are quieter, and never for longer than that."""

from __future__ import annotations

import pytest

from server.rooms.core.protocol import commands
from server.rooms.core.protocol.messages import CourseMessage, RefusedMessage
from server.rooms.core.state import DUCK_S
from server.rooms.core.types import PARTNERS
from tests.support.room_world import World, conducted


def ducked(world: World) -> list[bool]:
    return [world.all_of(seat, CourseMessage)[-1].ducked for seat in PARTNERS]


def test_both_phones_are_quieter_until_it_is_said_that_it_is_over() -> None:
    world = conducted()
    world.says("therapist", commands.Duck, on=True)
    assert ducked(world) == [True, True]
    world.says("therapist", commands.Duck, on=False)
    assert ducked(world) == [False, False]


def test_saying_it_again_keeps_it_and_silence_ends_it() -> None:
    world = conducted()
    world.says("therapist", commands.Duck, on=True)
    world.passes(DUCK_S - 1)
    world.says("therapist", commands.Duck, on=True)
    world.passes(DUCK_S - 1)
    assert ducked(world) == [True, True]
    world.passes(1.5)
    assert ducked(world) == [False, False]


def test_a_console_that_goes_away_leaves_nobody_quiet() -> None:
    world = conducted()
    world.says("therapist", commands.Duck, on=True)
    world.loses("therapist")
    assert ducked(world) == [False, False]


@pytest.mark.parametrize("kind", [commands.Stop, commands.Leave])
def test_an_end_ends_it(kind: type[commands.Operation]) -> None:
    world = conducted()
    world.says("therapist", commands.Duck, on=True)
    world.says("therapist", kind)
    assert ducked(world) == [False, False]


def test_before_the_start_there_is_nothing_to_make_quieter() -> None:
    world = World()
    world.joins("therapist")
    refused = world.says("therapist", commands.Duck, on=True)
    assert isinstance(refused, RefusedMessage)
    assert refused.code == "not_started"
    assert not isinstance(world.says("therapist", commands.Duck, on=False), RefusedMessage)
