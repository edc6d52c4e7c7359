"""Voices over HTTP: a sentence heard before choosing, and the therapist's page of natural ones."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import soundfile
from flask.testing import FlaskClient

from audio.speech.engines import home, piper, use_home
from audio.speech.installation.catalog import catalogue
from audio.studio.client import Studio
from server.app import create_app
from server.config import Settings
from server.services.voices.voice_states import LICENCES
from tests.support import tiny_kokoro

FROM_HERE = {"Origin": "http://localhost"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    before = home()
    studio = Studio(tmp_path, workers=1)
    settings = Settings(data=tmp_path, passcode="ABCD", voice_mirror="http://127.0.0.1:9")
    yield create_app(settings, studio).test_client()
    studio.close()
    use_home(before)


def test_a_preview_is_a_sentence_at_the_pace_that_was_asked(client: FlaskClient) -> None:
    lengths = {}
    for pace in ("90", "120"):
        answer = client.get(f"/voices/preview.flac?voice=neutral&pace={pace}&pitch=-1")
        assert answer.status_code == 200
        lengths[pace] = soundfile.info(io.BytesIO(answer.data)).duration
    assert lengths["90"] > lengths["120"] > 1


@pytest.mark.parametrize("query", ["voice=nobody", "pace=89", "pace=fast", "pace=%C2%B2", "pitch=12"])
def test_a_preview_of_what_is_not_offered_is_one_sentence(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/voices/preview.flac?{query}")
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["error"]["message"].startswith("Choose a ")


def test_the_page_of_voices_is_for_who_has_signed_in(client: FlaskClient) -> None:
    assert client.get("/therapist/voices").status_code == 403
    assert client.post("/therapist/voices/install", data={"name": "x"}, headers=FROM_HERE).status_code == 403
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    page = client.get("/therapist/voices").get_data(as_text=True)
    assert "de_DE-thorsten-medium" in page
    assert "licence: CC0" in page


def test_what_the_catalogue_says_of_licences_can_be_said_in_every_language() -> None:
    said = {voice.licence for voice in catalogue()}
    assert {licence for licence in said if not licence.startswith(("CC", "Apache"))} == set(LICENCES)


def test_the_page_of_voices_names_licences_in_its_own_language(client: FlaskClient) -> None:
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    page = client.get("/es/therapist/voices").get_data(as_text=True)
    assert "licencia: dominio público" in page
    assert "public domain" not in page


def test_another_site_cannot_have_a_voice_installed(client: FlaskClient) -> None:
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    far = {"Origin": "http://elsewhere.example"}
    answer = client.post("/therapist/voices/install", data={"name": "en_GB-alba-medium"}, headers=far)
    assert answer.status_code == 403


def test_a_name_that_the_catalogue_does_not_have_is_one_sentence(client: FlaskClient) -> None:
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    answer = client.post("/therapist/voices/install", data={"name": "../../etc"}, headers=FROM_HERE)
    assert answer.status_code == 503
    assert "Choose one of" in answer.get_data(as_text=True)


def test_a_voice_whose_packages_are_missing_is_refused_in_one_sentence_without_code(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(piper, "is_there", lambda: False)
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    page = client.get("/therapist/voices").get_data(as_text=True)
    assert "`" not in page
    assert 'Install<span class="visually-hidden"> Alba' not in page
    named = {"name": "en_GB-alba-medium"}
    answer = client.post("/therapist/voices/install", json=named, headers=FROM_HERE)
    assert answer.status_code == 409
    assert answer.json is not None
    sentence = answer.json["error"]["message"]
    assert "make natural" in sentence
    assert "`" not in sentence
    voices = client.get("/therapist/voices.json").json
    assert voices is not None
    assert next(v for v in voices["voices"] if v["name"] == named["name"])["state"] == "absent"


def test_a_sample_that_does_not_come_is_one_sentence_and_for_who_has_signed_in(client: FlaskClient) -> None:
    address = "/therapist/voices/en_GB-alba-medium/sample.mp3"
    assert client.get(address).status_code == 403
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    answer = client.get(address)
    assert answer.status_code == 503
    assert answer.json is not None
    assert "didn’t load" in answer.json["error"]["message"]


def test_the_spanish_page_offers_a_natural_voice_to_who_has_signed_in_until_there_is_one(
    client: FlaskClient,
) -> None:
    assert "kokoro-dora" not in client.get("/es/therapist").get_data(as_text=True)
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    page = client.get("/es/therapist").get_data(as_text=True)
    assert "Instalar Dora" in page
    assert 'value="kokoro-dora"' in page
    tiny_kokoro.write_voice(home())
    assert "Instalar Dora" not in client.get("/es/therapist").get_data(as_text=True)


def test_an_offer_that_failed_says_so_beside_it(client: FlaskClient) -> None:
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    client.post("/es/therapist/voices/install", data={"name": "kokoro-dora"}, headers=FROM_HERE)
    until(lambda: 'role="alert">Esta voz no se cargó' in client.get("/es/therapist").get_data(as_text=True))


def test_voices_of_the_language_of_the_page_come_first(client: FlaskClient) -> None:
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    first = {}
    for path in ("/therapist/voices.json", "/es/therapist/voices.json"):
        answer = client.get(path).json
        assert answer is not None
        first[path] = answer["voices"][0]["language"]
    assert first["/therapist/voices.json"].startswith("English")
    assert first["/es/therapist/voices.json"].startswith("Español")


def until(holds: Callable[[], bool], limit_s: float = 30.0) -> None:
    end = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_page_says_which_voice_speaks_and_why(client: FlaskClient) -> None:
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    english = client.get("/therapist/voices").get_data(as_text=True)
    assert "Natural voice. It sounds like a person." in english
    assert "once it is installed" not in english
    spanish = client.get("/es/therapist/voices").get_data(as_text=True)
    assert "Una voz natural ocupa su lugar en cuanto está instalada." in spanish
    tiny_kokoro.write_voice(home())
    assert "Suena como una persona." in client.get("/es/therapist/voices").get_data(as_text=True)
