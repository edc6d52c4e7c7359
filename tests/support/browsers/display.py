"""A screen that nobody sees, for browsers that want a window."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator

from tests.support.errors import NotInTime
from tests.support.programs import end, find

SIZE = "1400x1000x24"


@contextlib.contextmanager
def display() -> Iterator[str]:
    """Run a screen while the block runs; gives its name for DISPLAY. Raises NotInstalled."""
    program = find("xvfb", "Xvfb")
    told, tell = os.pipe()
    process = subprocess.Popen(
        [program, "-displayfd", str(tell), "-screen", "0", SIZE, "-nolisten", "tcp"],
        pass_fds=[tell], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(tell)
    try:
        with os.fdopen(told) as answer:
            number = answer.readline().strip()
        if not number:
            raise NotInTime("Xvfb does not start.")
        yield f":{number}"
    finally:
        end(process)
