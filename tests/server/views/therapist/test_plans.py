"""Plans of a session over HTTP: kept under a label, refused in a sentence, begun as a room."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.conftest import Service
from tests.server.conftest import PASSCODE
from tests.support.phone import Phone, new_address

FIELDS = {
    "label": "blue door", "exercise-1": "the-small-exhale", "watch-1": "their <b>hands</b>", "act-1": "wait",
    "exercise-2": "doorway", "length-2": "75",
}  # fmt: skip


@pytest.fixture
def guide(rooms: Service) -> Phone:
    phone = Phone(rooms, new_address())
    phone.signs_in(PASSCODE)
    return phone


def planned(guide: Phone, **more: str) -> str:
    answer = guide.ask("POST", "/therapist/plans", {**FIELDS, **more})
    assert answer.status == 200, answer.body
    return answer.json["address"]


def page(guide: Phone, path: str) -> str:
    return guide.ask("GET", path, Accept="text/html").body.decode()


def test_only_who_is_signed_in_has_plans(rooms: Service, guide: Phone) -> None:
    path = planned(guide)
    stranger = Phone(rooms, new_address())
    assert stranger.ask("GET", "/therapist/plans").code == "not_signed_in"
    assert stranger.ask("GET", path).code == "not_signed_in"
    for act in ("", "/start", "/remove"):
        assert stranger.ask("POST", path + act, {"screened": "yes"}).code == "not_signed_in"


def test_a_plan_is_kept_for_its_owner_alone_and_stays_as_it_was_written(rooms: Service, guide: Phone) -> None:
    path = planned(guide)
    shown = page(guide, path)
    assert "their &lt;b&gt;hands&lt;/b&gt;" in shown
    assert "75 seconds" in shown
    file = rooms.data / "plans" / f"{Path(path).name}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    guide.ask("POST", path, {**FIELDS, "label": "other", "exercise-2": ""})
    assert "Doorway</h2>" not in page(guide, path)
    guide.ask("POST", f"{path}/remove", {})
    assert guide.ask("GET", path).status == 404
    assert not file.exists()


def test_a_session_begins_with_the_first_piece_and_has_the_next_one_ready_to_choose(guide: Phone) -> None:
    path = planned(guide)
    assert guide.ask("POST", f"{path}/start", {}).code == "screening_first"
    answer = guide.ask("POST", f"{path}/start", {"screened": "yes"})
    guide.room = answer.json["address"].split("/")[-2]
    console = page(guide, f"/rooms/{guide.room}/")
    assert "<title>blue door" in console
    assert "&#34;exercise&#34;: &#34;doorway&#34;" in console
    guide.connects()
    assert guide.sees("console")["exercise"]["id"] == "the-small-exhale"
    guide.sees("plan")
    said = guide.says("choose", exercise="doorway", length=75, voice="", words="all")
    assert said["type"] == "done"
    assert guide.hears(lambda m: m["type"] == "console" and m["exercise"]["id"] == "doorway")
    assert "blue door" in page(guide, "/therapist")


def test_a_session_can_begin_with_its_door_closed_to_whoever_waits_with_a_link(
    rooms: Service, guide: Phone
) -> None:
    path = planned(guide, label="shut door")
    link = guide.ask("POST", "/therapist/links", {"label": "shut door", "kind": "one"}).json["either"]
    guide.ask("POST", f"{path}/start", {"screened": "yes", "admission": "yes"})
    phone = Phone(rooms, new_address())
    came = phone.ask("POST", "/coming", {"key": urlsplit(link).fragment})
    phone.room = came.json["address"].split("/")[-2]
    assert phone.connects().sees("room")["missing"] == ["admission"]


def test_a_plan_leads_to_a_lasting_link_under_its_label_and_back(guide: Phone) -> None:
    path = planned(guide, label="Low wall")
    assert "Make a lasting link for it" in page(guide, path)
    guide.ask_form("/therapist/links", urlencode({"label": "low wall"}), **form(guide))
    assert f'href="{path}"' in page(guide, "/therapist/links")
    shown = page(guide, path)
    assert "Make a lasting link for it" not in shown
    assert "The lasting link of this label" in shown


def form(guide: Phone) -> dict[str, str]:
    """The headers of a form that a signed-in page sends."""
    cookies = "; ".join(f"{name}={value}" for name, value in guide.cookies.items())
    return {"Cookie": cookies, "Content_Type": "application/x-www-form-urlencoded", "Accept": "text/html"}


def test_a_card_made_from_a_console_has_the_voice_and_the_label_of_its_room(guide: Phone) -> None:
    guide.opens("/therapist/rooms", screened="yes", label="warm brick", voice="lower")
    cards = page(guide, f"/therapist/cards?room={guide.room}&exercise=doorway&length=75")
    assert 'value="warm brick"' in cards
    first = cards[cards.index('id="voice-1"') : cards.index('id="setting-1"')]
    assert '<option value="lower" selected>' in first
    assert 'value="warm brick"' not in page(guide, "/therapist/cards?room=nowhere&exercise=doorway")


def test_a_plan_that_was_removed_leaves_its_room_alone(guide: Phone) -> None:
    path = planned(guide)
    answer = guide.ask("POST", f"{path}/start", {"screened": "yes"})
    guide.ask("POST", f"{path}/remove", {})
    console = page(guide, answer.json["address"])
    assert 'id="console"' in console
    assert "next-piece" not in re.sub(r"<script.*?</script>", "", console)


@pytest.mark.parametrize(
    ("more", "told"),
    [({"exercise-1": "", "exercise-2": ""}, "at least one"), ({"exercise-2": "the-small-exhale"}, "twice")],
)
def test_what_cannot_be_a_plan_is_one_sentence(guide: Phone, more: dict[str, str], told: str) -> None:
    answer = guide.ask("POST", "/therapist/plans", {**FIELDS, **more})
    assert answer.status == 400
    assert told in answer.json["error"]["message"]
