"""A phone that speaks is heard before a therapist starts, or is started anyway; a couple alone is only offered it."""

from __future__ import annotations

import json

import pytest

from server.rooms.core.protocol import commands, sentences
from server.rooms.core.protocol.messages import Done, RefusedMessage, Told
from server.rooms.core.types import PARTNERS
from tests.support.room_world import World


def gathered(setting: str = "apart", **heard: bool | None) -> World:
    """Both phones and a console, ready but for what was heard."""
    world = World()
    for seat in ("therapist", *PARTNERS):
        world.joins(seat)  # type: ignore[arg-type]
    world.says("therapist", commands.ChooseSetting, setting=setting)
    for seat in PARTNERS:
        world.reports(seat, heard=heard.get(seat))
    return world


def code(told: Told) -> str:
    assert isinstance(told, RefusedMessage)
    return told.code


def test_nothing_starts_half_heard_and_the_console_says_so() -> None:
    world = gathered(circle=True, square=False)
    assert world.console.phones["circle"].heard is True
    assert world.console.phones["square"].heard is False
    assert world.console.phase == "ready"
    assert code(world.says("therapist", commands.Start)) == "unheard"
    assert world.console.asking is None
    world.reports("square", heard=True)
    assert isinstance(world.says("therapist", commands.Start), Done)
    assert world.console.asking == "start"


def test_a_therapist_can_start_anyway() -> None:
    world = gathered(circle=False, square=False)
    assert isinstance(world.says("therapist", commands.Start, anyway=True), Done)


def test_a_phone_that_only_shows_need_not_be_heard() -> None:
    world = gathered("together", circle=True, square=False)
    assert world.console.phones["square"].heard is None
    assert isinstance(world.says("therapist", commands.Start), Done)


def test_a_page_without_the_check_keeps_nobody_waiting() -> None:
    assert isinstance(gathered().says("therapist", commands.Start), Done)


def test_starting_anyway_takes_no_readiness_for_granted() -> None:
    world = gathered(circle=True, square=True)
    world.reports("square", sound=False, heard=True)
    assert code(world.says("therapist", commands.Start, anyway=True)) == "not_ready"


def test_a_couple_alone_is_asked_though_no_word_was_heard() -> None:
    world = World()
    for seat in PARTNERS:
        world.joins(seat)
        world.reports(seat, heard=False)
    assert world.sees("circle").ask is not None


def test_what_was_heard_is_told_to_no_partner_and_kept_nowhere() -> None:
    plain = gathered(circle=False, square=False)
    heard = gathered(circle=True, square=True)
    assert plain.sees("circle") == heard.sees("circle")
    assert json.dumps(plain.room.to_snapshot()) == json.dumps(heard.room.to_snapshot())


@pytest.mark.parametrize("seat", PARTNERS)
def test_a_plan_has_the_words_of_the_check_and_a_consoles_none(seat: str) -> None:
    world = gathered()
    plan = world.plan(seat)  # type: ignore[arg-type]
    assert len({word.words for word in plan.check}) == len(sentences.CHECK_WORDS) >= 3
    assert {word.clip for word in plan.check} <= set(plan.clips)
    assert world.plan("therapist").check == []


def test_delay_battery_and_network_reach_the_console_alone() -> None:
    world = gathered()
    before = world.sees("square")
    world.reports("circle", delay_ms=80.5, battery=35, network="poor")
    phone = world.console.phones["circle"]
    assert (phone.delay_ms, phone.battery, phone.network) == (80.5, 35, "poor")
    assert world.sees("square") == before
