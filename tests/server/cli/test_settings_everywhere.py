"""Every command reads every setting that concerns it, in any locale, and writes where it was told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.cli.main import _parser, main
from server.config import Settings, read_settings
from server.startup import passcode_words

ROOT = Path(__file__).parents[3]
DOORWAY = ROOT / "exercises/scripts/doorway.yaml"


@pytest.mark.parametrize("name", ["host", "data", "scripts", "port", "finish", "voice"])
def test_a_setting_that_is_set_and_empty_is_unset(name: str) -> None:
    assert read_settings({}, {f"STILL_HERE_{name.upper()}": ""}) == Settings()


@pytest.mark.parametrize(("given", "finish"), [([], None), (["--finish"], True), (["--no-finish"], False)])
def test_a_switch_can_be_turned_on_and_off(given: list[str], finish: bool | None) -> None:
    assert _parser().parse_args(["run", *given]).finish is finish


def test_check_reads_the_folder_of_scripts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "doorway.yaml").write_bytes(DOORWAY.read_bytes())
    monkeypatch.setenv("STILL_HERE_SCRIPTS", str(tmp_path))
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("1 script checked")


def test_a_feed_is_made_in_the_folder_of_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STILL_HERE_DATA", str(tmp_path / "kept"))
    assert main(["feed", "new"]) == 0
    assert main(["feed", "list"]) == 0
    assert list((tmp_path / "kept" / "feeds").iterdir())


@pytest.mark.parametrize("command", [["run", "--port", "0"], ["compose", "doorway"], ["check"]])
def test_a_folder_of_scripts_that_is_not_there_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STILL_HERE_SCRIPTS", str(tmp_path / "nope"))
    if command[0] == "run":  # it patches the process it runs in, so it has one of its own
        done = subprocess.run([sys.executable, "-m", "server", *command], env={**os.environ, "PYTHONPATH": str(ROOT)},
                              cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)  # fmt: skip
        status, told = done.returncode, done.stderr
    else:
        status, told = main(command), capsys.readouterr().err
    assert status == 1
    assert told.strip().endswith("Give one that holds scripts with --scripts.")
    assert len(told.strip().splitlines()) == 1


def test_a_file_that_is_a_link_stays_one_and_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    long = tmp_path / f"{'n' * 246}.mp3"
    link = tmp_path / "link.mp3"
    link.symlink_to(long)
    assert main(["compose", "doorway", "--length", "66", "--out", str(link), "--data", str(tmp_path)]) == 0
    assert link.is_symlink()
    assert long.stat().st_size > 100_000
    assert not list(tmp_path.glob(".still-here-*"))


@pytest.mark.parametrize("command", [["voices", "list"], ["check"], ["feed", "new"]])
def test_a_locale_without_our_letters_is_no_obstacle(tmp_path: Path, command: list[str]) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "STILL_HERE_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "server", *command], env={**os.environ, **plain}, cwd=ROOT,
                          capture_output=True, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert "Ã".encode("latin-1") not in done.stdout


def test_the_place_of_the_passcode_is_told_at_each_start_and_one_that_was_given_is_not(
    tmp_path: Path,
) -> None:
    settings = Settings(data=tmp_path)
    assert passcode_words(settings, "ABCD").endswith(f"{tmp_path / 'passcode'}: ABCD")
    assert passcode_words(settings, None).endswith(str(tmp_path / "passcode"))
    assert passcode_words(Settings(data=tmp_path, passcode="long enough"), None) == ""
