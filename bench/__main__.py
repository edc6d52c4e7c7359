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

from bench.lib.report import CannotMeasure, Row, table
from tests.support.errors import NotInstalled, NotInTime

FIGURES = {
    "first-byte": "bench.figures.render.first_byte",
    "compose": "bench.figures.render.compose",
    "start": "bench.figures.render.start",
    "slow": "bench.figures.speech.slow",
    "memory": "bench.figures.render.memory",
    "loudness": "bench.figures.render.loudness",
    "captions": "bench.figures.render.captions",
    "page": "bench.figures.web.page",
    "stage": "bench.figures.web.stage",
    "offline": "bench.figures.web.offline",
    "hidden": "bench.figures.web.hidden",
    "lighthouse": "bench.figures.web.lighthouse",
    "clock": "bench.figures.phones.clock",
    "prompt": "bench.figures.web.prompt",
    "pace": "bench.figures.speech.pace",
    "preview": "bench.figures.speech.preview",
    "pauses": "bench.figures.speech.pauses",
    "finish": "bench.figures.speech.finish",
    "uploads": "bench.figures.failures.uploads",
    "files": "bench.figures.export.files",
    "zip": "bench.figures.export.zip",
    "feed": "bench.figures.export.feed",
    "killed": "bench.figures.failures.killed",
    "together": "bench.figures.phones.together",
    "engines": "bench.figures.phones.engines",
    "chirp": "bench.figures.phones.chirp",
    "languages": "bench.figures.phones.languages",
    "restart": "bench.figures.phones.restart",
    "scale-killed": "bench.figures.rooms.scale.killed",
    "scale-redis": "bench.figures.rooms.scale.redis_away",
    "scale-stopped": "bench.figures.rooms.scale.stopped",
    "scale-drain": "bench.figures.rooms.scale.drain",
    "scale-sockets": "bench.figures.rooms.scale.sockets",
    "scale-held": "bench.figures.rooms.scale.held",
    "scale-visitors": "bench.figures.rooms.scale.visitors",
    "scale-sequences": "bench.figures.rooms.scale.sequences",
    "reload": "bench.figures.phones.reload",
    "stops": "bench.figures.phones.stops",
    "say": "bench.figures.phones.say",
    "hour": "bench.figures.hour.hour",
    "touch": "bench.figures.phones.touch",
    "sockets": "bench.figures.rooms.sockets",
    "hostile": "bench.figures.rooms.hostile",
    "flood": "bench.figures.rooms.flood",
    "kill": "bench.figures.failures.kill",
    "disk": "bench.figures.failures.disk",
    "soak": "bench.figures.rooms.soak",
    "sequences": "bench.figures.rooms.sequences",
    "voices": "bench.figures.speech.voices",
    "audit": "bench.figures.speech.audit",
}
GROUPS = {"scale": tuple(name for name in FIGURES if name.startswith("scale-"))}
"""Names for several figures at once."""
SLOW = (
    "together", "engines", "chirp", "languages", "restart", *GROUPS["scale"], "hour", "sockets", "hostile", "flood",
    "kill", "disk", "soak", "sequences", "voices", "audit",
)  # fmt: skip
"""Many minutes each, so they are measured only where they are named."""


def main() -> int:
    """Measure what was asked for; the exit status is 1 only where something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the project's figures.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join((*FIGURES, *GROUPS))}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same rows to FILE")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in FIGURES and name not in GROUPS]
    if unknown:
        parser.error(f'there is no figure "{unknown[0]}"; choose from {", ".join((*FIGURES, *GROUPS))}')
    written: list[dict[str, Any]] = []
    failures, missed = [], []
    named = [each for name in options.names for each in GROUPS.get(name, (name,))]
    names = named or [name for name in FIGURES if name not in SLOW]
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
