"""The natural voice asks nobody for anything: no socket, no look-up, no file outside of the data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audio.speech.engines import hibari
from tests.audio.speech.engines.no_sockets import KILLED_BY, can_watch
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.skipif(not can_watch(), reason="the kernel's filters are known on Linux alone"),
    pytest.mark.skipif(not hibari.is_there(), reason="the natural voice has no package for this system"),
]
WATCH = str(Path(__file__).with_name("no_sockets.py"))


def watched(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with these arguments and without sockets; where it might write besides is in `folder`."""
    # on a machine that builds, onnxruntime reports nothing, so that variable is taken out; ours has to be set by us
    taken_out = ("CI", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in taken_out}
    for name in ("HOME", "TMPDIR"):
        (folder / name).mkdir()
        environment[name] = str(folder / name)
    return subprocess.run(
        [sys.executable, WATCH, *arguments],
        cwd=folder, capture_output=True, text=True, timeout=300,
        env={**environment, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


def test_a_socket_would_be_noticed(tmp_path: Path) -> None:
    done = watched(tmp_path, "-c", "import socket; socket.socket()")
    assert done.returncode == -KILLED_BY


def test_a_look_up_in_a_process_of_its_own_would_be_noticed(tmp_path: Path) -> None:
    code = (
        "import subprocess as s, sys; look = 'import socket; socket.gethostbyname(\"still-here.invalid\")'\n"
    )
    done = watched(
        tmp_path, "-c", f"{code}sys.exit(s.run([sys.executable, '-c', look]).returncode == -{KILLED_BY})"
    )
    assert done.returncode == 1


def test_an_exercise_is_spoken_without_a_socket_or_a_file_elsewhere(tmp_path: Path) -> None:
    done = watched(
        tmp_path,
        "-m", "server", "compose", "doorway", "--length", "66", "--voice", "hibari-neutral",
        "--out", "out.mp3", "--data", "data",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.mp3").stat().st_size > 300_000
    assert list((tmp_path / "HOME").rglob("*")) == []
    assert list((tmp_path / "TMPDIR").rglob("*")) == []
    assert {path.name for path in tmp_path.iterdir()} == {"HOME", "TMPDIR", "data", "out.mp3"}


def test_the_studio_speaks_a_line_without_a_socket_or_a_file_elsewhere(tmp_path: Path) -> None:
    order = (
        '{"id": 1, "op": "line", "line": {"text": "Stay near.", "voice": "hibari-lower", "rate_wpm": 105.0, '
    )
    order += '"gap_s": 1.2, "pitch": 0, "recorded": null}}'
    talk = (
        "import subprocess, sys\n"
        "studio = subprocess.Popen([sys.executable, '-m', 'audio.studio.process', 'data', '1', '64', '1', ''],"
        " stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)\n"
        f"studio.stdin.write({order!r} + '\\n'); studio.stdin.flush()\n"
        "print(studio.stdout.readline()[:40]); studio.stdin.close(); sys.exit(studio.wait(60))\n"
    )
    done = watched(tmp_path, "-c", talk)
    assert done.returncode == 0, done.stderr
    assert '"event": "done"' in done.stdout
    assert list((tmp_path / "HOME").rglob("*")) == []
    assert list((tmp_path / "TMPDIR").rglob("*")) == []
