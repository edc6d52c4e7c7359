"""hostile: frames and requests that no page of ours would send, beside fifty honest rooms and one honest listener.

Attackers in processes of their own (tests/support/hostile) send malformed, oversize and broken frames, floods, the
wrong seat, replays, endless pieces, pings by the hundred, handshakes from elsewhere; and requests that contradict
themselves, hang up, or ask for what is not there. A hundred honest phones in fifty rooms probe meanwhile; a wait is
from a probe to its answer. Afterwards threads, descriptors and memory of the serving process have to be back at what
they were, but for what limits know of thousands of addresses.

BENCH_FRAMES=1000000 BENCH_REQUESTS=100000 sends as many as is asked; by itself it is a fiftieth of that.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bench.lib.report import Row
from tests.support.hostile.siege import besiege

FRAMES, REQUESTS, ROOMS, P99_MS, FIRST_S, GROWTH_MB = 1_000_000, 100_000, 50, 50.0, 0.5, 50.0
SHORT = 50


def measure() -> list[Row]:
    """The rows of this figure."""
    frames = int(os.environ.get("BENCH_FRAMES", FRAMES // SHORT))
    requests = int(os.environ.get("BENCH_REQUESTS", REQUESTS // SHORT))
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as folder:
        seen = besiege(Path(folder), frames, ROOMS, requests=requests)
    asked = seen.sent.pop("request", 0)
    sent = sum(seen.sent.values())
    crashed = "Traceback" in seen.errors
    waits = f"p99 {seen.p99_ms:.1f} ms; median {seen.p50_ms:.1f}, max {seen.worst_ms:.0f}, n={seen.waits}"
    threads, files = seen.threads, seen.descriptors
    first_s = seen.firsts[min(len(seen.firsts) - 1, int(0.95 * len(seen.firsts)))]
    return [
        Row("hostile frames", f"{sent} of {len(seen.sent)} kinds", f"≥ {FRAMES}", ok=_enough(sent, FRAMES, frames)),
        Row("hostile requests", str(asked), f"≥ {REQUESTS}", ok=_enough(asked, REQUESTS, requests)),
        Row(f"an honest phone's probe, {ROOMS} rooms", waits, f"p99 ≤ {P99_MS:.0f} ms", ok=seen.p99_ms <= P99_MS),
        Row("an honest listener's first byte", f"p95 {first_s:.2f} s, n={len(seen.firsts)}", f"p95 ≤ {FIRST_S} s",
            ok=first_s <= FIRST_S),
        Row("crashes, answers of 500", f"{int(crashed)}, {seen.answered['500']}", "none",
            ok=not crashed and not seen.answered["500"]),
        Row("threads before and after", f"{threads[0]}, {threads[1]}", "the same", ok=threads[1] <= threads[0]),
        Row("descriptors before and after", f"{files[0]}, {files[1]}", "the same", ok=files[1] <= files[0]),
        Row("memory before and after", "{:.0f} MB, {:.0f} MB".format(*seen.memory_mb), f"+{GROWTH_MB:.0f} MB",
            ok=seen.memory_mb[1] - seen.memory_mb[0] <= GROWTH_MB),
    ]  # fmt: skip


def _enough(sent: int, asked: int, wanted: int) -> bool | None:
    """Nothing is said of a run that was made shorter on purpose."""
    return sent >= asked if wanted >= asked else None
