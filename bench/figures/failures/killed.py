"""killed: `compose --all`, killed again and again at moments nobody chose, then left to come to its end.

Each run is killed with SIGKILL, with its voices, after a random share of what a whole run takes here. A file counts
as made when it gets its whole name; made twice is one whose content was there under the right key and was written
again. Torn is a file that is not as long as its timeline says.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from audio.render.encode import known_size
from audio.speech.engines import voice_list
from bench.lib.floors import ROOT
from bench.lib.report import CannotMeasure, Row
from exercises.library import load_library
from server.services.export.export_set import entries, parse_set
from server.services.sound.recipes import recipe_for

ROUNDS, KILLS = 3, 8
SHARES = (0.1, 0.5)
SEED = 20261124


def _start(out: Path, data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "server", "compose", "--all", "--out", str(out), "--data", str(data)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)


def _one_run(out: Path, data: Path, limit_s: float | None) -> tuple[bool, str]:
    """Tell whether it came to its end, and what it said; killed after `limit_s`."""
    process = _start(out, data)
    assert process.stdout
    try:
        said, _ = process.communicate(timeout=limit_s)
        return True, said
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
        return False, said


def _round(home: Path, dice: random.Random, whole_s: float) -> tuple[int, int, int]:
    """Counts of runs killed, files made twice, and files torn."""
    out, data, wanted = home / "out", home / "data", _sizes()
    there: dict[str, tuple[int, int]] = {}
    killed = twice = torn = 0
    for limit_s in [dice.uniform(*SHARES) * whole_s for _ in range(KILLS)] + [None]:
        done, said = _one_run(out, data, limit_s)
        now = {p.name: (p.stat().st_ino, p.stat().st_mtime_ns) for p in out.glob("*.mp3")}
        again = {name for name in there if there[name] != now.get(name)}
        twice += len(again | (set(re.findall(r"^([\w-]+\.mp3): ", said, re.M)) & set(there)))
        torn += sum((out / name).stat().st_size != wanted[name] for name in now)
        killed, there = killed + (not done), now
    if set(there) != set(wanted) or any(p.name.startswith(".") for p in out.iterdir()):
        raise CannotMeasure("the folder is not whole, or not tidy, after the last run.")
    return killed, twice, torn


def _sizes() -> dict[str, int | None]:
    recipes = [
        recipe_for(entry.exercise, entry.choices, entry.kind)
        for entry in entries(load_library(), voice_list(), parse_set(voice_list(), {}))
    ]
    return {f"{r.exercise.id}.mp3": known_size(r.timeline(), r.setting, r.channels, r.kind) for r in recipes}


def measure() -> list[Row]:
    """The rows of this figure."""
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as home:
        whole_s, again_s = (_timed(Path(home)) for _ in range(2))
    dice, rounds = random.Random(SEED), []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as home:
            rounds.append(_round(Path(home), dice, whole_s))
    kills, twice, torn = (sum(r[i] for r in rounds) for i in range(3))
    return [
        Row(
            f"made twice, over {kills} kills in {ROUNDS} rounds", str(twice), "0", ok=twice == 0 and kills > 0
        ),
        Row("torn", str(torn), "0", ok=torn == 0),
        Row(
            "a run with nothing to do",
            f"{again_s:.2f} s",
            floor=f"the whole from nothing {whole_s:.2f} s",
            ratio=f"{again_s / whole_s:.2f} ×",
        ),
    ]


def _timed(home: Path) -> float:
    started = time.perf_counter()
    _one_run(home / "out", home / "data", None)
    return time.perf_counter() - started
