"""The socket of a room: who may open it, what it carries, and what ends it."""

from __future__ import annotations

import contextlib
import json
import os
import time

import pytest

from server.rooms.core.state import GRACE_S
from tests.conftest import Service
from tests.support.phone import Phone, couple, playing
from tests.support.wire import Refused


def descriptors(service: Service) -> int:
    """Open descriptors of the service."""
    return len(os.listdir(f"/proc/{service.process.pid}/fd"))


def test_two_yeses_bring_both_the_same_course(rooms: Service) -> None:
    circle, square = couple(rooms)
    first, second = playing(circle, square)
    assert first["vectors"] == second["vectors"]
    assert first["vectors"][0]["velocity"] == 1
    assert first["vectors"][0]["at"] > circle.probes()["t2"] - 5
    assert (first["speaks"], second["speaks"]) == (True, False)


def test_a_pause_by_one_rests_both_at_the_same_moment(rooms: Service) -> None:
    circle, square = couple(rooms)
    playing(circle, square)
    assert square.says("pause")["type"] == "done"
    heard = [phone.sees("room", phase="paused") for phone in (circle, square)]
    assert heard[0]["note"] == heard[1]["note"] == {"code": "paused", "words": "Paused"}
    courses = [[m for m in phone.told if m["type"] == "course"][-1] for phone in (circle, square)]
    assert courses[0]["vectors"] == courses[1]["vectors"]
    assert courses[0]["vectors"][-1]["velocity"] == 0


def test_a_probe_is_answered_by_one_clock(rooms: Service) -> None:
    circle, square = couple(rooms)
    answers = [phone.probes() for phone in (circle, square, circle)]
    assert len({answer["epoch"] for answer in answers}) == 1
    times = [t for answer in answers for t in (answer["t1"], answer["t2"])]
    assert times == sorted(times)
    assert all(answer["t2"] - answer["t1"] < 0.05 for answer in answers)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Cookie": "seat=nobody"}, 403),
        ({"Cookie": ""}, 403),
        ({"Cookie": "seat=\xe9"}, 400),
    ],
)
def test_it_is_refused_before_the_upgrade(rooms: Service, headers: dict[str, str], status: int) -> None:
    phone = Phone(rooms, "203.0.113.9")
    phone.opens()
    with pytest.raises(Refused) as refused:
        phone.open_socket(**headers)
    assert refused.value.status == status


def test_a_handshake_that_is_none_is_an_answer_and_not_an_accident(rooms: Service) -> None:
    circle, _ = couple(rooms)
    path = f"/rooms/{circle.room}/socket"
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    for more in ({}, {"Sec_WebSocket_Key": "short", "Sec_WebSocket_Version": "13"},
                 {"Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec_WebSocket_Version": "8"}):  # fmt: skip
        assert circle.ask("GET", path, None, **upgrade, **more).status == 400
    assert circle.ask("GET", path).status == 400
    assert circle.ask("POST", path, {}).status in (400, 405)


def test_compression_is_never_agreed_on(rooms: Service) -> None:
    circle, _ = couple(rooms)
    wire = circle.open_socket(**{"Sec-WebSocket-Extensions": "permessage-deflate"})
    assert wire.extensions == []
    wire.close()


def test_a_newer_page_takes_the_seat_over(rooms: Service) -> None:
    circle, square = couple(rooms)
    old = circle.socket
    circle.connects()
    new, circle.socket = circle.socket, old
    assert circle.close_code() == 4001
    assert circle.told[-1]["code"] == "replaced"
    circle.socket = new
    assert circle.probes()
    assert square.sees("room")["partner"] != "away"


def test_a_phone_that_is_gone_is_told_after_the_grace(rooms: Service) -> None:
    circle, square = couple(rooms)
    circle.socket.vanish()
    began = time.monotonic()
    square.hears(lambda m: m["type"] == "room" and m["partner"] == "away", limit_s=10)
    assert time.monotonic() - began > GRACE_S - 0.5


def test_a_phone_that_is_gone_without_closing_is_told_under_way_and_so_is_its_return(rooms: Service) -> None:
    circle, square = couple(rooms)
    playing(circle, square)
    circle.is_mute = True
    square.hears(lambda m: m["type"] == "room" and m["partner"] == "away", limit_s=20)
    circle.is_mute = False
    circle.probes()
    square.hears(lambda m: m["type"] == "room" and m["partner"] == "here")


def test_what_comes_twice_is_done_once(rooms: Service) -> None:
    circle, square = couple(rooms)
    playing(circle, square)
    assert circle.says("pause")["type"] == "done"
    circle.sends(type="pause", op=circle.op)
    assert circle.hears("done")["op"] == circle.op


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", "malformed"),
        ("[]", "malformed"),
        ("[" * 4000, "malformed"),
        ('{"v": 1, "type": "pause"}', "malformed"),
        ('{"v": 2, "type": "pause", "op": 1}', "wrong_version"),
        ('{"v": 1, "type": "fly", "op": 1}', "unknown_type"),
        ('{"v": 1, "type": "stop", "op": 1}', "wrong_seat"),
    ],
)
def test_a_frame_that_cannot_be_used_is_refused_and_nothing_more(
    rooms: Service, frame: str, code: str
) -> None:
    circle, square = couple(rooms)
    circle.socket.send(frame)
    assert circle.hears("refused")["code"] == code
    assert circle.probes()
    assert square.probes()


def test_a_frame_too_long_ends_the_socket_and_leaks_nothing(rooms: Service) -> None:
    circle, square = couple(rooms)
    before = descriptors(rooms)
    for _ in range(5):
        circle.connects()
        circle.socket.send("x" * 5000)
        assert circle.close_code() == 1009
        circle.socket.close()
    deadline = time.monotonic() + 10
    while descriptors(rooms) > before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert descriptors(rooms) <= before
    assert circle.connects().probes()
    assert square.probes()


def test_a_flood_is_cut_off_and_nobody_else_feels_it(rooms: Service) -> None:
    circle, square = couple(rooms)
    probe = json.dumps({"v": 1, "type": "probe", "id": 1, "t0": 0.0})
    with contextlib.suppress(OSError):
        for _ in range(20_000):
            circle.socket.send(probe)
    assert circle.close_code() in (1008, 0)
    waits = []
    for _ in range(20):
        began = time.monotonic()
        square.probes()
        waits.append(time.monotonic() - began)
        time.sleep(0.11)
    assert sorted(waits)[-2] < 0.1
    assert circle.connects().probes()


def test_many_frames_that_cannot_be_used_end_the_socket(rooms: Service) -> None:
    circle, _ = couple(rooms)
    for _ in range(22):
        circle.socket.send("{}")
    assert circle.close_code() == 1008


def test_a_slow_reader_holds_up_nobody(rooms: Service) -> None:
    circle, square = couple(rooms)
    # circle reads nothing while plan after plan is made for it
    waits = []
    for n in range(30):
        circle.sends(type="nearest", op=n + 1, nearest=["heavy", "guarded"][n % 2])
        began = time.monotonic()
        square.probes()
        waits.append(time.monotonic() - began)
        time.sleep(0.15)
    assert max(waits) < 0.5
    plans = []
    while (frame := circle.socket.receive(timeout=1.0)) is not None:
        message = json.loads(frame)
        if message["type"] == "plan":
            plans.append(message["plan"])
    assert plans == sorted(plans)


def test_giving_the_seat_up_ends_the_socket_and_the_token(rooms: Service) -> None:
    circle, square = couple(rooms)
    square.sends(type="leave", op=1)
    assert square.close_code() == 4002
    with pytest.raises(Refused):
        square.open_socket()
    circle.sees("room", partner="absent")
    assert circle.invites()
