"""A step of a room: the cheap ways are the same as the plain ones."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import TextMessage

from server.rooms.core.state import Phone, State
from server.rooms.core.transition import changed
from server.rooms.core.transport import Course, Vector
from server.rooms.socket.connection import frame_of
from tests.support.room_world import CATALOGUE, World, score_of

STATE = State(CATALOGUE, at=5.0, heard_at=4.0, circle_first=True)


@pytest.mark.parametrize("changes", [{}, {"at": 9.0}, {"rev": 3, "paused": "couple", "stage": "under_way"}])
def test_a_changed_state_is_the_one_that_replace_gives(changes: dict[str, object]) -> None:
    assert changed(STATE, changes) == dataclasses.replace(STATE, **changes)


def test_a_changed_phone_is_the_one_that_replace_gives() -> None:
    assert changed(Phone(taken=True), {"op": 4}) == dataclasses.replace(Phone(taken=True), op=4)


def test_what_was_worked_out_of_the_old_state_is_not_taken_over() -> None:
    assert STATE.phase == "gathering"
    assert changed(STATE, {"stage": "ended", "ended_at": 5.0}).phase == "ended"


@pytest.mark.parametrize("name", ["forks", "effective"])
@pytest.mark.parametrize("field", ["at", "rev", "score", "agreed", "lower_from", "course"])
def test_the_way_is_worked_out_anew_where_its_grounds_change(name: str, field: str) -> None:
    world = World("halfway")
    old = world.room.state
    assert getattr(old, name)
    layout = old.score.layout if old.score else None
    assert layout is not None
    values = {
        "at": 2000.0, "rev": 7, "score": score_of("side-by-side"), "agreed": frozenset({layout.beats[0].cue}),
        "lower_from": 1.0, "course": Course((Vector(3.0, 1, 1000.0),)),
    }  # fmt: skip
    changes = {field: values[field]}
    assert getattr(changed(old, changes), name) == getattr(dataclasses.replace(old, **changes), name)


@given(st.text(max_size=200) | st.integers(0, 70_000).map(lambda n: "é" * n))
def test_a_frame_is_read_as_the_text_that_went_in(text: str) -> None:
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(frame_of(text))
    found = list(client.events())
    assert all(isinstance(event, TextMessage) for event in found)
    assert "".join(str(event.data) for event in found) == text
