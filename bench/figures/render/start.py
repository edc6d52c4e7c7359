"""start: from a bare copy of the project to the first word, and how soon the service is open the next time.

The project is copied without its environment, and `make run` there installs everything; what it fetches was fetched
once before, so that packages come out of the cache of pip. The time is taken until the service prints its address, and
then until the first line of the first exercise is in the answer to a plain request. After that the same service is
started again, several times, with everything in place.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from audio.render.encode import FRAME, FRAME_BYTES
from audio.render.metadata import id3
from bench.lib.floors import ROOT
from bench.lib.report import CannotMeasure, Row, Spread
from exercises.library import load_library
from exercises.timeline import plan

FIRST_WORD_S, OPEN_S = 90.0, 2.5
AGAIN = 5
LIMIT_S = 900.0
_LEFT_OUT = shutil.ignore_patterns(".*", "data", "dist", "__pycache__")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")


@contextlib.contextmanager
def _run(copy: Path) -> Iterator[tuple[int, float]]:
    """`make run` in a folder: the port, and the seconds until the service was open."""
    command = ["make", "--silent", f"PYTHON={sys.executable}", "run", "ARGS=--port 0"]
    # as from a fresh terminal: no environment of ours, which make would not use
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STILL_HERE_")}
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        env=environment,
    )  # fmt: skip
    try:
        assert process.stdout
        for line in process.stdout:
            if found := _ADDRESS.search(line):
                yield int(found[1]), time.perf_counter() - began
                break
            if time.perf_counter() - began > LIMIT_S:
                raise CannotMeasure("`make run` does not come to an end.")
        else:
            raise CannotMeasure("`make run` does not open the service here; can pip fetch its packages?")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _first_word(port: int) -> float:
    """Seconds from asking for the first exercise until its first line is here."""
    exercise = next(one for one in load_library() if not one.first_with_therapist)
    timeline = plan(exercise)
    tag = len(id3(timeline, "together"))
    wanted = tag + (timeline.spoken()[0].start // FRAME + 1) * FRAME_BYTES[1]
    began, body, head = time.perf_counter(), 0, b""
    with socket.create_connection(("127.0.0.1", port), 120) as link:
        link.sendall(
            f"GET /exercises/{exercise.id}/audio.mp3 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        while body < wanted:
            piece = link.recv(65536)
            if not piece:
                raise CannotMeasure("the service sent no first line.")
            if b"\r\n\r\n" in head:
                body += len(piece)
            else:
                head += piece
                body = len(head.partition(b"\r\n\r\n")[2])
    return time.perf_counter() - began


def measure() -> list[Row]:
    """The rows of this figure."""
    if not shutil.which("make"):
        raise CannotMeasure("make is not installed.")
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as name:
        copy = Path(name) / "project"
        shutil.copytree(ROOT, copy, ignore=_LEFT_OUT)
        fetched = subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "-d", f"{name}/fetched", "-r", "requirements.txt"],
            cwd=copy, capture_output=True,
        )  # fmt: skip
        if fetched.returncode:
            raise CannotMeasure("pip cannot fetch the packages of requirements.txt here.")
        shutil.rmtree(f"{name}/fetched")
        with _run(copy) as (port, open_s):
            word_s = _first_word(port)
        opened = []
        for _ in range(AGAIN):
            with _run(copy) as (_, again_s):
                opened.append(again_s)
    again = Spread.of(opened)
    return [
        Row("make run, bare, to the first word", f"{open_s + word_s:.1f} s", f"≤ {FIRST_WORD_S:.0f} s",
            ok=open_s + word_s <= FIRST_WORD_S),
        Row("  until the service is open", f"{open_s:.1f} s"),
        Row("  from there to the first word", f"{word_s:.2f} s"),
        Row("make run again, until the service is open", again.show(" s"), f"≤ {OPEN_S} s", ok=again.median <= OPEN_S),
    ]  # fmt: skip
