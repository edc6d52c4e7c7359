"""A script that could hurt somebody plays in no room, no file, no feed, no archive, by no card and on no phone's copy.

Each way out is asked for the same three scripts: words that harm, and heads that hide a look or a reach.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from audio.recipe import Recipe
from audio.studio.order_queue import Asking
from exercises.errors import UnknownExercise
from server.app import create_app
from server.cli.main import main
from server.config import Settings
from server.context import StillHere
from server.services.export.export_set import entries, parse_set
from server.services.export.feeds import feed_voices
from server.services.hour.pieces import Piece
from tests.support.scripts import LOOKING, QUIET, changed

PASSCODE = "a lamp in the hall"
REACHING = changed(LOOKING, "  - gaze:\n      seconds: 5\n", "  - reach:\n      seconds: 5\n")
HARMFUL = {
    "closed-eyes": changed(QUIET, "Look round the room.", "Close your eyes and keep them closed."),
    "hidden-look": changed(LOOKING, "level: 2", "level: 0"),
    "hidden-reach": changed(REACHING, "level: 2", "level: 0"),
    "reach-alone": changed(REACHING, "level: 2", "level: 3"),
}

CARD_PARTS = (
    "", "timeline.json", "sound.json", "audio.mp3", "captions.vtt", "chapters.json", "transcript.txt",
)  # fmt: skip


class NoStudio:
    """Stands where sound would be made, and makes none."""

    asked: list[str]

    def __init__(self) -> None:
        self.asked = []

    def warm(self, voice: str) -> None:
        """Do nothing where somebody may soon ask for a voice."""

    def size(self, recipe: Recipe, key: str) -> int:
        return 1

    def render(self, recipe: Recipe, key: str, asking: Asking) -> object:
        self.asked.append(recipe.exercise.id)
        raise OSError(28, "no sound is made here")

    def held(self, render: object) -> object:
        raise AssertionError("there is no render to be held")


def named(script: str, name: str) -> str:
    head, rest = script.split("\n", 1)
    assert head.startswith("id: ")
    return f"id: {name}\n{rest}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Scripts in the data folder: those that harm, and one that does not."""
    own = tmp_path / "scripts"
    own.mkdir()
    for name, script in {**HARMFUL, "harmless": QUIET}.items():
        (own / f"{name}.yaml").write_text(named(script, name), "utf-8")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[FlaskClient]:
    app = create_app(Settings(data=folder, passcode=PASSCODE), NoStudio())  # type: ignore[arg-type]
    yield app.test_client()
    assert set(HARMFUL).isdisjoint(site_of(app.test_client()).studio.asked)  # type: ignore[attr-defined]


def site_of(client: FlaskClient) -> StillHere:
    return client.application.extensions["still_here"]


@pytest.mark.parametrize("name", HARMFUL)
@pytest.mark.parametrize(
    "file",
    ["", "timeline.json", "sound.json", "audio.mp3", "audio.flac", "audio.wav", "captions.vtt", "transcript.txt",
     "chapters.json"],
)  # fmt: skip
def test_no_page_and_no_file_has_it(client: FlaskClient, name: str, file: str) -> None:
    assert client.get(f"/exercises/{name}/{file}").status_code == 404
    assert client.get(f"/es/exercises/{name}/{file}").status_code == 404


@pytest.mark.parametrize("name", HARMFUL)
def test_no_room_opens_with_it(client: FlaskClient, name: str) -> None:
    own = {"Origin": "http://localhost"}
    assert client.post("/rooms", data={"exercise": name}, headers=own).status_code == 404
    client.post("/therapist/sign-in", data={"passcode": PASSCODE}, headers=own)
    asked = {"exercise": name, "screened": "yes"}
    assert client.post("/therapist/rooms", data=asked, headers=own).status_code == 404
    assert name not in {entry.exercise_id for entry in site_of(client).hub._preparer.catalogue}


def test_no_list_names_it_and_a_harmless_one_beside_it_is_there(client: FlaskClient) -> None:
    client.post("/therapist/sign-in", data={"passcode": PASSCODE}, headers={"Origin": "http://localhost"})
    for path in ("/", "/sw.js", "/kept", "/paths"):
        page = client.get(path).get_data(as_text=True)
        for name in HARMFUL:
            assert name not in page, path
    assert "harmless" in client.get("/").get_data(as_text=True)
    assert '"harmless"' in client.get("/sw.js").get_data(as_text=True)


def test_no_feed_and_no_archive_has_it(client: FlaskClient) -> None:
    site = site_of(client)
    key, _ = site.feeds.make(parse_set(feed_voices(site.offers), {}), os.urandom, date(2030, 1, 1))
    listed = client.get(f"/feeds/{key}/feed.xml").get_data(as_text=True)
    assert "harmless" in listed
    for name in HARMFUL:
        assert name not in listed
        assert client.get(f"/feeds/{key}/{name}.mp3").status_code == 404
    packed = entries(site.library, site.offers, parse_set(site.offers, {}))
    assert set(HARMFUL).isdisjoint({entry.exercise.id for entry in packed})


@pytest.mark.parametrize("name", HARMFUL)
def test_no_card_is_made_with_it(client: FlaskClient, name: str) -> None:
    own = {"Origin": "http://localhost"}
    client.post("/therapist/sign-in", data={"passcode": PASSCODE}, headers=own)
    for pieces in ({"exercise-1": name}, {"exercise-1": "harmless", "exercise-2": name}):
        assert client.post("/therapist/cards", json=pieces, headers=own).status_code == 404
        assert client.post("/es/therapist/cards", json=pieces, headers=own).status_code == 404
    assert f'value="{name}"' not in client.get(f"/therapist/cards?exercise={name}").get_data(as_text=True)
    assert site_of(client).cards.all(date(2030, 1, 1)) == []


@pytest.mark.parametrize("name", HARMFUL)
def test_a_card_from_before_it_was_harmful_gives_the_other_pieces_alone(
    client: FlaskClient, name: str
) -> None:
    pieces = (Piece(name, voice="neutral"), Piece("harmless"))
    key, _ = site_of(client).cards.make(pieces, os.urandom, date(2030, 1, 1))
    for path in ("", "feed.xml"):
        page = client.get(f"/cards/{key}/{path}").get_data(as_text=True)
        assert name not in page
        assert "harmless" in page
    for language in ("", "/es"):
        for part in CARD_PARTS:
            assert client.get(f"{language}/cards/{key}/{name}/{part}").status_code == 404, part
    client.get(f"/cards/{key}/card.html")
    assert set(site_of(client).studio.asked) == {"harmless"}  # type: ignore[attr-defined]


def test_a_card_with_nothing_else_on_it_makes_no_sound(client: FlaskClient) -> None:
    key, _ = site_of(client).cards.make(map(Piece, list(HARMFUL)[:3]), os.urandom, date(2030, 1, 1))
    file = client.get(f"/cards/{key}/card.html")
    assert file.status_code == 200
    assert b"data:audio" not in file.data
    assert site_of(client).studio.asked == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", HARMFUL)
def test_it_is_composed_neither_by_its_id_nor_by_its_file(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp3"
    for given in (name, str(folder / "scripts" / f"{name}.yaml")):
        assert main(["compose", given, "--data", str(folder), "--out", str(out)]) == 1
        assert "Traceback" not in capsys.readouterr().err
    assert not out.exists()


def test_the_library_does_not_know_it_and_the_therapist_is_told(client: FlaskClient) -> None:
    site = site_of(client)
    for name in HARMFUL:
        with pytest.raises(UnknownExercise):
            site.library.get(name)
    own = {"Origin": "http://localhost"}
    assert "closed-eyes" not in client.get("/therapist").get_data(as_text=True)
    client.post("/therapist/sign-in", data={"passcode": PASSCODE}, headers=own)
    page = client.get("/therapist").get_data(as_text=True)
    for name in HARMFUL:
        assert f"{name}.yaml" in page
