"""flood: half requests, readers who take nothing, wishes hung up at once, and seats that choose without end.

An honest listener asks for a sound, and an honest phone probes, while all of that goes on from the same machine. What
is told is how long they waited; a listener who is refused in a sentence counts as one who waited for the whole limit.
"""

from __future__ import annotations

import contextlib
import json
import socket
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

from bench.lib.report import Row
from tests.conftest import Service, start_service, stop_service
from tests.support.hostile.siege import first_byte_s
from tests.support.phone import Phone, couple, new_address

HALVES, READERS, WISHES, SEATS, SECONDS = 1084, 150, 150, 10, 20.0
FIRST_S, P99_MS = 0.5, 50.0
LISTENS = "/exercises/doorway/audio.mp3?length=75"


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as folder:
        service = start_service(Path(folder) / "data", "--proxies", "1")
        try:
            first_byte_s(service.url, LISTENS)
            for name, attack in (
                (f"{HALVES} half requests", _halves), (f"{READERS} downloads that nobody reads", _readers),
                (f"{WISHES} wishes hung up at once", _wishes), (f"{SEATS} seats that choose without end", _choosers),
            ):  # fmt: skip
                rows += _beside(service, name, attack)
        finally:
            stop_service(service)
    return rows


def _beside(service: Service, name: str, attack: Callable[[Service, threading.Event], None]) -> list[Row]:
    over = threading.Event()
    attacker = threading.Thread(target=attack, args=(service, over), daemon=True)
    circle, _ = couple(service)
    circle.sees("plan")
    attacker.start()
    firsts, waits, until = [], [], time.monotonic() + SECONDS
    while time.monotonic() < until:
        firsts.append(first_byte_s(service.url, LISTENS))
        for _ in range(5):
            began = time.perf_counter()
            circle.probes()
            waits.append((time.perf_counter() - began) * 1000)
            time.sleep(0.12)
    over.set()
    attacker.join(30)
    firsts.sort()
    waits.sort()
    first_s, p99_ms = firsts[int(0.95 * (len(firsts) - 1))], waits[int(0.99 * (len(waits) - 1))]
    return [
        Row(f"{name}: first byte", f"p95 {first_s:.2f} s, n={len(firsts)}", f"p95 ≤ {FIRST_S} s",
            ok=first_s <= FIRST_S),
        Row(f"{name}: a probe", f"p99 {p99_ms:.1f} ms, n={len(waits)}", f"p99 ≤ {P99_MS:.0f} ms", ok=p99_ms <= P99_MS),
    ]  # fmt: skip


def _dial(service: Service) -> socket.socket:
    address = urllib.parse.urlsplit(service.url)
    return socket.create_connection((address.hostname, address.port), 5)


def _hold(service: Service, over: threading.Event, count: int, request: Callable[[int], str]) -> None:
    links = []
    for n in range(count):
        with contextlib.suppress(OSError):
            link = _dial(service)
            link.sendall(request(n).encode())
            links.append(link)
    over.wait()
    for link in links:
        link.close()


def _halves(service: Service, over: threading.Event) -> None:
    _hold(service, over, HALVES, lambda n: "GET / HTTP/1.1\r\nHost: localhost\r\nX: ")


def _readers(service: Service, over: threading.Event) -> None:
    _hold(service, over, READERS, lambda n: f"GET {_variant(n)} HTTP/1.1\r\nHost: localhost\r\n\r\n")


def _variant(n: int) -> str:
    return f"/exercises/doorway/audio.wav?length=75&pace={90 + 5 * (n % 7)}&lead_in={(0, 4, 10, 20, 30, 60)[n % 6]}"


def _wishes(service: Service, over: threading.Event) -> None:
    while not over.is_set():
        for n in range(WISHES):
            with contextlib.suppress(OSError), _dial(service) as link:
                address = new_address()
                link.sendall(
                    f"GET {_variant(n)} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\n\r\n".encode()
                )
        over.wait(1.0)


def _choosers(service: Service, over: threading.Event) -> None:
    phones: list[Phone] = [phone for _ in range(SEATS // 2) for phone in couple(service)]
    ids = ("doorway", "lamp-out", "keys", "dishes")
    n = 0
    while not over.is_set():
        n += 1
        for phone in phones:
            with contextlib.suppress(OSError):
                phone.op += 1
                chosen = {"exercise": ids[n % len(ids)], "length": 75 + n % 40}
                phone.socket.send(json.dumps({"v": 1, "type": "choose", "op": phone.op, **chosen}))
        time.sleep(0.1)
