"""`compose --all`: a folder that is made once, kept up, and survives being killed at any moment."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio.render import encode
from audio.speech.engines import voice_list
from exercises.library import load_library
from exercises.timeline import plan
from server.services.export.export_folder import MANIFEST, Folder
from server.services.export.export_set import entries, parse_set
from tests.conftest import ROOT

SHORTEST = list(entries(load_library(), voice_list(), parse_set(voice_list(), {"length": "shortest"})))
NAMES = {f"{entry.exercise.id}.mp3" for entry in SHORTEST}


def writes(content: bytes) -> Callable[[Path], object]:
    return lambda part: part.write_bytes(content)


def files_of(path: Path) -> set[str]:
    return {p.name for p in path.iterdir()}


# ---- the folder by itself ----


def test_what_was_made_is_known_by_its_key_and_no_other(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert not folder.has("a.mp3", "k1")
    folder.make("a.mp3", "k1", writes(b"sound"))
    assert Folder(tmp_path).has("a.mp3", "k1")
    assert not Folder(tmp_path).has("a.mp3", "k2")
    assert files_of(tmp_path) == {"a.mp3", MANIFEST}


def test_a_file_that_was_removed_or_cut_is_made_again(tmp_path: Path) -> None:
    Folder(tmp_path).make("a.mp3", "k1", writes(b"sound"))
    (tmp_path / "a.mp3").write_bytes(b"sou")
    assert not Folder(tmp_path).has("a.mp3", "k1")
    (tmp_path / "a.mp3").unlink()
    assert not Folder(tmp_path).has("a.mp3", "k1")


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.make("a.mp3", "k1", writes(b"sound"))

    def breaks(part: Path) -> None:
        part.write_bytes(b"ha")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        folder.make("a.mp3", "k2", breaks)
    assert (tmp_path / "a.mp3").read_bytes() == b"sound"
    assert files_of(tmp_path) == {"a.mp3", MANIFEST}


class Killed(BaseException):
    """The process ends here."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.integers(0, 3))
def test_an_end_between_any_two_steps_costs_at_most_the_file_in_the_making(
    tmp_path_factory: pytest.TempPathFactory, steps: int
) -> None:
    path = tmp_path_factory.mktemp("folder")
    Folder(path).make("a.mp3", "old", writes(b"old sound"))
    folder, real, left = Folder(path), os.replace, [steps]

    def until_killed(source: object, target: object) -> None:
        if left[0] == 0:
            raise Killed
        left[0] -= 1
        real(source, target)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "replace", until_killed)
        # whoever is killed tidies nothing up
        patched.setattr(Path, "unlink", lambda *_, **__: None)
        with contextlib.suppress(Killed):
            folder.make("a.mp3", "new", writes(b"new sound"))
    assert (path / "a.mp3").read_bytes() in (b"old sound", b"new sound")
    after = Folder(path)
    assert after.has("a.mp3", "new") == (steps > 0)
    assert (path / "a.mp3").read_bytes() == (b"new sound" if steps > 0 else b"old sound")
    assert after.has("a.mp3", "old") == (steps == 0)
    assert files_of(path) == {"a.mp3", MANIFEST}


@pytest.mark.parametrize("content", [b"", b"[]", b'{"files": {"a.mp3": 3}}', b"\xff\x00", b'{"files": null}'])
def test_a_manifest_that_cannot_be_read_is_said_and_everything_made_anew(
    tmp_path: Path, content: bytes
) -> None:
    Folder(tmp_path).make("a.mp3", "k1", writes(b"sound"))
    (tmp_path / MANIFEST).write_bytes(content)
    folder = Folder(tmp_path)
    assert folder.problem.endswith("cannot be read, so every file is made anew.")
    assert not folder.has("a.mp3", "k1")


def test_only_its_own_remains_are_cleared(tmp_path: Path) -> None:
    for name in (".a.mp3.abcd1234.part", ".zz_zz_zz.part", "letter.part", ".film.mkv.part", ".x"):
        (tmp_path / name).write_bytes(b"")
    Folder(tmp_path)
    assert files_of(tmp_path) == {"letter.part", ".film.mkv.part", ".x"}


def test_a_text_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write_text("a.vtt", "WEBVTT\n")
    os.utime(tmp_path / "a.vtt", (1, 1))
    folder.write_text("a.vtt", "WEBVTT\n")
    assert (tmp_path / "a.vtt").stat().st_mtime == 1
    folder.write_text("a.vtt", "WEBVTT\n\nmore\n")
    assert (tmp_path / "a.vtt").read_text() == "WEBVTT\n\nmore\n"


# ---- the command ----


def command(out: Path, data: Path, *words: str) -> list[str]:
    start = [sys.executable, "-m", "server", "compose", "--all", "--out", str(out), "--data", str(data)]
    return [*start, *words]


def compose(out: Path, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(out, data, *words), cwd=ROOT, capture_output=True, text=True)


def made(output: str) -> list[str]:
    return re.findall(r"^([\w-]+\.(?:mp3|flac|wav)): \d", output, re.M)


def kill_after(out: Path, data: Path, count: int) -> list[str]:
    """Start, read the names of `count` files that were made, and kill the process as hard as there is."""
    process = subprocess.Popen(
        command(out, data, "--length", "shortest"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    said = "".join(process.stdout.readline() for _ in range(count))
    os.killpg(process.pid, signal.SIGKILL)
    said += process.stdout.read()
    process.wait()
    process.stdout.close()
    return made(said)


def test_killed_and_started_again_nothing_is_made_twice_and_nothing_is_torn(tmp_path: Path) -> None:
    out, data = tmp_path / "out", tmp_path / "data"
    runs = [kill_after(out, data, 1), kill_after(out, data, 2)]
    stamps = {path: path.stat() for path in out.glob("*.mp3")}
    last = compose(out, data, "--length", "shortest")
    assert last.returncode == 0, last.stderr
    runs.append(made(last.stdout))
    named = [name for run in runs for name in run]
    assert len(named) == len(set(named)), f"made twice: {runs}"
    for path, before in stamps.items():
        after = path.stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    expected = NAMES | {n[:-3] + end for n in NAMES for end in ("vtt", "txt")} | {MANIFEST}
    assert files_of(out) == expected
    for entry in SHORTEST:
        choices = entry.choices
        timeline = plan(entry.exercise, choices.length, choices.lead_in)
        size = (out / f"{entry.exercise.id}.mp3").stat().st_size
        assert size == encode.known_size(timeline, choices.setting, 1, "mp3")
    again = compose(out, data, "--length", "shortest")
    assert made(again.stdout) == []
    assert again.stdout == f"{out}: 0 made, {len(NAMES)} left as they were.\n"
    only = json.loads((out / MANIFEST).read_text())
    assert set(only["files"]) == NAMES


def test_only_what_changed_is_made(tmp_path: Path) -> None:
    out, data = tmp_path / "out", tmp_path / "data"
    compose(out, data, "--length", "shortest")
    manifest = json.loads((out / MANIFEST).read_text())
    manifest["files"]["doorway.mp3"]["key"] = "of another script"
    (out / MANIFEST).write_text(json.dumps(manifest))
    (out / "lamp-out.mp3").unlink()
    (out / "doorway.vtt").unlink()
    again = compose(out, data, "--length", "shortest")
    assert made(again.stdout) == ["doorway.mp3", "lamp-out.mp3"]
    assert (out / "doorway.vtt").read_text().startswith("WEBVTT")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Give the id of one exercise, or --all for every one that may be a file."),
        (["doorway", "--all"], "Give the id of one exercise, or --all for every one that may be a file."),
        (["--all"], "Say with --out which folder the files go to."),
        (["--all", "--out", "x", "--length", "210"], 'For "length" choose one of: usual, shortest, longest.'),
        (["doorway", "--format", "wav"],
         "--format belongs to --all; for one exercise the ending of --out says the format."),
    ],
)  # fmt: skip
def test_a_wrong_word_is_one_sentence(words: list[str], sentence: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "server", "compose", *words, "--data", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr.strip()) == (1, sentence)


def test_a_folder_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    done = compose(tmp_path / "out", tmp_path / "data")
    assert done.returncode == 1
    assert re.fullmatch(
        r"\S+/out cannot be written \(File exists\)\. Choose another folder with --out\.", done.stderr.strip()
    )
