"""Load on the processors: programs that do nothing but compute, as many as are asked for."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator

BUSY = "while True: pass"


@contextlib.contextmanager
def load(programs: int) -> Iterator[None]:
    """Keep so many programs busy while the block runs."""
    running = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(programs)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()
