"""Lasting links: into whichever room is open under the label, and one sentence for everything else."""

from __future__ import annotations

import stat
from urllib.parse import urlsplit

import pytest

from tests.conftest import Service
from tests.server.conftest import PASSCODE
from tests.support.phone import Answer, Phone, new_address


@pytest.fixture
def guide(rooms: Service) -> Phone:
    phone = Phone(rooms, new_address())
    phone.signs_in(PASSCODE)
    return phone


def keys(guide: Phone, label: str, kind: str = "two") -> dict[str, str]:
    """The keys of new addresses, by seat."""
    answer = guide.ask("POST", "/therapist/links", {"label": label, "kind": kind})
    assert answer.status == 200, answer.body
    return {s: urlsplit(a).fragment for s, a in answer.json.items() if s != "label"}


def comes(rooms: Service, key: str, phone: Phone | None = None) -> tuple[Phone, Answer]:
    """A phone opens the page of its link once."""
    phone = phone or Phone(rooms, new_address())
    answer = phone.ask("POST", "/coming", {"key": key})
    if "address" in answer.json:
        phone.room = answer.json["address"].split("/")[-2]
    return phone, answer


def opened(guide: Phone, label: str) -> str:
    guide.opens("/therapist/rooms", screened="yes", label=label)
    return guide.room


def refused(answer: Answer, status: int) -> None:
    assert answer.status == status
    assert 20 < len(answer.json["error"]["message"]) < 110


def test_both_phones_wait_and_come_into_each_room_that_opens(rooms: Service, guide: Phone) -> None:
    own = keys(guide, "Green Chair")
    assert comes(rooms, own["square"])[1].json["waiting"]
    first = opened(guide, "another")
    assert comes(rooms, own["square"])[1].json["waiting"]
    second = opened(guide, "green chair")
    for seat in ("square", "circle"):
        phone, answer = comes(rooms, own[seat])
        assert answer.json == {"address": f"/rooms/{second}/"}
        phone.connects()
        assert phone.told[0]["seat"] == seat
    assert first != second
    third = opened(guide, "green chair")
    assert comes(rooms, own["circle"])[1].json == {"address": f"/rooms/{third}/"}


def test_a_third_phone_is_told_so_and_the_phone_that_has_the_seat_comes_back(
    rooms: Service, guide: Phone
) -> None:
    own = keys(guide, "red lamp")
    room = opened(guide, "red lamp")
    phone, _ = comes(rooms, own["circle"])
    third, answer = comes(rooms, own["circle"])
    refused(answer, 409)
    assert third.ask("GET", f"/rooms/{room}/", Accept="text/html").status == 303
    assert phone.ask("GET", f"/rooms/{room}/", Accept="text/html").status == 200


def test_one_address_brings_both_phones_and_no_third(rooms: Service, guide: Phone) -> None:
    own = keys(guide, "brown cup", "one")
    assert set(own) == {"either"}
    opened(guide, "brown cup")
    for _ in range(2):
        assert comes(rooms, own["either"])[1].status == 200
    refused(comes(rooms, own["either"])[1], 409)


def test_a_guessed_and_a_revoked_link_are_one_sentence_each(rooms: Service, guide: Phone) -> None:
    own = keys(guide, "old coat")
    opened(guide, "old coat")
    for wrong in ("", "A" * 43, own["circle"][:-1]):
        refused(comes(rooms, wrong)[1], 404)
    pair = guide.ask("GET", "/therapist/links", Accept="text/html").body.decode()
    pair_id = pair.split('feed-name">old coat', 1)[1].split('name="pair" value="', 1)[1][:16]
    assert guide.ask("POST", "/therapist/links/revoke", {"pair": pair_id}).status == 200
    for key in own.values():
        refused(comes(rooms, key)[1], 410)


def test_guessing_is_slowed_down(rooms: Service) -> None:
    phone = Phone(rooms, new_address())
    answers = [comes(rooms, "A" * 43, phone)[1].status for _ in range(7)]
    assert answers[-1] == 429


def test_a_room_of_a_couple_alone_is_no_links_room(rooms: Service, guide: Phone) -> None:
    own = keys(guide, "tin box")
    Phone(rooms, new_address()).opens("/rooms", label="tin box")
    assert comes(rooms, own["circle"])[1].json["waiting"]


def test_no_key_is_kept_and_files_are_their_owners_alone(rooms: Service, guide: Phone) -> None:
    own = keys(guide, "far hill")
    files = list((rooms.data / "links").glob("*.json"))
    assert files
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not any(key in path.read_text() for key in own.values())
    assert all(len(key) == 43 for key in own.values())


def test_only_who_is_signed_in_makes_and_ends_links(rooms: Service) -> None:
    stranger = Phone(rooms, new_address())
    for path in ("/therapist/links", "/therapist/links/revoke"):
        assert stranger.ask("POST", path, {"label": "x"}).code == "not_signed_in"
    assert stranger.ask("GET", "/therapist/links").code == "not_signed_in"


def test_a_link_without_a_label_is_one_sentence(guide: Phone) -> None:
    answer = guide.ask("POST", "/therapist/links", {"label": "  "})
    refused(answer, 400)
