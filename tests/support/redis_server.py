"""redis-server or valkey-server from Debian's packages, started for a test in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.errors import NotInstalled
from tests.support.programs import end, find, with_us

PROGRAMS = ("redis-server", "valkey-server")


class RedisServer:
    """One server on a port of its own; everything that it was ever told lies in `told`. A context manager."""

    def __init__(self, folder: Path, programs: Sequence[str] = PROGRAMS):
        """`programs` are those of which the first that is installed is taken."""
        self.folder, self._programs = folder, programs
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])
        self.address = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it, with what it had before."""
        program = find(self._programs[0], *self._programs)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            with_us(
                [program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "",
                 "--appendonly", "yes", "--auto-aof-rewrite-percentage", "0"]
            ),
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            until = time.monotonic() + 10
            while self.asks("PING") != b"+PONG":
                assert time.monotonic() < until, f"{program} did not start"
                time.sleep(0.02)
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> RedisServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

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

    @property
    def writes(self) -> Iterator[list[bytes]]:
        """The same as commands: each a list of words, without what scripts were given and did not write."""
        told, at = self.told, 0
        while at < len(told):
            count, at = _number(told, at, b"*")
            words = []
            for _ in range(count):
                size, at = _number(told, at, b"$")
                words.append(told[at : at + size])
                at += size + 2
            yield words

    @contextlib.contextmanager
    def overheard(self) -> Iterator[bytearray]:
        """Everything that anybody says to it while the block runs, questions and arguments of scripts included."""
        heard = bytearray()
        with socket.create_connection(("127.0.0.1", self.port), 5) as link:
            link.sendall(b"MONITOR\r\n")
            assert link.recv(16).startswith(b"+OK")
            link.settimeout(None)

            def listen() -> None:
                with contextlib.suppress(OSError):
                    while piece := link.recv(65536):
                        heard.extend(piece)

            listener = threading.Thread(target=listen, daemon=True)
            listener.start()
            try:
                yield heard
            finally:
                with contextlib.suppress(OSError):
                    link.shutdown(socket.SHUT_RDWR)
                listener.join(5)

    def stop(self) -> None:
        """End it; what it has stays in its folder."""
        end(self._process)

    def pause(self) -> None:
        """Let nobody have an answer, as a network that is gone."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)


def _number(told: bytes, at: int, sign: bytes) -> tuple[int, int]:
    """The number behind a sign of the protocol, and where it goes on."""
    end_of_line = told.index(b"\r\n", at)
    assert told[at : at + 1] == sign
    return int(told[at + 1 : end_of_line]), end_of_line + 2


def redis_or_skip(folder: Path, programs: Sequence[str] = PROGRAMS) -> RedisServer:
    """A server, or a skip; with REQUIRE_BROWSER=1 its absence is a failure."""
    try:
        return RedisServer(folder, programs)
    except NotInstalled as error:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(str(error))
