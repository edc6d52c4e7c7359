"""Installing a natural voice from a file server of our own: resumed, checked, whole or not at all."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.errors import InstallError, UnknownNaturalVoice
from audio.speech.installation.catalog import CATALOGUE, NaturalVoice, VoiceFile, catalogue, find_natural
from audio.speech.installation.install import SAMPLE_LIMIT_BYTES, fetch_sample, install, remove
from tests.support.file_server import FileServer, files_served

MODEL = bytes(range(256)) * 4000
CONFIG = b'{"espeak": {"voice": "en"}}'


@pytest.fixture
def served() -> Iterator[type[FileServer]]:
    with files_served({"/r/v.onnx": MODEL, "/r/v.onnx.json": CONFIG}) as own:
        yield own


def entry(model: bytes = MODEL) -> NaturalVoice:
    md5 = functools.partial(hashlib.md5, usedforsecurity=False)
    files = (
        VoiceFile("r/v.onnx.json", "v.onnx.json", len(CONFIG), md5(CONFIG).hexdigest()),
        VoiceFile("r/v.onnx", "v.onnx", len(model), hashlib.sha256(model).hexdigest()),
    )
    sample = VoiceFile("r/samples/speaker_0.mp3", "", 0, "")
    return NaturalVoice("v", "V", "English", "CC0", files, sample=sample)


def test_a_voice_arrives_whole_and_says_how_far_it_is(served: type[FileServer], tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    install(entry(), tmp_path, served.mirror, lambda done, whole: told.append((done, whole)))
    assert (tmp_path / "v.onnx").read_bytes() == MODEL
    assert sorted(p.name for p in tmp_path.iterdir()) == ["v.onnx", "v.onnx.json"]
    assert told == sorted(told)
    assert told[-1] == (len(MODEL) + len(CONFIG),) * 2


def test_what_broke_off_goes_on_from_where_it_was(served: type[FileServer], tmp_path: Path) -> None:
    served.breaks_after = 300_000
    with pytest.raises(InstallError, match="goes on from where it was"):
        install(entry(), tmp_path, served.mirror)
    assert not (tmp_path / "v.onnx").exists()
    install(entry(), tmp_path, served.mirror)
    assert (tmp_path / "v.onnx").read_bytes() == MODEL
    assert served.asked[-1] == ("/r/v.onnx", "bytes=300000-")


def test_what_is_there_is_not_fetched_again(served: type[FileServer], tmp_path: Path) -> None:
    install(entry(), tmp_path, served.mirror)
    served.asked.clear()
    install(entry(), tmp_path, served.mirror)
    assert served.asked == []


@pytest.mark.parametrize(
    ("damaged", "left"),
    [({"/r/v.onnx": MODEL[:-1] + b"x"}, ["v.onnx.json"]), ({"/r/v.onnx.json": CONFIG[:-1] + b"x"}, [])],
)
def test_a_damaged_file_is_thrown_away(
    served: type[FileServer], tmp_path: Path, damaged: dict[str, bytes], left: list[str]
) -> None:
    served.files = {**served.files, **damaged}
    with pytest.raises(InstallError, match="arrived damaged"):
        install(entry(), tmp_path, served.mirror)
    assert [p.name for p in tmp_path.iterdir()] == left


def test_a_voice_that_the_mirror_does_not_have_is_one_sentence(
    served: type[FileServer], tmp_path: Path
) -> None:
    served.files = {}
    with pytest.raises(InstallError, match="answered 404 for v"):
        install(entry(), tmp_path, served.mirror)


def test_no_connection_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="no connection"):
        install(entry(), tmp_path, "http://127.0.0.1:9")


def test_a_folder_that_cannot_be_is_one_sentence(served: type[FileServer], tmp_path: Path) -> None:
    (tmp_path / "voices").write_text("in the way")
    with pytest.raises(InstallError, match="could not be written"):
        install(entry(), tmp_path / "voices", served.mirror)


def test_removing_leaves_nothing_of_a_voice_and_all_of_the_others(
    served: type[FileServer], tmp_path: Path
) -> None:
    install(entry(), tmp_path, served.mirror)
    (tmp_path / "w.onnx").write_bytes(b"another")
    (tmp_path / ".v.onnx.part").write_bytes(b"begun")
    remove(entry(), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["w.onnx"]


def test_every_entry_of_the_catalogue_can_be_fetched_and_checked() -> None:
    assert len({voice.name for voice in catalogue(CATALOGUE)}) == len(catalogue(CATALOGUE))
    assert {voice.name[:5] for voice in catalogue(CATALOGUE)} >= {"en_GB", "en_US", "es_ES", "de_DE", "fr_FR"}
    for voice in catalogue(CATALOGUE):
        assert voice.licence
        assert voice.files[-1].name.startswith(f"{voice.name}.")
        assert all(
            file.home.startswith("https://") and file.home.endswith(file.address.split("/")[-1])
            for file in voice.files
        )
        assert all(len(file.digest) in (64, 32) and file.size > 0 for file in voice.files)
        assert all(len(file.digest) == 64 for file in voice.files if not file.name.endswith(".card.txt"))
    with pytest.raises(UnknownNaturalVoice, match="en_GB-alba-medium"):
        find_natural("nobody")


def test_without_a_mirror_each_file_comes_from_its_own_home(served: type[FileServer], tmp_path: Path) -> None:
    away = dataclasses.replace(
        entry(),
        files=tuple(
            dataclasses.replace(file, address="nowhere", home=f"{served.mirror}/{file.address}")
            for file in entry().files
        ),
    )
    install(away, tmp_path, "")
    assert (tmp_path / "v.onnx").read_bytes() == MODEL


@pytest.mark.parametrize("mirror", ["://", "htp//x", "nothing://x"])
def test_a_mirror_that_is_no_address_is_one_sentence(tmp_path: Path, mirror: str) -> None:
    with pytest.raises(InstallError):
        install(entry(), tmp_path, mirror)


def test_a_sample_comes_from_beside_the_model(served: type[FileServer]) -> None:
    served.files["/r/samples/speaker_0.mp3"] = b"ID3 and sound"
    assert fetch_sample(entry(), served.mirror) == b"ID3 and sound"


def test_a_voice_whose_collection_has_no_sample_is_one_sentence() -> None:
    with pytest.raises(InstallError, match="has no sample"):
        fetch_sample(dataclasses.replace(entry(), sample=None), "http://127.0.0.1:9")


@pytest.mark.parametrize("sound", [b"<html>", b"", b"ID3" + bytes(SAMPLE_LIMIT_BYTES)])
def test_what_is_no_sample_is_one_sentence(served: type[FileServer], sound: bytes) -> None:
    served.files["/r/samples/speaker_0.mp3"] = sound
    with pytest.raises(InstallError, match="Set another mirror"):
        fetch_sample(entry(), served.mirror)


def test_a_sample_that_is_not_there_is_one_sentence(served: type[FileServer]) -> None:
    with pytest.raises(InstallError, match="Try again later"):
        fetch_sample(entry(), served.mirror)


def test_the_digests_of_the_voices_of_a_package_are_those_that_it_names_itself() -> None:
    hibari = pytest.importorskip("hibari.voices")
    listed = {voice.name: voice.files[0] for voice in catalogue(CATALOGUE) if voice.engine == "hibari"}
    assert {name.removeprefix("hibari-") for name in listed} == set(hibari.VOICES) - {hibari.DEFAULT}
    for name, file in listed.items():
        own = hibari.VOICES[name.removeprefix("hibari-")]
        assert (file.size, file.digest) == (own["bytes"], own["sha256"])
        assert file.home == hibari.BASE_URL + own["file"]
