"""Cards over HTTP: what one unlocks, what it refuses, and what is left when it is over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from flask.testing import FlaskClient

from audio.recipe import SETTINGS
from audio.studio.client import Studio
from server.app import create_app
from server.config import Settings
from server.views.listening.cards import today

FROM_HERE = {"Origin": "http://localhost"}
PASSCODE = "quiet lamp by the door"
UNLOCKED, OTHER = "halfway", "seen-a-little"
PARTS = (
    "", "timeline.json", "sound.json", "audio.mp3", "captions.vtt", "chapters.json", "transcript.txt",
)  # fmt: skip


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    studio = Studio(tmp_path, workers=1)
    client = create_app(Settings(data=tmp_path, passcode=PASSCODE), studio).test_client()
    client.post("/therapist/sign-in", data={"passcode": PASSCODE}, headers=FROM_HERE)
    yield client
    studio.close()


def made(client: FlaskClient, **fields: str) -> str:
    """The path of a new card."""
    body = {"exercise-1": "the-small-exhale", "length-1": "84", "exercise-2": UNLOCKED, **fields}
    answer = client.post("/therapist/cards", json=body, headers=FROM_HERE)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.json is not None
    return urlsplit(answer.json["address"]).path


def sentence(client: FlaskClient, path: str, status: int) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    assert answer.json is not None
    told = answer.json["error"]["message"]
    assert 10 < len(told) < 120
    return told


def test_only_who_is_signed_in_makes_sees_and_ends_cards(client: FlaskClient) -> None:
    client.post("/therapist/sign-out", headers=FROM_HERE)
    assert client.get("/therapist/cards").status_code == 403
    for path in ("", "/end", "/remove"):
        assert client.post(f"/therapist/cards{path}", data={}, headers=FROM_HERE).status_code == 403
    far = {"Origin": "http://elsewhere.example"}
    assert client.post("/therapist/cards", data={}, headers=far).status_code == 403


def test_the_address_is_shown_once_and_loading_again_makes_nothing(client: FlaskClient) -> None:
    answer = client.post("/therapist/cards", data={"exercise-1": "doorway"}, headers=FROM_HERE)
    assert answer.status_code == 303
    first, second = (client.get("/therapist/cards").get_data(as_text=True) for _ in range(2))
    key = re.search(r"/cards/([\w-]{43})/", first)
    assert key
    assert key.group(1) not in second
    assert second.count('name="card"') == 1


def test_what_a_console_plays_is_chosen_already(client: FlaskClient) -> None:
    page = client.get("/therapist/cards?exercise=the-small-exhale&length=84").get_data(as_text=True)
    assert re.search(r'<option value="the-small-exhale" selected>', page)
    assert re.search(r'<option value="84" data-of="the-small-exhale" selected>', page)
    assert "selected" not in client.get("/therapist/cards?exercise=nothing&length=84").get_data(as_text=True)


def test_a_card_unlocks_its_own_pieces_for_its_holder_and_nothing_else(client: FlaskClient) -> None:
    card = made(client)
    assert client.get(f"/exercises/{UNLOCKED}/audio.mp3").status_code == 403
    assert 'id="begin"' not in client.get(f"/exercises/{UNLOCKED}/").get_data(as_text=True)
    assert 'id="begin"' in client.get(f"{card}{UNLOCKED}/").get_data(as_text=True)
    for part in PARTS:
        head = client.head(f"{card}{UNLOCKED}/{part}")
        assert head.status_code == 200, part
        assert head.headers["Cache-Control"] in ("no-store", "private, no-cache"), part
        assert "not on the card" in sentence(client, f"{card}{OTHER}/{part}", 404)
    assert client.get(f"{card}nowhere/").status_code == 404


def test_what_the_card_unlocks_it_says(client: FlaskClient) -> None:
    page = client.get(made(client)).get_data(as_text=True)
    assert page.count("this card opens it at home") == 1


def test_a_card_says_how_large_its_file_is(client: FlaskClient) -> None:
    path = made(client)
    page = client.get(path).get_data(as_text=True)
    told = re.search(r"About (\d+) MB", page)
    answer = client.get(f"{path}card.html", buffered=False)
    assert told
    assert abs(int(told[1]) - int(answer.headers["Content-Length"]) / 1e6) < 0.6
    answer.close()


def test_a_card_writes_its_last_day_as_people_do(client: FlaskClient) -> None:
    last = today() + timedelta(days=30)
    path = made(client, expires=last.isoformat())
    assert f"{last.day}, {last.year}" in client.get(path).get_data(as_text=True)
    assert f"{last.day} de " in client.get(f"/es{path}").get_data(as_text=True)


def test_her_sentence_is_text_and_bounded(client: FlaskClient) -> None:
    page = client.get(made(client, sentence="<script>x</script> " + "a" * 500)).get_data(as_text=True)
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    assert "a" * 200 not in page


def test_a_card_that_is_over_or_was_never_there_is_one_sentence(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, expired = made(client), made(client, expires=today().isoformat())
    digest = re.findall(
        r'name="card" value="([0-9a-f]{64})"', client.get("/therapist/cards").get_data(as_text=True)
    )
    assert len(digest) == 2
    monkeypatch.setattr("server.views.listening.cards.today", lambda: date(2999, 1, 1))
    paths = ("", "card.html", "feed.xml", "cover.png", f"{UNLOCKED}/", f"{UNLOCKED}/audio.mp3")
    for path in paths:
        assert "no longer opens" in sentence(client, expired + path, 410)
        assert "no such card" in sentence(client, f"/cards/{'A' * 43}/{path}", 404)
    for one in digest:
        client.post("/therapist/cards/end", data={"card": one}, headers=FROM_HERE)
    for path in paths:
        assert "no longer opens" in sentence(client, ended + path, 410)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"exercise-1": "", "exercise-2": ""}, "at least one"),
        ({"exercise-2": "the-small-exhale"}, "twice"),
        ({"length-1": "61"}, "length"),
        ({"voice-1": "nobody"}, "voice"),
        ({"expires": "2001-01-01"}, "last day"),
        ({"expires": "soon"}, "last day"),
        ({"expires": "9999-12-31"}, "last day"),
    ],
)
def test_a_form_that_cannot_be_a_card_is_one_sentence(
    client: FlaskClient, fields: dict[str, str], told: str
) -> None:
    body = {"exercise-1": "the-small-exhale", "exercise-2": UNLOCKED, **fields}
    answer = client.post("/therapist/cards", json=body, headers=FROM_HERE)
    assert answer.status_code == 400
    assert answer.json is not None
    assert told in answer.json["error"]["message"]


def test_the_feed_has_the_pieces_that_may_be_files(client: FlaskClient) -> None:
    parsed = feedparser.parse(client.get(f"{made(client)}feed.xml").data)
    assert [entry.title for entry in parsed.entries] == ["The Small Exhale"]
    sound = urlsplit(parsed.entries[0].enclosures[0].href)
    answer = client.head(f"{sound.path}?{sound.query}")
    assert answer.headers["Content-Length"] == parsed.entries[0].enclosures[0].length


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_file_is_as_long_as_it_says_and_names_no_other_place(client: FlaskClient, setting: str) -> None:
    answer = client.get(f"{made(client, **{'exercise-2': '', 'setting-1': setting})}card.html")
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert len(answer.data) < 84 / 300 * 3e6
    text = answer.get_data(as_text=True)
    assert not re.findall(r"(?:https?:|src=\"/|href=|url\(|fetch\(|import )", text)
    assert "default-src 'none'" in text


@pytest.mark.parametrize("setting", SETTINGS)
def test_five_minutes_are_less_than_three_megabytes(client: FlaskClient, setting: str) -> None:
    pieces = {"exercise-1": "side-by-side", "length-1": "300", "exercise-2": "", "setting-1": setting}
    answer = client.get(f"{made(client, **pieces)}card.html", buffered=False)
    assert int(answer.headers["Content-Length"]) <= 3e6
    answer.close()
