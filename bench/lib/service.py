"""The running service, as somebody on the network sees it: started, asked over a plain socket, ended."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from .floors import ROOT
from .report import CannotMeasure

START_LIMIT_S = 90.0
TIMEOUT_S = 120.0
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")


@dataclass(frozen=True)
class Answer:
    """The answer. `arrivals` are (seconds since the request began, bytes of the body by then)."""

    status: int
    head: str
    body: bytes
    arrivals: tuple[tuple[float, int], ...]

    def after(self, count: int) -> float:
        """Seconds from before the connection was opened until `count` bytes of the body were here."""
        for at, size in self.arrivals:
            if size >= count:
                return at
        raise CannotMeasure(f"the service sent {len(self.body)} bytes, and byte {count} was waited for.")

    @property
    def took(self) -> float:
        """Seconds until all of it was here."""
        return self.arrivals[-1][0]


class Service:
    """`python -m server run` on a port and a data folder of its own; a context manager."""

    def __init__(
        self,
        *options: str,
        scripts: Path | None = None,
        environment: dict[str, str] | None = None,
        yields: bool = False,
        ahead: bool = False,
    ):
        """`options` of `run` besides, `environment` besides this process's own.

        yields  it takes one processor at the most, and of that only what others leave: where these are phones, which in
                life have processors of their own
        ahead   it makes previews at its start; in life that is once for each voice, here every service is a first one
        """
        self._yields = yields
        self._options = [*options, *(["--scripts", str(scripts)] if scripts else [])]
        own = {"STILL_HERE_PREVIEWS_AHEAD": "yes" if ahead else "no"}
        self._environment = {**os.environ, **own, **(environment or {})}
        self._home = tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True)
        self.data = Path(self._home.name) / "data"
        self.port = 0

    def __enter__(self) -> Service:
        self.start()
        return self

    def start(self) -> None:
        """Start it, on the port that it had before if there was one, and wait for the address that it prints."""
        command = [sys.executable, "-m", "server", "run", "--port", str(self.port), "--data", str(self.data)]
        if self._yields:
            command = ["nice", "-n", "19", *command]
        self._process = subprocess.Popen(
            [*command, *self._options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=self._environment, start_new_session=self._yields,
        )  # fmt: skip
        if self._yields:
            _step_back(self._process.pid)
        alarm = threading.Timer(START_LIMIT_S, self._process.kill)
        alarm.start()
        assert self._process.stdout
        line = self._process.stdout.readline()
        alarm.cancel()
        found = _ADDRESS.search(line)
        if not found:
            self.__exit__()
            raise CannotMeasure("the service does not start; try `make run` to see why.")
        self.port = int(found[1])

    def kill(self) -> None:
        """`kill -9`: it has no time to say anything to anybody."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()

    def end(self) -> None:
        """End the process, as a network that is gone: nobody answers any more."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __exit__(self, *_: object) -> None:
        self.end()
        self._home.cleanup()

    @property
    def address(self) -> str:
        """The address at which it is open, without the last slash."""
        return f"http://127.0.0.1:{self.port}"

    def processes(self) -> dict[str, int]:
        """Process ids: the one that serves, and the one that composes."""
        return {
            "serving": self._process.pid,
            "composing": _child_of(self._process.pid, "audio.studio.process"),
        }

    def resident_mb(self) -> list[float]:
        """Resident memory of the service's process and of each that it started, in megabytes."""
        return [resident_mb(pid) for pid in _tree(self._process.pid)]

    def get(self, path: str, **query: object) -> Answer:
        """GET over a new connection. Raises CannotMeasure for anything but a 200."""
        target = f"{path}?{urlencode(query)}" if query else path
        request = (
            f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n".encode()
        )
        started = time.perf_counter()
        with socket.create_connection(("127.0.0.1", self.port), TIMEOUT_S) as link:
            link.sendall(request)
            arrivals, received, head_size = [], bytearray(), -1
            while piece := link.recv(65536):
                now = time.perf_counter() - started
                received += piece
                if head_size < 0:
                    head_size = received.find(b"\r\n\r\n") + 4 if b"\r\n\r\n" in received else -1
                if 0 <= head_size < len(received):
                    arrivals.append((now, len(received) - head_size))
        head = received[:head_size].decode("latin-1")
        status = int(head.split(" ", 2)[1]) if head else 0
        if status != 200:
            raise CannotMeasure(f"the service answered {status} to {target}.")
        return Answer(status, head, bytes(received[head_size:]), tuple(arrivals))

    def warm(self, exercise_ids: Sequence[str]) -> None:
        """Have every voice process started and levelled: two exercises are composed whole, and forgotten."""
        for exercise_id in exercise_ids:
            self.get(f"/exercises/{exercise_id}/audio.mp3")

    def forget_takes(self) -> None:
        """Remove the composed files; the clips stay."""
        for path in (self.data / "takes").glob("*.mp3"):
            path.unlink()


def _step_back(pid: int) -> None:
    """Leave the processors to others: Linux shares them between sessions first, and only then by niceness."""
    os.sched_setaffinity(pid, {max(os.sched_getaffinity(0))})
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text("19")


def _child_of(parent: int, command: str) -> int:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if int(fields[1]) == parent and command in words:
            return int(folder.name)
    raise CannotMeasure(f"no process of the service runs {command}.")


def _tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [each for child in task.read_text().split() for each in _tree(int(child))]
    return found


def peak_mb(pid: int) -> float:
    """The most memory (VmHWM) that a process has held, in megabytes."""
    return _held_mb(pid, "VmHWM:")


def resident_mb(pid: int) -> float:
    """The memory (VmRSS) that a process holds now, in megabytes."""
    return _held_mb(pid, "VmRSS:")


def _held_mb(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise CannotMeasure("this system does not tell the memory of a process (/proc is missing).")
