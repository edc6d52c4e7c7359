"""The rooms that a therapist has open, and the way back into each."""

from __future__ import annotations

import pytest

from tests.conftest import Service
from tests.server.conftest import PASSCODE
from tests.server.rooms.test_therapist import begun
from tests.support.phone import Phone, new_address
from tests.support.wire import Closed, Refused


def the_page(phone: Phone) -> str:
    return phone.ask("GET", "/therapist", Accept="text/html").body.decode()


def signed_in(rooms: Service) -> Phone:
    phone = Phone(rooms, new_address())
    phone.signs_in(PASSCODE)
    return phone


def back_into(phone: Phone, room: str) -> Phone:
    answer = phone.ask("POST", f"/therapist/rooms/{room}/console", {})
    assert answer.json == {"address": f"/rooms/{room}/"}
    phone.room = room
    return phone


def test_a_room_is_listed_with_its_label_and_state_for_whoever_is_signed_in(rooms: Service) -> None:
    guide = signed_in(rooms)
    guide.opens("/therapist/rooms", screened="yes", label="<i>tuesday</i>\n late")
    other = signed_in(rooms)
    page = the_page(other)
    assert "<strong>&lt;i&gt;tuesday&lt;/i&gt; late</strong>" in page
    assert "waiting for the phones · no phone" in page
    assert "tuesday" not in the_page(Phone(rooms, new_address()))


def test_a_room_of_a_couple_alone_is_in_no_list_and_nobodys_console(rooms: Service) -> None:
    couple = Phone(rooms, new_address())
    couple.opens("/rooms")
    guide = signed_in(rooms)
    assert couple.room not in the_page(guide)
    answer = guide.ask("POST", f"/therapist/rooms/{couple.room}/console", {})
    assert (answer.status, answer.code) == (410, "room_closed")


def test_a_second_device_takes_the_console_over(rooms: Service) -> None:
    guide, circle, _ = begun(rooms)
    second = back_into(signed_in(rooms), guide.room)
    second.connects()
    assert second.sees("console", phase="playing")
    assert second.says("pause")["type"] == "done"
    assert circle.sees("room", phase="paused")
    with pytest.raises(Refused):
        guide.connects()  # the first device has no seat any more


def test_after_signing_in_again_the_room_is_still_there(rooms: Service) -> None:
    guide, circle, _ = begun(rooms)
    guide.ask("POST", "/therapist/sign-out", {})
    assert circle.sees("room", phase="held")["offer_close"]
    guide.signs_in(PASSCODE)
    assert guide.room in the_page(guide)
    back_into(guide, guide.room).connects()
    assert guide.says("release")["type"] == "done"
    assert circle.sees("room", phase="playing")


@pytest.mark.parametrize("name", ["plans", "links", "cards", "feeds", "studio", "recordings", "voices"])
def test_every_page_leads_back_into_an_open_room_at_once(rooms: Service, name: str) -> None:
    guide = Phone(rooms, new_address())
    guide.signs_in(PASSCODE)
    guide.opens("/therapist/rooms", screened="yes", label=f"oak {name}")
    shown = guide.ask("GET", f"/therapist/{name}", Accept="text/html").body.decode()
    assert f'action="/therapist/rooms/{guide.room}/console"' in shown
    assert f"oak {name}" in shown


def test_only_who_is_signed_in_comes_back(rooms: Service) -> None:
    guide = signed_in(rooms)
    guide.opens("/therapist/rooms", screened="yes")
    stranger = Phone(rooms, new_address())
    answer = stranger.ask("POST", f"/therapist/rooms/{guide.room}/console", {})
    assert (answer.status, answer.code) == (403, "not_signed_in")
    assert "seat" not in stranger.cookies


def test_a_room_that_is_ended_is_over_for_everybody_and_in_no_list(rooms: Service) -> None:
    guide, circle, square = begun(rooms)
    assert signed_in(rooms).ask("POST", f"/therapist/rooms/{guide.room}/end", {}).json == {
        "address": "/therapist"
    }
    for phone in (guide, circle, square):
        with pytest.raises(Closed):
            phone.hears(lambda message: False)
        with pytest.raises(Refused):
            phone.connects()
    assert guide.room not in the_page(guide)
    answer = guide.ask("POST", f"/therapist/rooms/{guide.room}/end", {})
    assert (answer.status, answer.code) == (410, "room_closed")


def test_only_a_therapist_ends_a_room_and_never_a_couples_own(rooms: Service) -> None:
    guide, circle, _ = begun(rooms)
    assert circle.ask("POST", f"/therapist/rooms/{guide.room}/end", {}).status in (401, 403)
    couple = Phone(rooms, new_address())
    couple.opens("/rooms")
    answer = signed_in(rooms).ask("POST", f"/therapist/rooms/{couple.room}/end", {})
    assert (answer.status, answer.code) == (410, "room_closed")
    couple.connects()
