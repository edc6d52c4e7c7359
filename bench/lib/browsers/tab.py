"""Tabs of a Chromium that is driven by its own protocol alone.

Playwright tells every page that it is in front, whatever is. Here a tab is hidden when another one stands before
it, as on a phone, and timers and frames are throttled as they are there.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simple_websocket import Client

from bench.lib.report import CannotMeasure

from .chromium import need

START_LIMIT_S = 20.0


class Tab:
    """One tab."""

    def __init__(self, socket_address: str):
        self._socket = Client(socket_address)
        self._count = 0

    def send(self, method: str, **given: Any) -> dict[str, Any]:
        """One command of the protocol, and its result."""
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": given}))
        while True:
            told = json.loads(self._socket.receive(timeout=60) or "{}")
            if not told:
                raise CannotMeasure("the browser does not answer.")
            if told.get("id") == self._count:
                return dict(told.get("result", {}))

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page; a promise is waited for. Counts as a tap."""
        asked = {"awaitPromise": True, "returnByValue": True, "userGesture": True}
        told = self.send("Runtime.evaluate", expression=expression, **asked)
        if "exceptionDetails" in told:
            raise CannotMeasure(f"the page threw: {told['exceptionDetails'].get('text')}")
        return told["result"].get("value")


class Chromium:
    """A running browser."""

    def __init__(self, port: int):
        self._port = port

    def open(self, address: str) -> Tab:
        """A new tab, in front of the others."""
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}/json/new?{address}", method="PUT")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return Tab(json.load(answer)["webSocketDebuggerUrl"])


@contextlib.contextmanager
def chromium(sound: dict[str, str]) -> Iterator[Chromium]:
    """Chromium without a window, playing into a sound card; `sound` is the environment that names it."""
    need("chromium")
    with tempfile.TemporaryDirectory(prefix="bench-chromium-", ignore_cleanup_errors=True) as home:
        flags = ["--headless=new", "--no-sandbox", "--disable-background-networking", "--no-first-run"]
        flags += ["--remote-debugging-port=0", "--remote-allow-origins=*", f"--user-data-dir={home}"]
        process = subprocess.Popen(
            ["chromium", *flags, "about:blank"],
            env={**os.environ, **sound}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield Chromium(_port(Path(home) / "DevToolsActivePort"))
        finally:
            process.terminate()
            process.wait(10)


def _port(file: Path) -> int:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end:
        if file.exists() and (lines := file.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.1)
    raise CannotMeasure("Chromium does not start.")
