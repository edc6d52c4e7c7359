"""sockets: 5,000 phones in 2,500 rooms of one process, one command a second in each room.

The service runs as it always does, in one process that holds the sockets, behind the address headers of a proxy,
since one address may not open so many rooms. The phones are a process of their own (bench/lib/phones/crowd.py): every
couple plays the same exercise, pauses, and goes on with two yeses, one command a second and room, spread evenly
over the second.

*Wait.* From before the phone writes a command until it has read the answer; for the commands that change the course
also until the other phone has read the new one. What the client itself takes stands in it.

*Memory.* What the serving process holds (VmRSS) with all sockets open, the rooms playing and the load over, less what
it held with all rooms open and no socket, divided by the sockets.

Fewer rooms with BENCH_ROOMS; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import os

from bench.lib.phones.crowd_process import SPARE_FILES, allow_files, p99_of, run_crowd
from bench.lib.report import Row
from bench.lib.service import Service

ROOMS, SECONDS = 2500, 30
P99_MS, EACH_KB = 25.0, 45.0


def measure() -> list[Row]:
    """The rows of this figure."""
    rooms = int(os.environ.get("BENCH_ROOMS", ROOMS))
    allow_files(4 * rooms + SPARE_FILES)
    with Service("--proxies", "1") as service:
        seen = run_crowd([service.address], rooms, SECONDS, [service.processes()["serving"]])
    whole = rooms >= ROOMS
    p99, told = p99_of(seen["waits"])
    other, told_other = p99_of(seen["others"])
    ((before, after),) = seen["memory_kb"]
    each = (after - before) / (2 * rooms)
    lost = {name: seen[name] for name in ("unanswered", "unmoved", "lost")}
    count = f"{2 * rooms} sockets in {rooms} rooms" + ("" if whole else ", which is less than asked")
    asked = f"p99 ≤ {P99_MS:.0f} ms"
    return [
        Row(count, f"{seen['sent'] / SECONDS:.0f} commands a second", f"{ROOMS} rooms, 1 a second", ok=whole),
        Row("command to its answer", told, asked, ok=p99 <= P99_MS),
        Row("command to the other phone's new course", told_other, asked, ok=other <= P99_MS),
        Row("memory for each socket", f"{each:.1f} kB", f"≤ {EACH_KB:.0f} kB", ok=each <= EACH_KB),
        Row("unanswered, untold, lost", str(tuple(lost.values())), "none", ok=not any(lost.values())),
        Row("processor for each command", f"{seen['cpu_s'][0] / seen['sent'] * 1000:.2f} ms"),
        Row("the client behind its plan, at the most", f"{seen['late'] * 1000:.0f} ms"),
    ]
