"""Honest rooms beside attackers: how long the honest ones wait, and whether the service is whole afterwards.

python -m tests.support.hostile.siege 100000      the bench: 100,000 hostile frames beside 50 honest rooms
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, Service, start_service, stop_service
from tests.support.phone import Phone, couple

SETTLE_S = 20.0
LIMITS_MB = 30.0
"""The memory that limits take for thousands of addresses, about."""


@dataclass
class Report:
    """The outcome of a siege. Waits are milliseconds from a probe to its answer, as an honest phone sees them."""

    sent: Counter[str]
    answered: Counter[str]
    waits: int
    p50_ms: float
    p99_ms: float
    worst_ms: float
    threads: tuple[int, int]
    descriptors: tuple[int, int]
    memory_mb: tuple[float, float]
    errors: str
    firsts: list[float]
    """Seconds until an honest listener had the first bytes of a sound."""


@dataclass(frozen=True)
class Vitals:
    """A process at a moment."""

    threads: int
    descriptors: int
    memory_mb: float

    @classmethod
    def of(cls, pid: int) -> Vitals:
        """Read them."""
        status = dict(
            line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line
        )
        return cls(
            int(status["Threads"]), len(os.listdir(f"/proc/{pid}/fd")), int(status["VmRSS"].split()[0]) / 1024
        )


def besiege(
    folder: Path, count: int, rooms: int, attackers: int = 2, seed: int = 1, requests: int = 0
) -> Report:
    """Start a service, let honest phones probe while attackers attack, and look at what is left.

    requests  hostile requests over HTTP besides; then an honest listener asks for sound as well
    """
    errors = folder / "errors"
    service = start_service(folder / "data", "--proxies", "1", errors=errors)
    try:
        phones = [phone for _ in range(rooms) for phone in couple(service)]
        phones[0].sees("plan")
        before = Vitals.of(service.process.pid)
        commands = [
            ["tests.support.hostile.attack", service.url, str(count // attackers), str(seed + n)]
            for n in range(attackers)
        ]
        if requests:
            commands.append(["tests.support.hostile.requests_attack", service.url, str(requests), str(seed)])
        waits, sent, answered, firsts = _hold_out(service, phones, commands, bool(requests))
        after = _settled(service.process.pid, before)
        for phone in phones[:10]:
            phone.probes()
    finally:
        stop_service(service)
    waits.sort()
    return Report(
        sent, answered, len(waits), _at(waits, 0.5), _at(waits, 0.99), waits[-1] * 1000,
        (before.threads, after.threads), (before.descriptors, after.descriptors),
        (before.memory_mb, after.memory_mb), errors.read_text(), sorted(firsts),
    )  # fmt: skip


def _at(waits: list[float], share: float) -> float:
    return waits[min(len(waits) - 1, int(share * len(waits)))] * 1000


def _hold_out(
    service: Service, phones: list[Phone], commands: list[list[str]], listens: bool
) -> tuple[list[float], Counter[str], Counter[str], list[float]]:
    processes = [
        subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    waits: list[float] = []
    firsts: list[float] = []
    while any(process.poll() is None for process in processes) or len(waits) < 3 * len(phones):
        round_began = time.monotonic()
        for phone in phones:
            began = time.perf_counter()
            phone.probes()
            waits.append(time.perf_counter() - began)
            phone.told.clear()
        if listens:
            firsts.append(first_byte_s(service.url))
        time.sleep(max(0.0, 0.8 - (time.monotonic() - round_began)))
    sent: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for process in processes:
        assert process.returncode == 0
        assert process.stdout
        report = json.loads(process.stdout.read())
        process.stdout.close()
        sent.update(report["sent"])
        answered.update(report["answered"])
    return waits, sent, answered, firsts


def first_byte_s(
    url: str, path: str = "/exercises/doorway/audio.mp3?length=75", limit_s: float = 30.0
) -> float:
    """Seconds until the first bytes of a sound are here, for one who asks for nothing else, or the limit."""
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(f"{url}{path}", timeout=limit_s) as answer:
            answer.read(1024)
    except OSError:
        return limit_s
    return time.perf_counter() - began


def _settled(pid: int, before: Vitals) -> Vitals:
    """The process once it has let go of everything, or after SETTLE_S."""
    until = time.monotonic() + SETTLE_S
    while time.monotonic() < until:
        now = Vitals.of(pid)
        is_back = now.threads <= before.threads and now.descriptors <= before.descriptors
        if is_back and now.memory_mb <= before.memory_mb + LIMITS_MB:
            break
        time.sleep(0.2)
    return Vitals.of(pid)


def main() -> None:
    """The bench."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        report = besiege(Path(folder), count, rooms=50)
    for name, value in vars(report).items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
