"""The list of what a phone is to keep: whole, true to its bytes, and nothing that must not be kept."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from audio.recordings.voice_selection import OfferedVoice, VoiceSelector
from exercises.library import SCRIPTS, load_library
from server.app import WEB, create_app
from server.config import Settings
from server.http.static_files import lean
from server.views.listening import pages
from server.views.listening.offline import DIGEST_LETTERS, PAGES

SHELF = load_library()


class NoStudio:
    """Stands where sound would be made; no page waits for anything of it."""

    def warm(self, voice: str) -> None:
        """Do nothing where somebody may soon ask for a voice."""


def client_for(data: Path, scripts: Path | None = None) -> FlaskClient:
    settings = Settings(data=data, scripts=scripts) if scripts else Settings(data=data)
    return create_app(settings, NoStudio()).test_client()  # type: ignore[arg-type]


def listing(client: FlaskClient) -> dict[str, Any]:
    text = client.get("/sw.js").get_data(as_text=True)
    return json.loads(re.search(r"serve\((\{.*\})\);", text, re.DOTALL)[1])  # type: ignore[index]


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:DIGEST_LETTERS]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return client_for(tmp_path_factory.mktemp("data"))


def test_each_digest_is_that_of_what_is_served(client: FlaskClient) -> None:
    told = listing(client)
    files = {**told["files"], **{page["path"]: page["digest"] for page in told["exercises"].values()}}
    for path, digest in files.items():
        answer = client.get(path, headers={"Accept": "*/*"})
        assert answer.status_code == 200, path
        assert digest_of(answer.data) == digest, path
        assert "no-store" not in answer.headers["Cache-Control"], path


def test_everything_that_a_kept_page_loads_is_kept(client: FlaskClient) -> None:
    told = listing(client)
    kept_pages = [path for path in told["files"] if not path.startswith("/static/")]
    for path in [*kept_pages, *(page["path"] for page in told["exercises"].values())]:
        for file in re.findall(r'(?:href|src)="(/static/[^"]+\.(?:js|css|svg))"', client.get(path).text):
            assert file in told["files"], (path, file)
    for path in filter(lambda path: path.endswith(".js"), told["files"]):
        for name in re.findall(r'from "\./([^"]+)"', client.get(path).text):
            assert f"{path.rpartition('/')[0]}/{name}" in told["files"], (path, name)


def test_what_is_kept_follows_the_level(client: FlaskClient) -> None:
    told = listing(client)
    assert set(told["exercises"]) == {e.id for e in SHELF if pages.may_be_kept(e)}
    assert told["grounding"]["id"] == pages.GROUNDING
    assert f"/exercises/{pages.GROUNDING}/" in told["files"]


def test_rooms_and_the_console_are_not_on_the_list(client: FlaskClient) -> None:
    names = {path.rpartition("/")[2] for path in listing(client)["files"]}
    assert not names & {"room", "join", "therapist", "session.js", "console.js", "link.js", "rooms.css"}


def test_the_pages_of_the_list_exist(client: FlaskClient) -> None:
    with client.application.test_request_context():
        from flask import url_for

        assert {url_for(name) for name in PAGES} <= set(listing(client)["files"])


def test_another_script_is_another_version(client: FlaskClient, tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    shutil.copytree(SCRIPTS, scripts)
    one = listing(client_for(tmp_path, scripts))
    assert one["version"] == listing(client)["version"]
    page = scripts / "doorway.yaml"
    page.write_text(page.read_text().replace("aim: ", "aim: Once more. ", 1))
    other = listing(client_for(tmp_path, scripts))
    assert other["version"] != one["version"]
    assert other["exercises"]["doorway"]["digest"] != one["exercises"]["doorway"]["digest"]


def test_another_voice_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_for(tmp_path)
    one = listing(client)
    more = (*client.application.extensions["still_here"].offers, OfferedVoice("own", "Recorded voice", ""))
    monkeypatch.setattr(VoiceSelector, "offers", lambda self: more)
    other = listing(client)
    assert other["version"] != one["version"]
    page = other["exercises"]["doorway"]
    assert digest_of(client.get(page["path"]).data) == page["digest"]


def test_without_the_grounding_script_there_is_still_a_list(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("id: broken\ntitle: Broken\n")
    told = listing(client_for(tmp_path, tmp_path))
    assert told["grounding"] is None
    assert "/offline" in told["files"]


def test_static_files_are_of_one_version_or_none(client: FlaskClient) -> None:
    style = next(path for path in listing(client)["files"] if path.endswith("base.css"))
    version = style.split("/")[2]
    assert client.get(style).data == lean(WEB / "static" / "styles" / "base.css")
    assert client.get("/static/styles/base.css").data == client.get(style).data
    assert client.get(style.replace(version, "0" * len(version))).status_code == 404
    assert client.get(f"/static/{version}/../pages.py").status_code == 404


def test_the_worker_is_asked_for_anew_each_time(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_manifest_names_icons_of_their_size(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = answer.get_json(force=True)
    assert (told["name"], told["start_url"], told["display"]) == ("Still Here", "/", "standalone")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        body = client.get(icon["src"]).data
        if icon["type"] == "image/png":
            width, height = (int.from_bytes(body[at : at + 4], "big") for at in (16, 20))
            assert icon["sizes"] == f"{width}x{height}"
    assert '<link rel="manifest" href="/manifest.webmanifest">' in client.get("/").text


def test_the_page_of_what_is_kept_offers_no_more_than_may_be_kept(client: FlaskClient) -> None:
    page = client.get("/kept").text
    offered = re.findall(r'data-exercise="([^"]+)"', page)
    assert offered == [e.id for e in SHELF if pages.may_be_kept(e)]
    assert page.count("data-stays") == 1
