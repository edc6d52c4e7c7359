"""Programs of the system that tests and benches start."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence

from tests.support.errors import NotInstalled

START_S = END_S = 10


def find(package: str, *names: str) -> str:
    """Give the path of the first of these programs that is installed; `package` is Debian's name for it.

    Raises NotInstalled.
    """
    for name in names:
        if path := shutil.which(name):
            return path
    raise NotInstalled(f"{names[0]} is not installed; with Debian, apt-get install {package}.")


def with_us(command: Sequence[str]) -> list[str]:
    """The command of a program that ends with whoever started it, also where that one is killed (Linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", *command] if setpriv else [*command]


def wait_for(host: str, name: str) -> None:
    """Wait until a program that was started listens at an address and port."""
    address, _, port = host.partition(":")
    until = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection((address, int(port)), 1).close()
            return
        except OSError:
            assert time.monotonic() < until, f"{name} did not start"
            time.sleep(0.05)


def end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End a program that was started here, kindly first, also if it stands still, and wait until it is gone."""
    if process.poll() is None:
        process.terminate()
        process.send_signal(signal.SIGCONT)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
