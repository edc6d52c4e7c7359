"""Phones that hear each other: what each reports, and by how much it is then to play sooner."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rooms.core.handlers.hearing import square_late_ms
from server.rooms.core.protocol import commands
from server.rooms.core.protocol.messages import ChirpsMessage, RefusedMessage, ShiftMessage
from server.rooms.core.types import PARTNERS
from tests.support.room_world import World, couple, playing

ms = st.floats(-300, 300)


def listening() -> World:
    """A couple whose microphones are both open."""
    world = couple()
    for seat in PARTNERS:
        world.says(seat, commands.OpenEar, on=True)
    return world


def heard(circle_ms: float | None, square_ms: float | None) -> list[float | None]:
    """The messages to each phone after these reports."""
    world = listening()
    world.says("circle", commands.ReportHeard, ms=circle_ms)
    world.says("square", commands.ReportHeard, ms=square_ms)
    return [world.last(seat, ShiftMessage).ms for seat in PARTNERS]


def test_one_open_ear_waits_for_the_other() -> None:
    world = couple()
    world.says("circle", commands.OpenEar, on=True)
    assert not world.all_of("circle", ChirpsMessage)
    world.says("square", commands.OpenEar, on=True)
    times = {world.last(seat, ChirpsMessage).at for seat in PARTNERS}
    assert len(times) == 1, "both chirp by one time"
    assert times.pop() > world.now


def test_an_ear_that_was_closed_again_does_not_count() -> None:
    world = couple()
    for on in (True, False):
        world.says("circle", commands.OpenEar, on=on)
    world.says("square", commands.OpenEar, on=True)
    assert not world.all_of("square", ChirpsMessage)


def test_a_phone_that_was_away_has_its_ear_closed() -> None:
    world = couple()
    world.says("circle", commands.OpenEar, on=True)
    world.loses("circle")
    world.joins("circle")
    world.says("square", commands.OpenEar, on=True)
    assert not world.all_of("square", ChirpsMessage)


@given(circle=ms, square=ms, apart=st.floats(0, 25), planned=st.just(1500.0))
def test_half_the_difference_is_the_offset_whatever_lies_between(
    circle: float, square: float, apart: float, planned: float
) -> None:
    """Each sounds so much late, and sound takes `apart` from one to the other."""
    to_circle = (planned + square + apart) - circle - planned
    to_square = (circle + apart) - (planned + square) + planned
    assert square_late_ms(to_circle, to_square) == pytest.approx(square - circle, abs=1e-6)


def test_the_late_one_plays_sooner_and_the_other_stays() -> None:
    assert heard(85.0, -75.0) == [0, 80]
    assert heard(-75.0, 85.0) == [80, 0]


def test_nobody_is_told_before_both_have_reported() -> None:
    world = listening()
    world.says("circle", commands.ReportHeard, ms=1.0)
    assert not world.all_of("circle", ShiftMessage)


@pytest.mark.parametrize(
    "reports",
    [(None, 3.0), (3.0, None), (200.0, 200.0), (-200.0, -200.0)],
    ids=["circle did not hear", "square did not hear", "too far apart", "heard before it sounded"],
)
def test_reports_that_cannot_be_shift_nothing(reports: tuple[float | None, float | None]) -> None:
    assert heard(*reports) == [None, None]


def test_a_report_that_nobody_asked_for_is_refused() -> None:
    answer = couple().says("circle", commands.ReportHeard, ms=80.0)
    assert isinstance(answer, RefusedMessage)
    assert answer.code == "not_listening"


def test_one_pair_of_reports_counts_once() -> None:
    world = listening()
    for _ in range(2):
        for seat in PARTNERS:
            world.says(seat, commands.ReportHeard, ms=5.0)
    assert len(world.all_of("circle", ShiftMessage)) == 1


def test_no_ear_is_opened_under_way() -> None:
    answer = playing().says("circle", commands.OpenEar, on=True)
    assert isinstance(answer, RefusedMessage)
    assert answer.code == "already_started"
