"""Fixtures that tests share: the service as a real process on a free port."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.programs import with_us

# how long an example takes says more of the machine than of the code
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# the voice that starts soonest speaks in all services and commands but those that are about the default
os.environ["STILL_HERE_VOICE"] = "neutral"

ROOT = Path(__file__).parent.parent


@dataclass
class Service:
    """A running service: where it answers, where it keeps things, and its process."""

    url: str
    data: Path
    process: subprocess.Popen[str]


def start_service(
    data: Path,
    *arguments: str,
    port: int = 0,
    errors: Path | None = None,
    root: Path = ROOT,
    **environment: str,
) -> Service:
    """Start `python -m server run`, on a free port if none is given, and wait for the address that it prints.

    `root` is the tree that is run: this one, or a changed copy of it.
    """
    with errors.open("a") if errors else contextlib.nullcontext() as stream:
        process = subprocess.Popen(
            with_us(
                [sys.executable, "-m", "server", "run", "--port", str(port), "--data", str(data), *arguments]
            ),
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
            # previews are made by the tests that are about them
            env={**os.environ, "STILL_HERE_PREVIEWS_AHEAD": "no", **environment},
        )
    assert process.stdout
    line = process.stdout.readline()
    found = re.search(r"http://\S+?:\d+", line)
    if not found:
        process.kill()
        process.wait()
        process.stdout.close()
        raise AssertionError(f"the service did not start: {line!r}")
    return Service(found.group(), data, process)


def stop_service(service: Service) -> None:
    """End the service as an operator would; one that does not end is a failure, and killed."""
    service.process.terminate()
    try:
        service.process.wait(10)
    finally:
        kill_service(service)


def kill_service(service: Service) -> None:
    """Kill the service, if it is there still."""
    service.process.kill()
    service.process.wait()
    assert service.process.stdout
    service.process.stdout.close()


@contextlib.contextmanager
def running_service(data: Path, *arguments: str, **more: Any) -> Iterator[Service]:
    """A service while the block runs, which may end it."""
    service = start_service(data, *arguments, **more)
    try:
        yield service
    except BaseException:
        kill_service(service)
        raise
    if service.process.poll() is None:
        stop_service(service)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all tests that only listen."""
    running = start_service(tmp_path_factory.mktemp("data"))
    yield running
    stop_service(running)
