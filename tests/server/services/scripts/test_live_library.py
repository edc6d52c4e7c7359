"""A running service follows its script folders: without a restart, and without touching a room that plays."""

from __future__ import annotations

import json
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from exercises.library import SCRIPTS
from server.app import create_app
from server.config import Settings
from server.context import StillHere
from server.services.scripts.live_library import LiveLibrary
from tests.conftest import Service, start_service, stop_service
from tests.exercises.loading.test_folders import put
from tests.server.views.listening.test_exercises import ask
from tests.server.views.listening.test_pages import NoStudio
from tests.support.scripts import QUIET, changed

TWO_SECONDS = 2.0
SHORTER = changed(QUIET, "lengths: [60, 72, 120]", "lengths: [61, 72, 120]")


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    put(tmp_path / "scripts" / "quiet.yaml", QUIET)
    return create_app(Settings(data=tmp_path), NoStudio()).test_client()  # type: ignore[arg-type]


def site_of(client: FlaskClient) -> StillHere:
    return client.application.extensions["still_here"]


def put_and_look(client: FlaskClient, text: str, name: str = "quiet") -> None:
    site = site_of(client)
    put(site.settings.data / "scripts" / f"{name}.yaml", text)
    assert site.scripts.look()


def test_everything_that_is_remembered_of_an_exercise_follows(client: FlaskClient) -> None:
    tag = client.get("/exercises/quiet/timeline.json").headers["ETag"]
    worker = client.get("/sw.js").headers["ETag"]
    assert b"Quiet" in client.get("/exercises/quiet/").data
    put_and_look(client, changed(QUIET, "title: Quiet", "title: A quieter one"))
    assert b"A quieter one" in client.get("/exercises/quiet/").data
    assert b"A quieter one" in client.get("/").data
    assert client.get("/exercises/quiet/timeline.json").headers["ETag"] != tag
    assert client.get("/sw.js").headers["ETag"] != worker
    titles = {e.exercise_id: e.title.texts[0][1] for e in site_of(client).hub._preparer.catalogue}
    assert titles["quiet"] == "A quieter one"


def test_what_is_taken_away_is_gone_everywhere(client: FlaskClient) -> None:
    (site_of(client).settings.data / "scripts" / "quiet.yaml").unlink()
    assert site_of(client).scripts.look()
    assert client.get("/exercises/quiet/").status_code == 404
    assert '"quiet"' not in client.get("/sw.js").get_data(as_text=True)


def test_a_library_that_somebody_holds_stays_as_it_is(client: FlaskClient) -> None:
    held = site_of(client).library
    put_and_look(client, changed(QUIET, "title: Quiet", "title: A quieter one"))
    assert held.get("quiet").title == "Quiet"
    assert site_of(client).library.get("quiet").title == "A quieter one"


def test_who_asks_by_date_gets_what_changed_within_the_same_second(tmp_path: Path) -> None:
    live = LiveLibrary(tmp_path)
    before = live.since
    for number in range(3):
        put(tmp_path / "quiet.yaml", changed(QUIET, "title: Quiet", f"title: Quiet {number}"))
        live.look()
        assert live.since >= before + timedelta(seconds=1)
        before = live.since


def test_nothing_is_followed_while_nothing_changes(client: FlaskClient) -> None:
    called: list[int] = []
    site_of(client).scripts.then(lambda: called.append(1))
    assert not site_of(client).scripts.look()
    assert called == []


@pytest.fixture(scope="module")
def watching(tmp_path_factory: pytest.TempPathFactory) -> object:
    folder = tmp_path_factory.mktemp("watching")
    running = start_service(folder / "data", errors=folder / "errors")
    yield running
    stop_service(running)
    said = (folder / "errors").read_text()
    assert "Traceback" not in said
    assert "closed" not in said


def becomes(service: Service, path: str, words: str | None) -> float:
    """Seconds until a page has words, or is gone."""
    begun = time.monotonic()
    while time.monotonic() < begun + 20:
        answer = ask(service, path, Accept="text/html")
        if (answer.status == 404) if words is None else (words.encode() in answer.body):
            return time.monotonic() - begun
        time.sleep(0.05)
    raise AssertionError(f"{path} never had {words!r}")


def test_a_running_service_follows_a_file_that_comes_goes_wrong_and_goes(watching: Service) -> None:
    own = watching.data / "scripts"
    put(own / "quiet.yaml", QUIET)
    becomes(watching, "/exercises/quiet/", "Quiet")
    put(own / "quiet.yaml", changed(QUIET, "title: Quiet", "title: Our quiet hour"))
    becomes(watching, "/exercises/quiet/", "Our quiet hour")
    put(own / "quiet.yaml", changed(QUIET, "Look round the room.", "Close your eyes and keep them closed."))
    put(own / "other.yaml", changed(QUIET, "id: quiet", "id: other"))
    becomes(watching, "/exercises/other/", "Quiet")
    assert b"Our quiet hour" in ask(watching, "/exercises/quiet/", Accept="text/html").body
    assert b"out of order" not in ask(watching, "/", Accept="text/html").body
    (own / "quiet.yaml").unlink()
    becomes(watching, "/exercises/quiet/", None)


def test_an_own_version_of_ours_takes_its_place_until_it_is_taken_back(watching: Service) -> None:
    ours = (SCRIPTS / "doorway.yaml").read_text("utf-8")
    title = next(line for line in ours.splitlines() if line.startswith("title: "))
    put(watching.data / "scripts" / "doorway.yaml", ours.replace(title, "title: Our doorway"))
    becomes(watching, "/exercises/doorway/", "Our doorway")
    os.unlink(watching.data / "scripts" / "doorway.yaml")
    becomes(watching, "/exercises/doorway/", title.removeprefix("title: "))
    timeline = json.loads(ask(watching, "/exercises/doorway/timeline.json").body)
    assert timeline["exercise"]["title"] == title.removeprefix("title: ")
