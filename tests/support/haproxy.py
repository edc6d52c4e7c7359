"""HAProxy from Debian's packages, with the configuration that stands in docs/scale.md, before services on one Redis."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import ROOT, Service, kill_service, start_service
from tests.support.nginx import free_port
from tests.support.phone import Phone
from tests.support.programs import end, find, wait_for, with_us
from tests.support.redis_server import RedisServer

LISTENS = "127.0.0.1:8080"
UP, DOWN = "2", "0"
FOUND_S = 30
SERVERS = tuple(f"127.0.0.1:800{n}" for n in (1, 2, 3))


def configuration() -> str:
    """The block of the document, as it stands."""
    found = re.search(r"```haproxy\n(.*?)```", (ROOT / "docs" / "scale.md").read_text(), re.DOTALL)
    assert found
    return found.group(1)


@contextlib.contextmanager
def haproxy(folder: Path, services: list[str]) -> Iterator[str]:
    """Run HAProxy in front of services; gives where it listens. Of the document only the ports are changed.

    Where there are fewer services than in the document the others count as down, from the first request on. Raises
    NotInstalled.
    """
    host = f"127.0.0.1:{free_port()}"
    hosts = [*services, *(f"127.0.0.1:{free_port()}" for _ in SERVERS[len(services) :])]
    text = configuration()
    for old, new in {LISTENS: host, **dict(zip(SERVERS, hosts, strict=True))}.items():
        assert old in text
        text = text.replace(old, new)
    file, told = folder / "haproxy.cfg", folder / "haproxy.told"
    file.write_text(f"global\n    stats socket unix@{told.name}\n{text}")
    program = find("haproxy", "haproxy", "/usr/sbin/haproxy")
    process = subprocess.Popen(
        with_us([program, "-db", "-f", str(file)]), stderr=subprocess.DEVNULL, cwd=folder
    )
    try:
        wait_for(host, "haproxy")
        _wait_until_found(told, len(services))
        yield host
    finally:
        end(process)


def _wait_until_found(told: Path, count: int) -> None:
    """Wait until HAProxy knows which services there are; it begins with the belief that all of them are."""
    until = time.monotonic() + FOUND_S
    while _states(told) != [UP] * count + [DOWN] * (len(SERVERS) - count):
        assert time.monotonic() < until, "haproxy does not find the services"
        time.sleep(0.05)


def _states(told: Path) -> list[str]:
    """The state of each server, in their order."""
    with socket.socket(socket.AF_UNIX) as link:
        # a path of a test's folder can be longer than a socket's may be
        link.connect(os.path.relpath(told))
        link.sendall(b"show servers state services\n")
        rows = b"".join(iter(lambda: link.recv(65536), b"")).decode().splitlines()
    return [row.split()[5] for row in rows if row[:1].isdigit() and len(row.split()) > 5]


class Cluster:
    """Several services on one Redis, and the address at which HAProxy shows them as one. A context manager."""

    def __init__(
        self,
        folder: Path,
        redis: RedisServer,
        passcode: str,
        count: int = 2,
        metrics: bool = False,
        **environment: str,
    ):
        """`metrics` has each show its numbers, for `rooms_open`."""
        self._environment = environment
        self._metrics = [free_port() if metrics else 0 for _ in range(count)]
        self.folder, self.redis, self.passcode = folder, redis, passcode
        self.ports = [0] * count
        self.services: list[Service] = []
        try:
            for number in range(count):
                self.services.append(self._start(number))
        except BaseException:
            self.stop()
            raise
        self.ports = [urlsplit(one.url).port or 0 for one in self.services]

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self, number: int) -> Service:
        service = start_service(
            self.folder / str(number), "--proxies", "1", port=self.ports[number], errors=self.folder / "errors",
            STILL_HERE_REDIS=self.redis.address, STILL_HERE_PASSCODE=self.passcode,
            STILL_HERE_METRICS_PORT=str(self._metrics[number]),
            **self._environment,  # type: ignore[arg-type]
        )  # fmt: skip
        try:
            until = time.monotonic() + 30
            while Phone(service).ask("GET", "/readyz").status != 200:
                assert time.monotonic() < until, "a service did not get ready"
                time.sleep(0.1)
        except BaseException:
            kill_service(service)
            raise
        return service

    @contextlib.contextmanager
    def shown(self) -> Iterator[Service]:
        """The address at which people see them, as if it were a service."""
        with haproxy(self.folder, [urlsplit(one.url).netloc for one in self.services]) as host:
            yield Service(f"http://{host}", self.folder, self.services[0].process)

    def owner(self, room: str) -> int:
        """The number of the service that has a room, as Redis has it; -1 while nobody has."""
        names = [self.name(n) for n in range(len(self.services))]
        owner = self.redis.hash_value(f"still-here:room:{room}", "owner")
        return names.index(owner) if owner in names else -1

    def name(self, number: int) -> str:
        path = self.folder / str(number) / "rooms" / "node"
        return path.read_text() if path.exists() else ""

    def rooms_open(self, number: int) -> int:
        """The number of rooms that a service has, as its numbers show it."""
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self._metrics[number]}/metrics", timeout=10
        ) as answer:
            found = re.search(r"^still_here_rooms_open (\S+)$", answer.read().decode(), re.MULTILINE)
        assert found
        return int(float(found[1]))

    def kill(self, number: int) -> None:
        """As `kill -9`."""
        kill_service(self.services[number])

    def send(self, number: int, what: signal.Signals) -> None:
        self.services[number].process.send_signal(what)

    def start_again(self, number: int) -> None:
        """Start a service that ended, on its port and folder."""
        self.services[number] = self._start(number)

    def stop(self) -> None:
        for service in self.services:
            end(service.process)
            if service.process.stdout:
                service.process.stdout.close()
