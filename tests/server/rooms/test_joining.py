"""Opening a room and getting into it: codes, seats, cookies, limits, and who is turned away."""

from __future__ import annotations

import re

import pytest

from server.rooms.admission.codes import ALPHABET
from server.rooms.core.protocol import sentences
from tests.conftest import Service
from tests.server.conftest import PASSCODE
from tests.support.phone import Phone, couple, new_address


def opened(rooms: Service) -> Phone:
    phone = Phone(rooms, new_address())
    assert phone.opens().status == 200
    return phone


def test_a_code_brings_the_other_phone_in(rooms: Service) -> None:
    circle = opened(rooms)
    invite = circle.ask("POST", f"/rooms/{circle.room}/invite", {}).json
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", invite["code"])
    assert invite["seat"] == "square"
    assert invite["expires_s"] == 600
    assert invite["join_address"].endswith("/join")
    assert invite["code"] not in invite["join_address"]
    assert invite["qr_svg"].startswith("<svg")
    assert "style=" not in invite["qr_svg"]
    assert "--lan" in invite["only_here"]  # an address that no other phone can open is said to be one
    square = Phone(rooms)
    answer = square.joins(invite["code"].lower().replace("-", " "))
    assert answer.json == {"address": f"/rooms/{circle.room}/"}
    assert square.connects().sees("room")["partner"] in ("here", "away")
    assert square.told[0]["seat"] == "square"


def test_the_seat_is_kept_in_a_cookie_that_only_its_room_gets(rooms: Service) -> None:
    phone = Phone(rooms, new_address())
    cookie = phone.opens().headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert f"Path=/rooms/{phone.room};" in cookie + ";"
    assert len(phone.cookies["seat"]) >= 43
    assert "Secure" not in cookie
    assert "Secure" in Phone(rooms, new_address()).opens_securely()


def test_the_page_is_for_who_holds_a_seat(rooms: Service) -> None:
    circle = opened(rooms)
    page = circle.ask("GET", f"/rooms/{circle.room}/", Accept="text/html")
    assert page.status == 200
    assert page.headers["Cache-Control"] == "no-store"
    stranger = Phone(rooms).ask("GET", f"/rooms/{circle.room}/")
    assert (stranger.status, stranger.headers["Location"]) == (303, "/join")
    assert Phone(rooms).ask("GET", "/rooms/0123456789abcdef/").status == 303


def test_a_partners_page_may_use_the_microphone_and_a_console_not(rooms: Service) -> None:
    circle = opened(rooms)
    guide = Phone(rooms, new_address())
    assert guide.signs_in(PASSCODE).status == 200
    assert guide.opens("/therapist/rooms", screened="yes").status == 200
    for phone, allowed in ((circle, "(self)"), (guide, "()")):
        page = phone.ask("GET", f"/rooms/{phone.room}/", Accept="text/html")
        assert page.headers["Permissions-Policy"].endswith(f"microphone={allowed}")


def test_a_form_is_answered_with_a_page(rooms: Service) -> None:
    phone = Phone(rooms, new_address())
    form = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    answer = phone.ask_form("/rooms", "exercise=doorway&length=75", **form)
    assert answer.status == 303
    assert re.fullmatch(r"/rooms/[0-9a-f]{16}/", answer.headers["Location"])
    refused = phone.ask_form("/join", "code=AAAA-AAAA", **form)
    assert refused.status == 403
    assert sentences.BAD_CODE.encode() in refused.body


def test_a_third_phone_is_told_that_there_are_two(rooms: Service) -> None:
    circle = opened(rooms)
    code = circle.invites()
    assert Phone(rooms).joins(code).status == 200
    third = Phone(rooms, new_address()).joins(code)
    assert (third.status, third.code) == (409, "crowded")
    assert third.json["error"]["message"] == "This room already has two phones."
    assert circle.ask("POST", f"/rooms/{circle.room}/invite", {}).code == "crowded"


@pytest.mark.parametrize(
    "code", ["0000-0000", "", "hello", "U" * 8, "Z" * 500, "0000 0000", None, 7, [], {"a": 1}]
)
def test_a_wrong_code_is_one_sentence(rooms: Service, code: object) -> None:
    answer = Phone(rooms, new_address()).ask("POST", "/join", {"code": code})
    assert (answer.status, answer.code) == (403, "bad_code")
    assert answer.json["error"]["message"] == sentences.BAD_CODE


def test_a_code_works_once_and_the_newest_only(rooms: Service) -> None:
    circle = opened(rooms)
    older, newer = circle.invites(), circle.invites()
    stranger = Phone(rooms, new_address())
    assert stranger.joins(older).code == "bad_code"
    assert stranger.joins(newer).status == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 60_000, b'"x"', b"\xff\xfe", b"9" * 9_000])
def test_a_body_that_is_rubbish_is_no_accident(rooms: Service, body: bytes) -> None:
    phone = Phone(rooms, new_address())
    answer = phone.ask_form("/join", body, Content_Type="application/json")
    assert answer.status == 403
    assert phone.ask_form("/rooms", body, Content_Type="application/json").status in (400, 404)
    assert phone.ask_form("/rooms", b"x" * 100_000, Content_Type="text/plain").status in (400, 404, 413)


def test_guessing_is_slowed_at_ten_a_minute_and_the_couple_gets_in_all_the_same(rooms: Service) -> None:
    circle = opened(rooms)
    code = circle.invites()
    guesser = Phone(rooms, new_address())
    answers = [guesser.joins("0000-0000") for _ in range(12)]
    refused = [a for a in answers if a.status == 429]
    assert len(refused) >= 2
    assert int(refused[0].headers["Retry-After"]) > 0
    assert Phone(rooms, circle.forwarded["X-Forwarded-For"]).joins(code).status == 200


def test_rooms_are_not_opened_without_end(rooms: Service) -> None:
    phone = Phone(rooms, new_address())
    codes = [phone.opens().status for _ in range(12)]
    assert codes[:10] == [200] * 10
    assert codes[10:] == [429, 429]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"exercise": "nothing"}, 404),
        ({"exercise": "doorway", "length": 77}, 400),
        ({"exercise": "doorway", "voice": "nobody"}, 400),
        ({}, 404),
        (["doorway"], 404),
    ],
)
def test_a_choice_that_is_not_on_offer_opens_nothing(rooms: Service, body: object, status: int) -> None:
    assert Phone(rooms, new_address()).ask("POST", "/rooms", body).status == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "", "Sec_Fetch_Site": "cross-site"},
        {"Origin": "null", "Sec_Fetch_Site": "same-site"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://["},
    ],
)
def test_another_sites_page_can_do_nothing(rooms: Service, headers: dict[str, str]) -> None:
    phone = opened(rooms)
    for path in ("/rooms", "/join", f"/rooms/{phone.room}/invite", "/therapist/sign-in", "/therapist/rooms"):
        answer = phone.ask("POST", path, {"exercise": "doorway", "code": "0000-0000"}, **headers)
        assert (answer.status, answer.code) == (403, "not_from_here"), path


def test_clips_are_for_seats_and_never_change(rooms: Service) -> None:
    circle, square = couple(rooms)
    plan = circle.sees("plan")
    clip = next(cue["clip"] for cue in plan["tracks"]["main"]["cues"] if cue["clip"])
    answer = circle.ask("GET", f"/rooms/{circle.room}/{clip}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "audio/flac"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert answer.body[:4] == b"fLaC"
    assert Phone(rooms).ask("GET", f"/rooms/{circle.room}/{clip}").status == 403
    assert circle.ask("GET", f"/rooms/{circle.room}/clips/{'0' * 64}.flac").status == 404
    assert circle.ask("GET", f"/rooms/{circle.room}/clips/..%2F..%2Fpasscode.flac").status == 404
    assert square.sees("plan")["tracks"]["main"]["cues"][1]["clip"] is None
