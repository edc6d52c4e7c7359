"""A script that changes in the data folder, until a page of the running service has it.

The same file is written whole again and again with another title, at moments nobody chose; the page of the exercise is
asked every 20 ms until it has the title.
"""

from __future__ import annotations

import random
import tempfile
import time
import urllib.request
from pathlib import Path

from audio.files import write_whole
from bench.lib.report import CannotMeasure, Row, Spread
from tests.conftest import stop_service
from tests.support.scripts import QUIET, changed
from tests.support.therapist import started

CHANGES, ASKED_S, LIMIT_S, STEP_S, SEED = 12, 2.0, 20.0, 0.02, 20261128


def measure() -> list[Row]:
    """The rows of this part."""
    dice, took = random.Random(SEED), []
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as folder:
        own = Path(folder) / "data" / "scripts"
        own.mkdir(parents=True)
        write_whole(own / "quiet.yaml", QUIET.encode())
        service = started(Path(folder))
        try:
            for number in range(CHANGES):
                time.sleep(dice.uniform(0.0, 1.5))
                title = f"Quiet, the {number + 2}th"
                text = changed(QUIET, "title: Quiet", f'title: "{title}"')
                write_whole(own / "quiet.yaml", text.encode())
                took.append(_until(f"{service.url}/exercises/quiet/", title))
        finally:
            stop_service(service)
    seen = Spread.of(took)
    what = "a changed script: from its file to the page"
    return [Row(what, seen.show(" s", digits=2), f"≤ {ASKED_S:.0f} s", ok=max(took) <= ASKED_S)]


def _until(address: str, title: str) -> float:
    began = time.monotonic()
    while time.monotonic() < began + LIMIT_S:
        with urllib.request.urlopen(address, timeout=30) as answer:
            if title.encode() in answer.read():
                return time.monotonic() - began
        time.sleep(STEP_S)
    raise CannotMeasure("a changed script never came into the library.")
