"""hostile: a hundred thousand hostile frames beside fifty honest rooms.

Attackers in processes of their own (tests/support/hostile/attack.py) send what no page of ours would: malformed,
oversize, floods, the wrong seat, replays, binary and broken frames, endless pieces, pings by the hundred,
handshakes from elsewhere. A hundred honest phones in fifty rooms probe meanwhile; a wait is from a probe to its
answer. Afterwards the threads and descriptors of the serving process have to be back at what they were.

BENCH_FRAMES sends fewer; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bench.lib.report import Row
from tests.support.hostile.siege import besiege

FRAMES, ROOMS, P99_MS = 100_000, 50, 50.0


def measure() -> list[Row]:
    """The rows of this figure."""
    frames = int(os.environ.get("BENCH_FRAMES", FRAMES))
    with tempfile.TemporaryDirectory(prefix="still-here-bench-") as folder:
        seen = besiege(Path(folder), frames, ROOMS)
    sent = sum(seen.sent.values())
    told = f"{sent} of {len(seen.sent)} kinds" + ("" if sent >= FRAMES else ", which is less than asked")
    crashed = "Traceback" in seen.errors
    waits = f"p99 {seen.p99_ms:.1f} ms; median {seen.p50_ms:.1f}, max {seen.worst_ms:.0f}, n={seen.waits}"
    threads, files = seen.threads, seen.descriptors
    return [
        Row("hostile frames", told, f"≥ {FRAMES}", ok=sent >= FRAMES),
        Row(f"an honest phone's probe, {ROOMS} rooms", waits, f"p99 ≤ {P99_MS:.0f} ms", ok=seen.p99_ms <= P99_MS),
        Row("crashes, answers of 500", f"{int(crashed)}, {seen.answered['500']}", "none",
            ok=not crashed and not seen.answered["500"]),
        Row("threads before and after", f"{threads[0]}, {threads[1]}", "the same", ok=threads[1] <= threads[0]),
        Row("descriptors before and after", f"{files[0]}, {files[1]}", "the same", ok=files[1] <= files[0]),
        Row("memory before and after", f"{seen.memory_mb[0]:.0f} MB, {seen.memory_mb[1]:.0f} MB"),
    ]  # fmt: skip
