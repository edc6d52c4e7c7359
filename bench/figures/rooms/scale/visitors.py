"""scale-visitors: two hundred visitors ask for as many variants that were never made, beside one couple that begins.

Each visitor comes from a network of its own, asks for a short exercise at a pace, with a lead-in and a bed that nobody
asked for before, so that lines have to be spoken as well, and listens to its end. Whoever is told that many are asking
waits as long as was said, and asks again. The couple presses *Begin* every three seconds, each time for another
variant of an exercise of which the lines are there. *Memory* is the serving process's and the studio's together; flat
is what grows no further than after the first third.

BENCH_VISITORS asks with fewer; the report then says so, and the figure counts as missed.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from bench.lib.report import Row
from bench.lib.service import Service, resident_mb
from exercises.library import load_library
from exercises.timeline import length_bounds
from server.services.sound.choices import BEDS, BELLS, LEAD_INS, PACES

VISITORS, FIRST_S, GROWTH_MB = 200, 0.5, 20.0
PRESSES, BETWEEN_S, LOOK_S = 20, 3.0, 0.5
LIMIT_S, TIMEOUT_S = 240.0, 120.0
THEIRS, SHORT_S = "doorway", 200
COUPLE = "198.18.0.1"
MARGIN_S = 5
"""Bounds are those without a lead-in."""


@dataclass
class _Seen:
    """The waits for a first byte (seconds), refusals, and what was wrong with them."""

    waits: list[float] = field(default_factory=list)
    refused: int = 0
    rude: list[str] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)


def measure() -> list[Row]:
    """The rows of this figure."""
    count = int(os.environ.get("BENCH_VISITORS", VISITORS))
    visitors, couple, over = _Seen(), _Seen(), threading.Event()
    with Service("--proxies", "1", environment={"STILL_HERE_VOICE": ""}) as service:
        _first_byte_s(service.address, _path(THEIRS, pace=_own_pace()), COUPLE, _Seen(), to_its_end=True)
        began = time.monotonic()
        threads = [
            threading.Thread(
                target=_visit, args=(service.address, path, number, began, visitors), daemon=True
            )
            for number, path in enumerate(itertools.islice(_never_made(), count))
        ]
        looking = threading.Thread(target=_look, args=(service, couple, over), daemon=True)
        for thread in (*threads, looking):
            thread.start()
        for number, path in enumerate(_couples_own()):
            if number >= PRESSES and not any(t.is_alive() for t in threads):
                break
            if time.monotonic() - began > LIMIT_S:
                break
            couple.waits.append(_first_byte_s(service.address, path, COUPLE, couple))
            time.sleep(BETWEEN_S)
        took = time.monotonic() - began
        over.set()
        looking.join()
    return _rows(count, visitors, couple, took)


def _rows(count: int, visitors: _Seen, couple: _Seen, took: float) -> list[Row]:
    p95 = float(np.percentile(couple.waits, 95))
    served = np.array(visitors.waits or [float("inf")])
    third = couple.memory_mb[len(couple.memory_mb) // 3 :]
    growth = max(third) - third[0]
    told = f"{count}" + ("" if count >= VISITORS else ", which is less than asked")
    rude = visitors.rude + couple.rude
    return [
        Row("visitors with a variant each that was never made", f"{told}; all over after {took:.0f} s", f"{VISITORS}",
            ratio=f"{count / VISITORS:.2f}", ok=count >= VISITORS),
        Row("the couple's first byte", f"p95 {p95:.2f} s; median {np.median(couple.waits):.2f}, n={len(couple.waits)}",
            f"p95 ≤ {FIRST_S} s", ratio=f"{p95 / FIRST_S:.2f}", ok=p95 <= FIRST_S),
        Row("visitors that were served", f"{len(visitors.waits)}, first byte median {np.median(served):.1f} s, "
            f"max {served.max():.1f} s", f"all within {LIMIT_S:.0f} s", ratio=f"{served.max() / LIMIT_S:.2f}",
            ok=len(visitors.waits) == count),
        Row("  told to come again", f"{visitors.refused} times; the couple {couple.refused}"),
        Row("  without a sentence or a time", rude[0] if rude else "none", "none", ok=not rude),
        Row("memory after the first third", f"{third[0]:.0f} MB, then {growth:+.1f} MB at most",
            f"+{GROWTH_MB:.0f} MB", ratio=f"{growth / GROWTH_MB:.2f}", ok=growth <= GROWTH_MB),
    ]  # fmt: skip


def _own_pace() -> int:
    return round(load_library().exercises[THEIRS].voice.rate_wpm)


def _never_made() -> Iterator[str]:
    """Addresses of sound, no two alike, of short exercises at other paces than their own."""
    short = [e for e in load_library().exercises.values() if e.lengths[0] <= SHORT_S and e.id != THEIRS]
    for lead_in, bed, pace in itertools.product(LEAD_INS, BEDS, PACES):
        for exercise in short:
            least, most = length_bounds(exercise, rate_wpm=pace)
            if pace != round(exercise.voice.rate_wpm) and least + MARGIN_S <= exercise.lengths[1] <= most:
                yield _path(exercise.id, length=exercise.lengths[1], pace=pace, lead_in=lead_in, bed=bed)


def _couples_own() -> Iterator[str]:
    """Variants of one exercise in which the same lines are said."""
    lengths = load_library().exercises[THEIRS].lengths
    for length, bed, bell, lead_in in itertools.product(lengths, BEDS, BELLS, LEAD_INS):
        yield _path(THEIRS, length=length, bed=bed, bell=bell, lead_in=lead_in)


def _path(exercise: str, **choices: object) -> str:
    return f"/exercises/{exercise}/audio.mp3?{urllib.parse.urlencode(choices)}"


def _visit(url: str, path: str, number: int, began: float, seen: _Seen) -> None:
    try:
        _first_byte_s(url, path, f"10.{number}.0.1", seen, to_its_end=True)
    except OSError:
        return  # it counts as one who was not served
    finally:
        if time.monotonic() - began > LIMIT_S:
            seen.rude.append("a visitor was served too late")


def _first_byte_s(url: str, path: str, address: str, seen: _Seen, to_its_end: bool = False) -> float:
    """Seconds from asking first until the first byte, however often one had to ask again."""
    began = time.perf_counter()
    while True:
        link = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=TIMEOUT_S)
        try:
            link.request("GET", path, headers={"X-Forwarded-For": address})
            answer = link.getresponse()
            if answer.status in (200, 206):
                answer.read(1)
                waited = time.perf_counter() - began
                if to_its_end:
                    seen.waits.append(waited)
                    while answer.read(65536):
                        pass
                return waited
            wait_s = _wait_s(answer, seen)
        finally:
            link.close()
        time.sleep(wait_s)


def _wait_s(answer: http.client.HTTPResponse, seen: _Seen) -> float:
    """The seconds that a refusal asks for; what is no such, or has no sentence, is noted. Raises OSError."""
    seen.refused += 1
    try:
        words = str(json.loads(answer.read())["error"]["message"])
        wait_s = float(answer.headers["Retry-After"])
    except (ValueError, KeyError, TypeError):
        words, wait_s = "", 10.0
    if answer.status != 503 or not words.endswith("."):
        seen.rude.append(f"{answer.status} {words}".strip())
    if answer.status != 503:
        raise OSError(answer.status)
    return wait_s


def _look(service: Service, seen: _Seen, over: threading.Event) -> None:
    while not over.wait(LOOK_S):
        seen.memory_mb.append(sum(resident_mb(pid) for pid in service.processes().values()))
