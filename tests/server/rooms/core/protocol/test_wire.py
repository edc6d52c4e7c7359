"""Frames: what is read is strict and typed, and the document tells the truth."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rooms.core.protocol import errors, sentences
from server.rooms.core.protocol.commands import COMMANDS, Operation, Pause
from server.rooms.core.protocol.messages import MESSAGES
from server.rooms.core.protocol.wire import MAX_MESSAGE_BYTES, parse_command, parse_message, refusal, to_text
from server.rooms.core.types import SEATS
from tests.support.room_world import conducted, playing

DOCUMENT = (Path(__file__).parents[5] / "docs" / "protocol.md").read_text()
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)]


def is_answered_probe(example: dict[str, object]) -> bool:
    return example["type"] == "probe" and "t1" in example


TO_ROOM = [e for e in EXAMPLES if e["type"] in COMMANDS and not is_answered_probe(e)]
FROM_ROOM = [e for e in EXAMPLES if e["type"] in MESSAGES and (e["type"] != "probe" or is_answered_probe(e))]


@pytest.mark.parametrize("example", TO_ROOM, ids=lambda e: e["type"])
def test_an_example_to_the_room_is_a_command(example: dict[str, object]) -> None:
    kind = COMMANDS[str(example["type"])]
    command = parse_command(json.dumps(example), kind.seats[0])
    assert isinstance(command, kind)
    assert json.loads(command.model_dump_json()) == example, "an example shows every field"


@pytest.mark.parametrize("example", FROM_ROOM, ids=lambda e: e["type"])
def test_an_example_from_the_room_is_a_message(example: dict[str, object]) -> None:
    message = parse_message(json.dumps(example))
    assert json.loads(to_text(message)) == example, "an example shows every field"


def test_every_kind_of_message_is_documented() -> None:
    assert {e["type"] for e in TO_ROOM} == set(COMMANDS)
    assert {e["type"] for e in FROM_ROOM} == set(MESSAGES)
    assert len(TO_ROOM) + len(FROM_ROOM) == len(EXAMPLES)


@pytest.mark.parametrize(
    "code",
    [*sentences.REFUSALS, "too_long", "malformed", "wrong_version", "unknown_type", "wrong_seat", "too_many"],
)
def test_every_refusal_is_documented(code: str) -> None:
    assert f"`{code}`" in DOCUMENT


def test_what_a_room_says_can_be_read_back() -> None:
    for world in (playing(), conducted()):
        for told in world.told.values():
            for message in told:
                assert parse_message(to_text(message)) == message


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        ("", errors.Malformed),
        ("[]", errors.Malformed),
        ("null", errors.Malformed),
        ("{", errors.Malformed),
        ("[" * 4000, errors.Malformed),
        (b"\xff\xfe", errors.Malformed),
        ('"\ud800"', errors.Malformed),
        ("{}", errors.WrongVersion),
        ('{"v": 2, "type": "pause", "op": 1}', errors.WrongVersion),
        ('{"v": true, "type": "pause", "op": 1}', errors.WrongVersion),
        ('{"v": 1, "type": "dance", "op": 1}', errors.UnknownType),
        ('{"v": 1, "type": {"a": 1}, "op": 1}', errors.UnknownType),
        ('{"v": 1, "type": "pause"}', errors.Malformed),
        ('{"v": 1, "type": "pause", "op": 0}', errors.Malformed),
        ('{"v": 1, "type": "pause", "op": "1"}', errors.Malformed),
        ('{"v": 1, "type": "pause", "op": 1.5}', errors.Malformed),
        ('{"v": 1, "type": "pause", "op": 1, "who": "me"}', errors.Malformed),
        ('{"v": 1, "type": "probe", "id": 1, "t0": NaN}', errors.Malformed),
        ('{"v": 1, "type": "probe", "id": 1, "t0": 1e999}', errors.Malformed),
        ('{"v": 1, "type": "nearest", "op": 1, "nearest": "shared"}', errors.Malformed),
        ('{"v": 1, "type": "stop", "op": 1}', errors.WrongSeat),
        ('{"v": 1, "type": "pause", "op": 1}' + " " * MAX_MESSAGE_BYTES, errors.TooLong),
        ('{"v": 1, "x": "' + "é" * 2500 + '"}', errors.TooLong),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_a_frame_that_cannot_be_used_is_refused(
    frame: str | bytes, error: type[errors.ProtocolError]
) -> None:
    with pytest.raises(errors.ProtocolError) as raised:
        parse_command(frame, "circle")
    assert type(raised.value) is error


def test_a_refusal_carries_the_number_and_nothing_that_was_sent() -> None:
    with pytest.raises(errors.Malformed) as raised:
        parse_command('{"v": 1, "type": "pause", "op": 9, "<script>": "secret"}', "circle")
    told = refusal(raised.value)
    assert told.op == 9
    assert told.code == "malformed"
    assert "script" not in told.words
    assert "secret" not in told.words


@given(st.binary(max_size=300) | st.text(max_size=300), st.sampled_from(SEATS))
def test_no_frame_raises_anything_else(frame: str | bytes, seat: str) -> None:
    with pytest.raises(errors.ProtocolError):
        parse_command(frame, seat)  # type: ignore[arg-type]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(["op", "ask", "yes", "seconds", "text", "plan", "id", "t0", "who", "held"])


@given(st.sampled_from(sorted(COMMANDS)), st.sampled_from(SEATS), st.dictionaries(FIELDS, VALUES))
def test_a_command_is_whole_or_refused(kind: str, seat: str, fields: dict[str, object]) -> None:
    try:
        command = parse_command(json.dumps({"v": 1, "type": kind, **fields}), seat)  # type: ignore[arg-type]
    except errors.ProtocolError:
        return
    assert isinstance(command, COMMANDS[kind])
    assert seat in command.seats


def test_everything_that_changes_something_is_numbered() -> None:
    plain = {name for name, kind in COMMANDS.items() if not issubclass(kind, Operation)}
    assert plain == {"probe", "hello", "facts", "touch"}
    assert issubclass(Pause, Operation)
