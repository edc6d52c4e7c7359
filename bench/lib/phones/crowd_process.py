"""The process of many phones (crowd.py), as a figure starts it, and what is told of its waits."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.lib.floors import ROOT
from bench.lib.report import CannotMeasure

LIMIT_S = 600.0
SPARE_FILES = 500


def allow_files(count: int) -> None:
    """Sockets are files; whatever is started from here inherits the limit. Raises CannotMeasure."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise CannotMeasure(f"this system allows {hard} open files and {count} are needed; see ulimit -Hn.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


def run_crowd(
    urls: Sequence[str], rooms: int, seconds: int, pids: Sequence[int], every_s: float = 1.0
) -> dict[str, Any]:
    """The report of a crowd; see crowd.py. Raises CannotMeasure."""
    command = [sys.executable, "-m", "bench.lib.phones.crowd", ",".join(urls), str(rooms), str(seconds)]
    told = subprocess.run(
        [*command, ",".join(map(str, pids)), str(every_s)],
        cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S,
    )  # fmt: skip
    if told.returncode:
        raise CannotMeasure(f"the phones gave up: {(told.stderr.strip() or 'no word').splitlines()[-1]}")
    return json.loads(told.stdout)


def p99_of(waits: Sequence[float]) -> tuple[float, str]:
    """Seconds as milliseconds: the 99th percentile, and it with the rest in words."""
    values = np.array(waits) * 1000
    p99 = float(np.percentile(values, 99))
    return p99, f"p99 {p99:.1f} ms; median {np.median(values):.1f}, max {values.max():.1f}, n={len(values)}"
