"""The therapist's list of pronunciations over HTTP: heard before it is kept, kept, used, removed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from flask.testing import FlaskClient

from audio.data_folder import DataFolder
from audio.speech.engines import home, use_home
from audio.speech.pronunciation import lexicon
from audio.speech.pronunciation.own_list import Pronunciation, Pronunciations, checked
from audio.studio.client import Studio
from audio.studio.requests import SpeechRequest
from server.app import create_app
from server.config import Settings

FROM_HERE = {"Origin": "http://localhost"}
HERE = "/therapist/voices/words"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    running = Studio(tmp_path, workers=1)
    yield running
    running.close()


@pytest.fixture
def client(tmp_path: Path, studio: Studio) -> Iterator[FlaskClient]:
    before = home()
    settings = Settings(data=tmp_path, passcode="ABCD", voice_mirror="http://127.0.0.1:9")
    client = create_app(settings, studio).test_client()
    client.post("/therapist/sign-in", data={"passcode": "ABCD"}, headers=FROM_HERE)
    yield client
    use_home(before)
    lexicon.use_own(lexicon._nothing)


def keep(client: FlaskClient, word: str, say: str, language: str = "en"):
    typed = {"language": language, "word": word, "say": say}
    return client.post(f"{HERE}/keep", data=typed, headers=FROM_HERE)


def test_a_word_is_kept_shown_and_removed(client: FlaskClient, tmp_path: Path) -> None:
    answer = keep(client, "kettle", "kettel")
    assert answer.status_code == 303
    assert answer.location == "/therapist/voices#words"
    assert Pronunciations(DataFolder(tmp_path).pronunciations).all() == (
        Pronunciation("en", "kettle", "kettel"),
    )
    assert "kettel" in client.get("/therapist/voices").get_data(as_text=True)
    gone = {"language": "en", "word": "kettle"}
    assert client.post(f"{HERE}/remove", data=gone, headers=FROM_HERE).status_code == 303
    assert "kettel" not in client.get("/therapist/voices").get_data(as_text=True)


@pytest.mark.parametrize(
    ("word", "say", "language"),
    [
        ("", "x", "en"),
        ("cup", "", "en"),
        ("c" * 61, "x", "en"),
        ("cu\u200bp", "x", "en"),
        ("<i>", "x", "en"),
        ("un", "eun", "fr"),
    ],
)
def test_what_cannot_be_kept_comes_back_to_be_mended(
    client: FlaskClient, tmp_path: Path, word: str, say: str, language: str
) -> None:
    answer = keep(client, word, say, language)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert f'value="{say}"' in page
    assert "<i>" not in page.partition('id="word-form"')[2].partition("</form>")[0]
    assert not DataFolder(tmp_path).pronunciations.exists()


def test_the_sentence_is_in_the_language_of_the_page(client: FlaskClient) -> None:
    typed = {"language": "es", "word": "", "say": "x"}
    answer = client.post(f"/es{HERE}/keep", data=typed, headers=FROM_HERE)
    assert "Escribe primero la palabra" in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_is_heard_before_it_is_kept_and_nothing_is_stored(
    client: FlaskClient, tmp_path: Path, language: str
) -> None:
    kept = sorted(tmp_path.rglob("*.clip"))
    answer = client.post(f"{HERE}/hear", json={"language": language, "say": "tassa"}, headers=FROM_HERE)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert 0.3 < soundfile.info(io.BytesIO(answer.data)).duration < 3
    assert sorted(tmp_path.rglob("*.clip")) == kept
    assert not DataFolder(tmp_path).pronunciations.exists()


@pytest.mark.parametrize("say", ["", "x" * 81, "[[x]]", "a\u0007"])
def test_what_cannot_be_said_is_one_sentence(client: FlaskClient, say: str) -> None:
    answer = client.post(f"{HERE}/hear", json={"language": "en", "say": say}, headers=FROM_HERE)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["error"]["code"] == "not_a_pronunciation"
    assert answer.json["error"]["message"].endswith(".")


@pytest.mark.parametrize("what", ["keep", "remove", "hear"])
def test_only_who_has_signed_in_and_asks_from_here(client: FlaskClient, what: str) -> None:
    typed = {"language": "en", "word": "cup", "say": "cupp"}
    far = {"Origin": "http://elsewhere.example"}
    assert client.post(f"{HERE}/{what}", json=typed, headers=far).status_code == 403
    client.post("/therapist/sign-out", headers=FROM_HERE)
    assert client.post(f"{HERE}/{what}", json=typed, headers=FROM_HERE).status_code == 403


def test_a_damaged_list_is_one_sentence_on_the_page(client: FlaskClient, tmp_path: Path) -> None:
    DataFolder(tmp_path).pronunciations.write_text("{")
    assert "cannot be read" in client.get("/therapist/voices").get_data(as_text=True)
    assert keep(client, "cup", "cupp").status_code == 303
    assert "cannot be read" not in client.get("/therapist/voices").get_data(as_text=True)


def test_lines_are_made_again_for_it_and_only_those_that_have_the_word(
    client: FlaskClient, studio: Studio, tmp_path: Path
) -> None:
    lines = [SpeechRequest(text, "neutral", 105, 1.2) for text in ("Look at the chair.", "Sit down.")]
    before = studio.clips(lines)
    Pronunciations(DataFolder(tmp_path).pronunciations).keep(
        checked("en", "chair", "a big old wooden armchair")
    )
    after = studio.clips(lines)
    assert after[0].key != before[0].key
    assert after[0].seconds > before[0].seconds + 0.5
    assert after[1] == before[1]


def test_a_typed_line_says_it_so(client: FlaskClient, studio: Studio, tmp_path: Path) -> None:
    typed = SpeechRequest("Look at the chair.", "neutral", 105, 1.2)
    studio.preview(typed)  # the voice is tuned by then
    before = studio.line(typed)
    Pronunciations(DataFolder(tmp_path).pronunciations).keep(
        checked("en", "chair", "a big old wooden armchair")
    )
    assert studio.line(typed).seconds > before.seconds + 0.5


def test_sound_is_another_and_captions_are_not(client: FlaskClient) -> None:
    address = "/exercises/side-by-side"
    tags = {
        name: client.get(f"{address}/{name}").headers["ETag"] for name in ("captions.vtt", "timeline.json")
    }
    sound = client.head(f"{address}/audio.mp3").headers["ETag"]
    assert keep(client, "bench", "the long wooden bench").status_code == 303
    assert client.head(f"{address}/audio.mp3").headers["ETag"] != sound
    assert tags == {name: client.get(f"{address}/{name}").headers["ETag"] for name in tags}
    assert "wooden" not in client.get(f"{address}/captions.vtt").get_data(as_text=True)
    keep(client, "zebra", "zeebra")
    other = client.head(f"{address}/audio.mp3").headers["ETag"]
    keep(client, "giraffe", "jiraffe")
    assert client.head(f"{address}/audio.mp3").headers["ETag"] == other
