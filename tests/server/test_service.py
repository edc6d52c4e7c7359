"""The service as a process: start, a typo in a script, a dead engine, no room, an orderly end."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest

from exercises.library import SCRIPTS
from server.http.limits.listener import listening_socket
from tests.conftest import ROOT, start_service, stop_service
from tests.server.views.listening.test_exercises import ask


def test_a_small_frame_does_not_wait_for_an_acknowledgement() -> None:
    with listening_socket("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_it_ends_within_five_seconds_of_being_told_to(tmp_path: Path) -> None:
    service = start_service(tmp_path)
    address = urllib.parse.urlsplit(service.url)
    idle = socket.create_connection((address.hostname, address.port))
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(5) == 0
    idle.close()
    assert service.process.stdout
    service.process.stdout.close()


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "server", "run", "--port", port, "--data", str(tmp_path)],
            cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert "Choose another with --port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_script_with_a_typo_leaves_the_others_playing(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    shutil.copytree(SCRIPTS, scripts)
    broken = (scripts / "doorway.yaml").read_text().replace("- rest:", "- rset:", 1)
    (scripts / "doorway.yaml").write_text(broken)
    line = broken[: broken.index("- rset:")].count("\n") + 1
    errors = tmp_path / "errors"
    with errors.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "server", "run", "--port", "0", "--data", str(tmp_path / "d"),
             "--scripts", str(scripts)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=stream, text=True,
        )  # fmt: skip
        assert process.stdout
        first = process.stdout.readline()
        url = first.split()[5]
        from tests.conftest import Service

        service = Service(url.rstrip("/"), tmp_path, process)
        said = errors.read_text()
        assert f'doorway.yaml:{line}: "rset" is not a step; did you mean "rest"?' in said
        assert "1 out of order" in first
        assert ask(service, "/exercises/doorway/", Accept="text/html").status == 404
        assert ask(service, "/exercises/side-by-side/", Accept="text/html").status == 200
        # a couple is told nothing of it
        assert b"out of order" not in ask(service, "/", Accept="text/html").body
        stop_service(service)


def test_a_dead_engine_is_a_message_and_not_a_silent_gap(tmp_path: Path) -> None:
    # an engine that cannot even be loaded: it stands in front of the real one on the path
    (tmp_path / "espeakng_loader.py").write_text("raise OSError('no such library')\n")
    service = start_service(tmp_path / "data", PYTHONPATH=str(tmp_path))
    with pytest.raises(http.client.IncompleteRead):
        ask(service, "/exercises/doorway/audio.mp3?voice=neutral")
    sound = ask(service, "/exercises/doorway/sound.json?voice=neutral").json()
    assert sound["state"] == "failed"
    assert sound["message"].endswith("It was tried twice; start the exercise again.")
    flac = ask(service, "/exercises/doorway/audio.flac?voice=neutral")
    assert flac.status == 503
    assert flac.json()["error"]["code"] == "sound_unavailable"
    assert ask(service, "/exercises/doorway/", Accept="text/html").status == 200
    stop_service(service)


def test_a_data_folder_that_cannot_be_written_still_gives_sound(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name in ("clips", "takes"):
        (data / name).write_text("a file where the folder should be")
    service = start_service(data)
    answer = ask(service, "/exercises/doorway/audio.mp3")
    assert len(answer.body) == int(answer.headers["Content-Length"]) > 400_000
    stop_service(service)


def test_nothing_of_what_somebody_listens_to_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    service = start_service(tmp_path)
    ask(service, "/exercises/doorway/audio.mp3?voice=lower")
    ask(service, "/exercises/nobody/")
    stop_service(service)
    out, err = capfd.readouterr()
    assert "doorway" not in out + err
    names = [p.name for p in tmp_path.glob("**/*")]
    assert not any("doorway" in name or "lower" in name for name in names)


def run(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "server", *arguments],
        cwd=cwd, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["mp3", "flac", "wav"])
def test_compose_writes_a_file_and_a_closing_line(tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"x.{kind}"
    done = run(
        "compose",
        "doorway",
        "--length",
        "66",
        "--setting",
        "earbuds",
        "--out",
        str(out),
        "--data",
        str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    assert out.stat().st_size > 100_000
    for part in ("1:06", "LUFS", "dBTP", "× real time"):
        assert part in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nobody"], "Choose one of: side-by-side"),
        (["doorway", "--length", "7"], "choose one of: 66, 75, 90."),
        (["doorway", "--out", "x.ogg"], "must end in one of .mp3, .flac, .wav"),
        (["doorway", "--out", "/no/such/folder/x.mp3"], "Choose another place with --out"),
        (["doorway", "--voice", "nobody"], "hibari-neutral, hibari-lower, hibari-higher,"),
    ],
)
def test_compose_answers_a_wrong_choice_in_one_sentence(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    done = run("compose", *arguments, "--data", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.glob("*.mp3")) == []


def test_compose_on_a_full_disk_is_one_sentence_and_leaves_no_scrap(tmp_path: Path) -> None:
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "from server.cli.main import main\n"
        "if __name__ == '__main__': sys.exit(main(sys.argv[1:]))"
    )
    script = tmp_path / "full.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, script, "compose", "doorway", "--out", tmp_path / "x.mp3", "--data", tmp_path / "data"],
        capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "Free some room on the disk" in done.stderr
    assert "Traceback" not in done.stderr
    assert [p for p in tmp_path.iterdir() if "x.mp3" in p.name] == []


def test_check_names_file_and_line_and_fails(tmp_path: Path) -> None:
    good = run("check")
    scripts = len(list(SCRIPTS.glob("**/*.yaml")))
    assert (good.returncode, good.stdout.split()[0]) == (0, str(scripts))
    bad = tmp_path / "bad.yaml"
    bad.write_text((SCRIPTS / "doorway.yaml").read_text().replace("- rest:", "- rset:", 1))
    done = run("check", str(bad))
    assert done.returncode == 1
    assert "bad.yaml:" in done.stdout
    assert 'did you mean "rest"?' in done.stdout
    missing = run("check", str(tmp_path / "none.yaml"))
    assert missing.returncode == 1
    assert "cannot be read" in missing.stdout


def test_voices_are_listed() -> None:
    done = run("voices", "list", STILL_HERE_VOICE="")
    assert done.returncode == 0
    listed, _, offered = done.stdout.partition("\n\n")
    ids = [line.split()[0] for line in listed.splitlines()]
    assert [name for name in ids if name in ("neutral", "lower", "higher")] == ["neutral", "lower", "higher"]
    assert {"es-neutral", "es-lower", "es-higher"} <= set(ids)
    assert "(default)" in listed.splitlines()[0]
    assert "en_GB-alba-medium" in offered
    english, spanish = done.stdout.split("\n\n")[1].splitlines()
    assert english.startswith(
        f"English: {ids[0]} speaks unless another voice is chosen. It sounds like a person."
    )
    assert "`voices install kokoro-dora`" in spanish


def test_the_default_voice_can_be_set(tmp_path: Path) -> None:
    assert run("voices", "list", STILL_HERE_VOICE="higher").stdout.startswith("higher ")
    done = run("run", "--voice", "nobody", "--port", "0", "--data", str(tmp_path))
    assert done.returncode == 1
    assert 'There is no voice "nobody". Choose one of: ' in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["run", "compose", "check", "voices"])
def test_help_tells_all(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert command in done.stdout


@pytest.mark.parametrize(("name", "value"), [("port", "eighty"), ("port", "99999"), ("cache-mb", "-1")])
def test_a_wrong_setting_is_one_sentence(name: str, value: str) -> None:
    done = run("run", f"--{name}", value)
    assert done.returncode == 1
    assert "takes a whole number" in done.stderr
    assert "Traceback" not in done.stderr
    assert json.dumps(value) in done.stderr


def test_a_reader_that_has_seen_enough_ends_a_command_quietly() -> None:
    command = f"{sys.executable} -m server voices list | true"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stderr == ""
