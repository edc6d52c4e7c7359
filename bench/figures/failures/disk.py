"""disk: a data folder on a small file system that is full at random moments; whatever is served has to be right.

A file system in memory of a few megabytes is mounted, which takes root; it is filled and emptied while sounds are asked
for. Wrong is an answer of 200 whose bytes are others than the same sound had with room. BENCH_MOMENTS=200 fills it as
often as is asked.
"""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.lib.report import CannotMeasure, Row
from tests.conftest import Service, start_service, stop_service

MOMENTS, SHORT, SEED, SIZE_MB = 200, 12, 20261127, 24
SOUNDS = [
    f"/exercises/{name}/audio.mp3?length={length}" for name, length in (("doorway", 75), ("lamp-out", 84))
]


def measure() -> list[Row]:
    """The rows of this figure."""
    moments = int(os.environ.get("BENCH_MOMENTS", SHORT))
    dice = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as folder:
        small, errors = Path(folder) / "small", Path(folder) / "errors"
        small.mkdir()
        _mount(small)
        try:
            service = start_service(small / "data", errors=errors)
            try:
                wrong, refused, right = _fill_and_ask(service, small, moments, dice)
            finally:
                stop_service(service)
        finally:
            subprocess.run(["umount", "-l", str(small)], check=False)
        traces = errors.read_text().count("Traceback")
    few = None if moments < MOMENTS else True
    return [
        Row("full at", f"{moments} moments", str(MOMENTS), ok=few),
        Row("wrong bytes served", str(wrong), "none", ok=wrong == 0),
        Row("traces in the log", str(traces), "none", ok=traces == 0),
        Row("answers", f"{right} right, {refused} refused or broken off"),
    ]


def _mount(folder: Path) -> None:
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)]
    if subprocess.run(mounting, capture_output=True).returncode:
        raise CannotMeasure("a small file system could not be mounted; run it as root.")


def _fill_and_ask(service: Service, small: Path, moments: int, dice: random.Random) -> tuple[int, int, int]:
    known = {path: _ask(service.url + path) for path in SOUNDS}
    wrong = refused = right = 0
    for _ in range(moments):
        for kept in (service.data / "takes").glob("*"):
            kept.unlink(missing_ok=True)
        with contextlib.suppress(OSError), (small / "filler").open("wb") as filler:
            filler.truncate(0)
            filler.write(b"x" * dice.randrange(SIZE_MB * 1024 * 1024))
        time.sleep(dice.uniform(0.0, 0.2))
        for path in SOUNDS:
            found = _ask(service.url + path)
            if found is None:
                refused += 1
            elif known[path] is not None and found != known[path]:
                wrong += 1
            else:
                right += 1
        (small / "filler").unlink(missing_ok=True)
    return wrong, refused, right


def _ask(url: str) -> bytes | None:
    """The bytes of a sound that came whole, or None."""
    try:
        with urllib.request.urlopen(url, timeout=90) as answer:
            body = answer.read()
            return body if len(body) == int(answer.headers["Content-Length"]) else None
    except OSError:
        return None
