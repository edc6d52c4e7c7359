"""redis-server or valkey-server from Debian's packages, started for a test in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.errors import NotInstalled
from tests.support.programs import end, find


class RedisServer:
    """One server on a port of its own; everything that it was ever told lies in `told`."""

    def __init__(self, folder: Path):
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])
        self.address = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it, with what it had before."""
        program = find("redis-server", "redis-server", "valkey-server")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "",
             "--appendonly", "yes", "--auto-aof-rewrite-percentage", "0"],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 10
        while self.asks("PING") != b"+PONG":
            assert time.monotonic() < until, "redis-server did not start"
            time.sleep(0.02)

    def asks(self, *words: str) -> bytes:
        """The first line of the answer to a command; empty where nobody answers."""
        told = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in map(str.encode, words))
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as link:
                link.sendall(b"*%d\r\n%s" % (len(words), told))
                return link.recv(65536).split(b"\r\n")[0]
        except OSError:
            return b""

    def hash_value(self, key: str, field: str) -> str:
        """A short value of a hash; empty where there is none."""
        told = b"".join(
            b"$%d\r\n%s\r\n" % (len(word), word) for word in (b"HGET", key.encode(), field.encode())
        )
        with socket.create_connection(("127.0.0.1", self.port), 5) as link:
            link.sendall(b"*3\r\n" + told)
            answer = link.recv(65536).split(b"\r\n")
        return answer[1].decode() if len(answer) > 2 else ""

    @property
    def told(self) -> bytes:
        """Every write since the beginning, as the server keeps it on the disk."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*.aof")))

    def stop(self) -> None:
        """End it; what it has stays in its folder."""
        end(self._process)

    def pause(self) -> None:
        """Let nobody have an answer, as a network that is gone."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)


def redis_or_skip(folder: Path) -> RedisServer:
    """A server, or a skip; with REQUIRE_BROWSER=1 its absence is a failure."""
    try:
        return RedisServer(folder)
    except NotInstalled as error:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(str(error))
