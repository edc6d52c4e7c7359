"""Programs of the system that tests and benches start."""

from __future__ import annotations

import shutil
import subprocess

from tests.support.errors import NotInstalled

END_S = 10


def find(package: str, *names: str) -> str:
    """Give the path of the first of these programs that is installed; `package` is Debian's name for it.

    Raises NotInstalled.
    """
    for name in names:
        if path := shutil.which(name):
            return path
    raise NotInstalled(f"{names[0]} is not installed; with Debian, apt-get install {package}.")


def end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End a program that was started here, kindly first, and wait until it is gone."""
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
