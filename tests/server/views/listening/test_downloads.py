"""One archive of everything, as it comes over the wire."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from audio.speech.engines import voice_list
from exercises.library import load_library
from server.services.export.export_set import entries, parse_set
from tests.conftest import Service
from tests.server.views.listening.test_exercises import Answer, ask

ARCHIVE = "/files/still-here.zip"
SHORT = f"{ARCHIVE}?length=shortest"
NAMES = [entry.exercise.id for entry in entries(load_library(), voice_list(), parse_set(voice_list(), {}))]


@pytest.fixture(scope="module")
def archive(service: Service) -> Answer:
    return ask(service, SHORT)


def test_every_exercise_that_may_be_a_file_is_in_it_with_its_texts(archive: Answer) -> None:
    with zipfile.ZipFile(io.BytesIO(archive.body)) as file:
        assert file.testzip() is None
        expected = [f"{n}/{part}" for n in NAMES for part in (f"{n}.mp3", "captions.vtt", "transcript.txt")]
        assert file.namelist() == expected
        assert {info.compress_type for info in file.infolist()} == {zipfile.ZIP_DEFLATED}


def test_its_length_is_known_before_anything_is_made(service: Service, archive: Answer) -> None:
    assert int(archive.headers["Content-Length"]) == len(archive.body)
    other = f"{ARCHIVE}?length=shortest&bell=none&voice=lower"
    head = ask(service, other, "HEAD")
    assert head.body == b""
    state = ask(service, "/exercises/doorway/sound.json?length=66&bell=none&voice=lower").json()["state"]
    assert state == "absent"
    assert int(head.headers["Content-Length"]) == len(ask(service, other).body)


def test_what_is_in_it_is_what_the_page_of_an_exercise_gives(service: Service, archive: Answer) -> None:
    with zipfile.ZipFile(io.BytesIO(archive.body)) as file:
        for part, name in (("audio.mp3", "doorway.mp3"), ("captions.vtt", "captions.vtt"),
                           ("transcript.txt", "transcript.txt")):  # fmt: skip
            assert file.read(f"doorway/{name}") == ask(service, f"/exercises/doorway/{part}?length=66").body


@pytest.mark.parametrize("kind", ["flac", "wav"])
def test_the_other_formats_come_as_archives_too(service: Service, kind: str) -> None:
    answer = ask(service, f"{SHORT}&kind={kind}")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as file:
        assert file.testzip() is None
        assert {n.rpartition(".")[2] for n in file.namelist()} == {kind, "vtt", "txt"}
    assert ("Content-Length" in answer.headers) == (kind == "wav")


def test_it_has_a_neutral_name_and_is_kept_by_nobody(archive: Answer) -> None:
    assert archive.headers["Content-Disposition"] == 'attachment; filename="still-here.zip"'
    assert archive.headers["Content-Type"] == "application/zip"
    assert archive.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "choices"),
    [
        ("kind=ogg", "mp3, flac, wav"),
        ("length=90", "usual, shortest, longest"),
        ("bed=sea", "usual, none, air, hum"),
    ],
)
def test_a_wrong_choice_is_one_sentence(service: Service, query: str, choices: str) -> None:
    answer = ask(service, f"{ARCHIVE}?{query}")
    assert answer.status == 400
    assert answer.json()["error"]["message"].endswith(f"choose one of: {choices}.")


def test_sound_from_the_archive_plays_with_chapters_and_cover(archive: Answer, tmp_path: Path) -> None:
    if shutil.which("ffprobe") is None:
        reason = "ffprobe is not here (it comes with ffmpeg), so nobody reads the files independently"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    with zipfile.ZipFile(io.BytesIO(archive.body)) as file:
        file.extractall(tmp_path)
    wanted = ["-v", "error", "-show_format", "-show_chapters", "-of", "json"]
    for name in NAMES:
        path = tmp_path / name / f"{name}.mp3"
        probed = subprocess.run(["ffprobe", *wanted, path], capture_output=True, check=True)
        told = json.loads(probed.stdout)
        assert float(told["format"]["duration"]) == pytest.approx(
            load_library().get(name).lengths[0], abs=0.05
        )
        assert len(told["chapters"]) == 5
