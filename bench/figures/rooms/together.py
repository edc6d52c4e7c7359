"""together: how far apart two phones play, over networks with delay, jitter and spikes.

Two Chromium pages in one room, "apart", so that both speak the same words; each on one channel of one recording
(bench/lib/pair.py), both through a network of their own kind (bench/lib/network.py). One whole exercise a network,
and every spoken window of it counts. A window that is missed fails the figure and is never left out.

BENCH_LINES=n looks at the first n lines of the exercise only; the report then says that this is less than asked.
"""

from __future__ import annotations

import os

import numpy as np

from bench.lib.network import network
from bench.lib.pair import Heard, hear, need_control, phones
from bench.lib.report import Row
from bench.lib.service import Service
from tests.support.sound_card import recording

EXERCISE, LENGTH_S = "side-by-side", 180
NETWORKS = (40, 120)
HEAVY = 200
WINDOWS = 200
P95_MS, MAX_MS, HEAVY_P95_MS = 2.0, 5.0, 6.0
SEED = 7
AFTER_S = 3.0


def listen(service: Service, rtt: float, lines: int | None = None) -> list[Heard]:
    """Every spoken window of one exercise over one network."""
    with network(service.port, rtt, SEED) as net, phones() as pair:
        pair.open(net.address, EXERCISE, LENGTH_S)
        for page in pair.both:
            page.wait_for_selector("#start-ask:not([hidden])")
        with recording(pair.sound) as take:
            pair.start()
            clips = pair.clips()
            duration = pair.plan["tracks"]["main"]["duration"]
            until_s = duration if lines is None else clips[lines][0]
            pair.a.wait_for_timeout((until_s + AFTER_S) * 1000)
        windows = [w for w in pair.windows() if w.at_s < until_s]
    return hear(take, windows)


def row(what: str, heard: list[Heard], p95_ms: float, max_ms: float | None, enough: int = 0) -> Row:
    """Offsets of all windows that were heard, and how many were not."""
    sizes = np.abs([one.offset_ms for one in heard if not one.missed])
    missed = sum(one.missed for one in heard)
    asked = f"p95 ≤ {p95_ms:g} ms" + (f", max ≤ {max_ms:g} ms" if max_ms else "") + ", none missed"
    if not len(sizes):
        return Row(what, f"nothing heard of {len(heard)} windows", asked, ok=False)
    p95, most = float(np.percentile(sizes, 95)), float(sizes.max())
    told = f"p95 {p95:.2f} ms; median {np.median(sizes):.2f}, max {most:.2f}, {len(heard)} windows, missed {missed}"
    ok = p95 <= p95_ms and (max_ms is None or most <= max_ms) and not missed
    if len(heard) < enough:
        ok, told = False, f"{told}: fewer than the {enough} asked"
    values = {"offsets_ms": [None if one.missed else one.offset_ms for one in heard]}
    return Row(what, told, asked, ok=ok, values=values)


def measure() -> list[Row]:
    """The rows of this figure."""
    lines = int(os.environ["BENCH_LINES"]) if "BENCH_LINES" in os.environ else None
    rows = [need_control()]
    with Service(yields=True) as service:
        by_network = {rtt: listen(service, rtt, lines) for rtt in NETWORKS}
        heavy = listen(service, HEAVY, lines)
    for rtt, heard in by_network.items():
        rows.append(row(f"RTT {rtt}", heard, P95_MS, MAX_MS))
    together = [one for heard in by_network.values() for one in heard]
    rows.append(row("both networks together", together, P95_MS, MAX_MS, WINDOWS))
    rows.append(row(f"RTT {HEAVY}, heavy-tailed", heavy, HEAVY_P95_MS, None))
    return rows
