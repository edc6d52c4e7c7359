"""soak: honest use without end, and the memory that it takes.

Rooms are opened, joined, prepared and left, no faster than one network of sixteen bits may open them for good; sounds,
pages and previews are asked for. Memory is the serving process's
and the studio's together; flat is what grows no further than after the first third. BENCH_MINUTES=30 as is asked.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.lib.report import Row
from tests.conftest import start_service, stop_service
from tests.support.hostile.siege import Vitals
from tests.support.phone import couple
from tests.support.wire import Closed

MINUTES, SHORT, GROWTH_MB = 30.0, 2.0, 20.0
EVERY_S = 0.6
PATHS = (
    "/",
    "/help",
    "/exercises/doorway/",
    "/exercises/doorway/audio.mp3?length=75",
    "/voices/preview.flac",
)


def measure() -> list[Row]:
    """The rows of this figure."""
    minutes = float(os.environ.get("BENCH_MINUTES", SHORT))
    readings: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as folder:
        service = start_service(Path(folder) / "data", "--proxies", "1")
        try:
            began = time.monotonic()
            while (gone := time.monotonic() - began) < minutes * 60:
                _use(service.url)
                circle, square = couple(service)
                circle.sees("plan")
                for phone in (circle, square):
                    with contextlib.suppress(Closed):  # the line may end before the answer is read
                        phone.says("leave")
                readings.append((gone, _memory_mb(service.process.pid)))
                time.sleep(max(0.0, began + gone + EVERY_S - time.monotonic()))
        finally:
            stop_service(service)
    settled = [mb for at, mb in readings if at >= minutes * 20] or [readings[-1][1]]
    growth = max(settled) - settled[0]
    few = None if minutes < MINUTES else True
    return [
        Row("minutes", f"{minutes:.0f}", f"{MINUTES:.0f}", ok=few),
        Row("memory after the first third", f"{settled[0]:.0f} MB, then {growth:+.1f} MB at most",
            f"+{GROWTH_MB:.0f} MB", ok=growth <= GROWTH_MB),
        Row("rooms opened and left", str(len(readings))),
    ]  # fmt: skip


def _use(url: str) -> None:
    for path in PATHS:
        with contextlib.suppress(OSError), urllib.request.urlopen(url + path, timeout=60) as answer:
            answer.read()


def _memory_mb(pid: int) -> float:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(Vitals.of(each).memory_mb for each in (pid, *map(int, children)))
