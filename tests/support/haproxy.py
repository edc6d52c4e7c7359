"""HAProxy from Debian's packages, with the configuration that stands in docs/scale.md, before services on one Redis."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import ROOT, Service, start_service
from tests.support.errors import NotInstalled
from tests.support.nginx import free_port
from tests.support.phone import Phone
from tests.support.programs import end, find
from tests.support.redis_server import RedisServer

LISTENS = "127.0.0.1:8080"
SERVERS = tuple(f"127.0.0.1:800{n}" for n in (1, 2, 3))


def configuration() -> str:
    """The block of the document, as it stands."""
    found = re.search(r"```haproxy\n(.*?)```", (ROOT / "docs" / "scale.md").read_text(), re.DOTALL)
    assert found
    return found.group(1)


@contextlib.contextmanager
def haproxy(folder: Path, services: list[str]) -> Iterator[str]:
    """Run HAProxy in front of services; gives where it listens. Of the document only the ports are changed.

    Where there are fewer services than in the document the others count as down.
    """
    host = f"127.0.0.1:{free_port()}"
    hosts = [*services, *(f"127.0.0.1:{free_port()}" for _ in SERVERS[len(services) :])]
    text = configuration()
    for old, new in {LISTENS: host, **dict(zip(SERVERS, hosts, strict=True))}.items():
        assert old in text
        text = text.replace(old, new)
    file = folder / "haproxy.cfg"
    file.write_text(text)
    try:
        program = find("haproxy", "haproxy", "/usr/sbin/haproxy")
    except NotInstalled as error:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(str(error))
    process = subprocess.Popen([program, "-db", "-f", str(file)], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 10
        while _refuses(host):
            assert time.monotonic() < until, "haproxy did not start"
            time.sleep(0.05)
        yield host
    finally:
        end(process)


def _refuses(host: str) -> bool:
    name, _, port = host.partition(":")
    try:
        socket.create_connection((name, int(port)), 1).close()
    except OSError:
        return True
    return False


class Cluster:
    """Two services on one Redis, and the address at which HAProxy shows them as one."""

    def __init__(self, folder: Path, redis: RedisServer, passcode: str, count: int = 2):
        self.folder, self.redis, self.passcode = folder, redis, passcode
        self.ports = [0] * count
        self.services = [self._start(n) for n in range(count)]
        self.ports = [urlsplit(one.url).port or 0 for one in self.services]
        self.front: Service

    def _start(self, number: int) -> Service:
        service = start_service(
            self.folder / str(number), "--proxies", "1", port=self.ports[number], errors=self.folder / "errors",
            STILL_HERE_REDIS=self.redis.address, STILL_HERE_PASSCODE=self.passcode,
        )  # fmt: skip
        until = time.monotonic() + 30
        while Phone(service).ask("GET", "/readyz").status != 200:
            assert time.monotonic() < until, "a service did not get ready"
            time.sleep(0.1)
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

    def kill(self, number: int) -> None:
        """As `kill -9`."""
        process = self.services[number].process
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()

    def send(self, number: int, what: signal.Signals) -> None:
        self.services[number].process.send_signal(what)

    def start_again(self, number: int) -> None:
        """Start a service that ended, on its port and folder."""
        self.services[number] = self._start(number)

    def stop(self) -> None:
        for service in self.services:
            if service.process.poll() is None:
                service.process.send_signal(signal.SIGCONT)
                end(service.process)
            if service.process.stdout:
                service.process.stdout.close()
