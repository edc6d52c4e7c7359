"""Every command reads every setting that concerns it, in any locale, and writes where it was told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.cli.main import _parser, main
from server.config import Settings, read_settings
from server.process.startup import passcode_words

ROOT = Path(__file__).parents[3]
DOORWAY = ROOT / "exercises/scripts/doorway.yaml"


@pytest.mark.parametrize("name", ["host", "data", "scripts", "port", "finish", "voice"])
def test_a_setting_that_is_set_and_empty_is_unset(name: str) -> None:
    assert read_settings({}, {f"STILL_HERE_{name.upper()}": ""}) == Settings()
    assert read_settings({}, {f"STILL_HERE_{name.upper()}": " \t"}) == Settings()
    assert read_settings({name: ""}, {}) == Settings()


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("data", " /srv/still here ", Path("/srv/still here")),
        ("data", "~/kept", Path.home() / "kept"),
        ("port", " 8080", 8080),
        ("finish", " Off ", False),
        ("lan", "ON", True),
        ("voice", "neutral\n", "neutral"),
    ],
)
def test_spaces_around_a_setting_and_a_home_folder_are_no_part_of_it(
    name: str, written: str, value: object
) -> None:
    assert getattr(read_settings({}, {f"STILL_HERE_{name.upper()}": written}), name) == value


def test_an_empty_folder_on_the_command_line_is_as_good_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STILL_HERE_DATA", str(tmp_path / "kept"))
    assert main(["feed", "new", "--data", ""]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_folder_without_a_script_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--scripts", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("There is no script in ")


def test_a_default_voice_that_is_not_installed_yet_keeps_nobody_from_installing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STILL_HERE_VOICE", "hibari-emma")
    assert main(["voices", "list", "--data", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert "hibari-emma" in told.out
    assert told.err.startswith('There is no voice "hibari-emma"')


@pytest.mark.parametrize(
    "address",
    [
        "http://ex ample", "https://a.example?x=1", "https://a.example/#y", "https://me:pw@a.example", "a.example",
        "https://a.example:123456", "https://",
    ],
)  # fmt: skip
def test_a_feed_wants_an_address_that_apps_can_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert main(["feed", "new", "--data", str(tmp_path), "--address", address]) == 1
    assert "such as https://" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_address_is_taken_without_spaces_and_slashes_around(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feed", "new", "--data", str(tmp_path), "--address", " https://a.example:8443/still/ "]) == 0
    assert "\nhttps://a.example:8443/still/feeds/" in capsys.readouterr().out


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


@pytest.mark.parametrize(("output", "status", "told"), [(">&-", 0, ""), ("> /dev/full", 1, "No space left"),
                                                        ("| true", 0, "")])  # fmt: skip
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_output_that_goes_nowhere_is_no_traceback(
    tmp_path: Path, output: str, status: int, told: str
) -> None:
    done = subprocess.run(["bash", "-o", "pipefail", "-c", f"'{sys.executable}' -m server voices list {output}"],
                          env={**os.environ, "STILL_HERE_DATA": str(tmp_path)}, cwd=ROOT, stderr=subprocess.PIPE,
                          encoding="utf-8", timeout=60)  # fmt: skip
    assert done.returncode == status
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == (1 if told else 0)
