"""files: every file of the set, in every format, as ffprobe reads it.

The files are made as `compose --all` makes them, from nothing. Length is compared with the one that was chosen.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio.recipe import FORMATS
from audio.speech.engines import voice_list
from bench.lib.browsers.chromium import need
from bench.lib.floors import ROOT
from bench.lib.report import CannotMeasure, Row
from exercises.languages import BASE, LANGUAGES
from exercises.library import load_library
from exercises.timeline import SAMPLE_RATE
from server.services.export.export_set import entries, parse_set
from server.services.sound.recipes import recipe_for

ALLOWED_S = 0.05


@dataclass(frozen=True)
class Reading:
    """Facts that ffprobe told of one file, beside what it should."""

    off_s: float
    chapters: bool
    named: bool
    cover: bool


def compose_all(out: Path, data: Path, *words: str) -> None:
    """Run the command; raises CannotMeasure."""
    command = [sys.executable, "-m", "server", "compose", "--all", "--out", str(out), "--data", str(data)]
    done = subprocess.run([*command, *words], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise CannotMeasure(f"composing failed: {done.stderr.strip().splitlines()[-1]}")


def _probe(path: Path) -> dict[str, Any]:
    wanted = ["-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json"]
    return json.loads(subprocess.run(["ffprobe", *wanted, path], capture_output=True, check=True).stdout)


def _readings(kind: str, data: Path, out: Path) -> list[Reading]:
    compose_all(out, data, "--format", kind)
    found = []
    for entry in entries(load_library(), voice_list(), parse_set(voice_list(), {"kind": kind})):
        timeline = recipe_for(entry.exercise, entry.choices, entry.kind).timeline()
        told = _probe(out / f"{entry.exercise.id}.{kind}")
        tags = {name.lower(): value for name, value in told["format"]["tags"].items()}
        found.append(
            Reading(
                abs(float(told["format"]["duration"]) - timeline.length / SAMPLE_RATE),
                [c["tags"]["title"] for c in told["chapters"]] == list(LANGUAGES[BASE].parts.values()),
                (tags["title"], tags["album"]) == (entry.exercise.title, "Still Here"),
                any(s["disposition"]["attached_pic"] for s in told["streams"]),
            )
        )
    return found


def measure() -> list[Row]:
    """The rows of this figure."""
    need("ffprobe")
    rows = []
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as home:
        for kind in FORMATS:
            found = _readings(kind, Path(home) / "data", Path(home) / kind)
            worst, count = max(r.off_s for r in found), len(found)
            rows.append(
                Row(
                    f"{kind}: length, furthest off",
                    f"{worst * 1000:.1f} ms of {count} files",
                    f"≤ {ALLOWED_S * 1000:.0f} ms",
                    ok=worst <= ALLOWED_S,
                    values={"off_s": [r.off_s for r in found]},
                )
            )
            whole = [sum(getattr(r, part) for r in found) for part in ("chapters", "named", "cover")]
            rows.append(
                Row(
                    f"{kind}: five chapters; title and album; cover",
                    "; ".join(f"{n} of {count}" for n in whole),
                    "all",
                    ok=min(whole) == count,
                )
            )
    return rows
