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

import pytest
from hypothesis import settings

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
            [sys.executable, "-m", "server", "run", "--port", str(port), "--data", str(data), *arguments],
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
    assert found, f"the service did not start: {line!r}"
    return Service(found.group(), data, process)


def stop_service(service: Service) -> None:
    """End the service as an operator would."""
    service.process.terminate()
    service.process.wait(10)
    assert service.process.stdout
    service.process.stdout.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all tests that only listen."""
    running = start_service(tmp_path_factory.mktemp("data"))
    yield running
    stop_service(running)
