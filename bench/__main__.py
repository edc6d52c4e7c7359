"""`python -m bench [NAME…] [--json FILE]`: measure the figures that the project is held to, and print them.

Each figure is one module with a `measure()` that gives rows. Absolute times belong to the machine of the day, so
times stand next to what the bare parts take in the same run. A figure that is missed is printed as MISSED and is
no failure of the command; the command fails only where something cannot be measured at all.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from tests.support.errors import NotInstalled, NotInTime

from .report import CannotMeasure, Row, table

FIGURES = {
    "first-byte": "bench.first_byte",
    "compose": "bench.compose",
    "slow": "bench.slow",
    "memory": "bench.memory",
    "loudness": "bench.loudness",
    "captions": "bench.captions",
    "page": "bench.page",
    "offline": "bench.offline",
    "hidden": "bench.hidden",
    "lighthouse": "bench.lighthouse",
    "clock": "bench.clock",
    "prompt": "bench.prompt",
    "pace": "bench.pace",
    "preview": "bench.preview",
    "pauses": "bench.pauses",
    "finish": "bench.finish",
    "uploads": "bench.uploads",
    "files": "bench.files",
    "zip": "bench.zip",
    "feed": "bench.feed",
    "killed": "bench.killed",
    "together": "bench.together",
    "languages": "bench.languages",
    "restart": "bench.restart",
    "reload": "bench.reload",
    "stops": "bench.stops",
    "say": "bench.say",
    "sockets": "bench.sockets",
    "hostile": "bench.hostile",
    "sequences": "bench.sequences",
    "voices": "bench.voices",
    "audit": "bench.audit",
}
SLOW = ("together", "languages", "restart", "sockets", "hostile", "sequences", "voices", "audit")
"""Many minutes each, so they are measured only where they are named."""


def main() -> int:
    """Measure what was asked for; the exit status is 1 only where something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the project's figures.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(FIGURES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same rows to FILE")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in FIGURES]
    if unknown:
        parser.error(f'there is no figure "{unknown[0]}"; choose from {", ".join(FIGURES)}')
    written: list[dict[str, Any]] = []
    failures, missed = [], []
    names = options.names or [name for name in FIGURES if name not in SLOW]
    for name in names:
        started = time.perf_counter()
        try:
            rows: list[Row] = importlib.import_module(FIGURES[name]).measure()
        except (CannotMeasure, NotInstalled, NotInTime) as error:
            failures.append(f"{name} could not be measured: {error}")
            continue
        except ImportError as error:
            failures.append(f"{name} could not be measured: {error.name} is not installed; run make bench.")
            continue
        load = os.getloadavg()[0]
        print(f"\n{name}  ({time.perf_counter() - started:.0f} s; load {load:.1f} on {os.cpu_count()} cores)")
        print(table(rows), flush=True)
        written += [row.to_json(name) for row in rows]
        missed += [f"{name}: {row.what}" for row in rows if row.ok is False]
    if options.json:
        options.json.write_text(json.dumps(written, indent=1, ensure_ascii=False, default=_plain) + "\n")
    if written:
        print(f"\n{len(missed)} missed." if missed else "\nNothing missed.")
    if not options.names:
        print(f"Left out, since they take long; name them: {', '.join(SLOW)}.")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def _plain(value: Any) -> Any:
    """A number of numpy's as one of Python's."""
    return value.item()


if __name__ == "__main__":
    sys.exit(main())
