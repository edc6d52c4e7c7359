"""memory: the most memory that composing takes, at 60 minutes and at 3.

Both exercises are built here with lines as close together as in the library's own. Each composition runs in a fresh
process with an empty store, and that process's VmHWM is read at its end; the voice processes are its children and
are counted apart. Over HTTP the service is fresh too, a client reads the whole file, and VmHWM is read of the process
that serves and of the one that composes. Memory that the system lends as file cache is not counted.

Last, a service in its default voice composes ten minutes, and then nobody asks it for anything: the resident memory
of all its processes is read once the voices that can be spared have gone. What processes share is counted in each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from audio.speech.workers.pool import SPARE_S
from audio.studio.process import IDLE_LOOK_S
from bench.lib.report import CannotMeasure, Row, Spread
from bench.lib.service import Service, peak_mb
from bench.lib.sound.made_exercises import made_exercise, write_script

ROUNDS, HTTP_ROUNDS = 3, 2
SHORT, LONG = (10, 180), (190, 3600)
ALLOWED_MB = 10.0
IDLE_MB = 500.0
MINUTES = (60, 600)


def _compose_here(lines: int, length_s: int) -> None:
    """The fresh process: compose once, print the peaks."""
    from audio.render.compositor import Compositor
    from audio.speech.clips.store import ClipStore
    from audio.speech.workers.pool import VoicePool
    from bench.lib.sound.composing import default_recipe

    with tempfile.TemporaryDirectory() as name:
        compositor = Compositor(VoicePool(), ClipStore(Path(name) / "clips"))
        recipe = default_recipe(made_exercise(lines, length_s), length=str(length_s))
        before = peak_mb(os.getpid())
        compositor.compose(recipe, Path(name) / "out.mp3")
        peak, voices = peak_mb(os.getpid()), [peak_mb(pid) for pid in _voices()]
        compositor.close()
    print(json.dumps({"before": before, "peak": peak, "voice": max(voices)}))


def _voices() -> list[int]:
    found = []
    for task in Path("/proc/self/task").iterdir():
        found += [int(pid) for pid in (task / "children").read_text().split()]
    return found


def _fresh(lines: int, length_s: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.figures.render.memory", str(lines), str(length_s)]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotMeasure(f"composing {length_s} s failed in its own process ({last}).")
    return json.loads(done.stdout)


def _over_http(lines: int, length_s: int) -> dict[str, float]:
    exercise = made_exercise(lines, length_s)
    with tempfile.TemporaryDirectory() as name:
        write_script(exercise, Path(name))
        with Service(scripts=Path(name)) as service:
            service.get(f"/exercises/{exercise.id}/audio.mp3", length=length_s)
            return {role: peak_mb(pid) for role, pid in service.processes().items()}


def _idle() -> Row:
    """The memory of the service and of everything that it started, once nobody asks for anything any more."""
    exercise = made_exercise(*MINUTES)
    with tempfile.TemporaryDirectory() as name:
        write_script(exercise, Path(name))
        with Service(scripts=Path(name)) as service:
            service.get(f"/exercises/{exercise.id}/audio.mp3", length=MINUTES[1])
            busy = service.resident_mb()
            time.sleep(SPARE_S + 2 * IDLE_LOOK_S)
            idle = service.resident_mb()
    shown = ", ".join(f"{held:.0f}" for held in sorted(idle, reverse=True))
    return Row(
        "service and all its workers, idle after an exercise", f"{sum(idle):.0f} MB ({shown})", f"≤ {IDLE_MB:.0f} MB",
        f"right after it {sum(busy):.0f} MB", ok=sum(idle) <= IDLE_MB, values={"idle": idle, "busy": busy},
    )  # fmt: skip


def _rows(
    what: str, name: str, short: list[dict[str, float]], long: list[dict[str, float]], asked: bool
) -> Row:
    few, many = Spread.of(r[name] for r in short), Spread.of(r[name] for r in long)
    more = many.median - few.median
    return Row(
        what,
        f"{more:+.1f} MB: {many.show(' MB')}",
        f"≤ +{ALLOWED_MB:.0f} MB" if asked else "–",
        f"3 min {few.show(' MB')}",
        f"{many.median / few.median:.2f} ×",
        more <= ALLOWED_MB if asked else None,
    )


def measure() -> list[Row]:
    """The rows of this figure."""
    short = [_fresh(*SHORT) for _ in range(ROUNDS)]
    long = [_fresh(*LONG) for _ in range(ROUNDS)]
    http_short = [_over_http(*SHORT) for _ in range(HTTP_ROUNDS)]
    http_long = [_over_http(*LONG) for _ in range(HTTP_ROUNDS)]
    return [
        _rows("60 min against 3, composing process", "peak", short, long, True),
        _rows("  before it began", "before", short, long, False),
        _rows("  its largest voice process", "voice", short, long, False),
        _rows("over HTTP, composing process", "composing", http_short, http_long, True),
        _rows("over HTTP, serving process", "serving", http_short, http_long, True),
        _idle(),
    ]


if __name__ == "__main__":
    _compose_here(int(sys.argv[1]), int(sys.argv[2]))
