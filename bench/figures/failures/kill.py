"""kill: service, studio and voices are killed (`kill -9`) at random moments, and everything is asked for again.

Torn is a file of sound that is served with other bytes than before under the same ETag, or shorter than it was said to
be. Lost is a room that is not back after the service was. BENCH_KILLS=100 kills as often as is asked.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from bench.lib.report import Row
from tests.conftest import Service, start_service
from tests.support.phone import Phone, couple

KILLS, SHORT, SEED, TRIES = 100, 6, 20261127, 40
SOUNDS = [
    f"/exercises/{name}/audio.mp3?length={length}" for name, length in (("doorway", 75), ("lamp-out", 84))
]


def measure() -> list[Row]:
    """The rows of this figure."""
    kills = int(os.environ.get("BENCH_KILLS", SHORT))
    dice, known = random.Random(SEED), dict[str, tuple[str, bytes]]()
    torn = lost = done = 0
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as folder:
        service = start_service(Path(folder) / "data", "--proxies", "1")
        circle, square = couple(service)
        circle.sees("plan")
        try:
            while done < kills:
                done += 1
                for path in SOUNDS:
                    _forget(service, dice)
                    _begin(service.url + path)
                time.sleep(dice.uniform(0.0, 1.5))
                service = _kill(service, ("studio", "voice", "service")[done % 3])
                torn += sum(_is_torn(service.url, path, known) for path in SOUNDS)
                lost += sum(not _is_back(service, phone) for phone in (circle, square))
        finally:
            service.process.kill()
            service.process.wait()
    few = None if kills < KILLS else True
    return [
        Row("killed", str(done), str(KILLS), ok=few),
        Row("files torn", str(torn), "none", ok=torn == 0),
        Row("seats lost", str(lost), "none", ok=lost == 0),
    ]


def _forget(service: Service, dice: random.Random) -> None:
    """Remove what was composed, now and then, so that something is being written when it is killed."""
    if dice.random() < 0.7:
        for path in (service.data / "takes").glob("*.mp3"):
            path.unlink(missing_ok=True)


def _begin(url: str) -> None:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=60) as answer:
        answer.read(2000)


def _children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _kill(service: Service, who: str) -> Service:
    studios = _children(service.process.pid)
    voices = [child for studio in studios for child in _children(studio)]
    targets = {"studio": studios, "voice": voices, "service": [service.process.pid]}[who]
    for pid in targets:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if who != "service":
        return service
    service.process.wait()
    assert service.process.stdout
    service.process.stdout.close()
    port = urllib.parse.urlsplit(service.url).port or 0
    return start_service(service.data, "--proxies", "1", port=port)


def _is_torn(url: str, path: str, known: dict[str, tuple[str, bytes]]) -> bool:
    """Tell whether a sound is not what it was under its ETag. An answer of 503 is no sound, and is asked for again."""
    for _ in range(TRIES):
        try:
            with urllib.request.urlopen(url + path, timeout=90) as answer:
                tag, body = answer.headers["ETag"], answer.read()
            if len(body) != int(answer.headers["Content-Length"]):
                continue  # broken off, as whoever listens sees
            before = known.setdefault(path, (tag, body))
            return before[0] == tag and before[1] != body
        except (OSError, http.client.HTTPException):  # refused, or broken off
            time.sleep(0.5)
    return True


def _is_back(service: Service, phone: Phone) -> bool:
    phone.service = service
    for _ in range(TRIES):
        with contextlib.suppress(Exception):
            phone.connects()
            return True
        time.sleep(0.5)
    return False
