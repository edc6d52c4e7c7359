"""Times at which frames were really presented, by Chromium's own trace.

The page leaves a `performance.mark` with each change; in a trace both that mark and the life of the frame that
carried it stand on one clock, the system's monotonic one. A `PipelineReporter` ends when its frame has been
presented (without a screen: when the compositor has swapped it), and its stage `SendBeginMainFrameToCommit` spans
the page's own work.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

CATEGORIES = ["blink.user_timing", "benchmark"]
_CHUNK = 1 << 20
_PRESENTED = "STATE_PRESENTED"


class Trace:
    """The events of a trace; complete after `tracing` ends. Times in seconds of the monotonic clock."""

    def __init__(self) -> None:
        self.marks: dict[str, float] = {}
        self._frames: list[tuple[float, float, float]] = []

    def read(self, events: list[dict[str, Any]]) -> None:
        """Take in the events of a trace."""
        open_: dict[tuple[Any, ...], dict[str, Any]] = {}
        reporters: dict[tuple[Any, ...], dict[str, Any]] = {}
        for event in sorted(events, key=lambda e: e.get("ts", 0)):
            name, phase = event.get("name"), event.get("ph")
            if event.get("cat") == "blink.user_timing":
                self.marks.setdefault(str(name), event["ts"] / 1e6)
            elif name in ("PipelineReporter", "SendBeginMainFrameToCommit"):
                place = (event["pid"], event.get("id2", {}).get("local") or event.get("id"))
                if phase == "b":
                    open_[(name, *place)] = event
                    if name == "PipelineReporter":
                        reporters[place] = {"state": _state(event)}
                elif phase == "e" and (begun := open_.pop((name, *place), None)):
                    reporter = reporters.setdefault(place, {})
                    if name == "PipelineReporter":
                        reporter["state"] = reporter.get("state") or _state(event)
                        self._close(reporters.pop(place), event["ts"])
                    else:
                        reporter["main"] = (begun["ts"], event["ts"])

    def _close(self, reporter: dict[str, Any], end: float) -> None:
        if "main" in reporter and str(reporter.get("state", "")).startswith(_PRESENTED):
            start, stop = reporter["main"]
            self._frames.append((start / 1e6, stop / 1e6, end / 1e6))

    @property
    def frames(self) -> list[tuple[float, float, float]]:
        """Each frame that was presented: begin and end of the page's own work, and when it was presented."""
        return self._frames

    def presented(self, mark: str) -> float | None:
        """The time at which the frame was presented that carried the change behind `mark`.

        That is the first one in which the page's work ended after the mark.
        """
        at = self.marks.get(mark)
        if at is None:
            return None
        return min((end for _, stop, end in self._frames if stop >= at), default=None)


def _state(event: dict[str, Any]) -> str:
    return str(event.get("args", {}).get("frame_reporter", {}).get("state", ""))


@contextlib.contextmanager
def tracing(page: Page) -> Iterator[Trace]:
    """Trace the browser while the block runs."""
    trace, done, text = Trace(), [], []
    browser = page.context.browser
    assert browser
    session = browser.new_browser_cdp_session()
    session.on("Tracing.tracingComplete", lambda event: done.append(event["stream"]))
    config = {
        "recordMode": "recordAsMuchAsPossible",
        "includedCategories": CATEGORIES,
        "excludedCategories": ["*"],
    }
    session.send("Tracing.start", {"transferMode": "ReturnAsStream", "traceConfig": config})
    yield trace
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(50)
    while True:
        piece = session.send("IO.read", {"handle": done[0], "size": _CHUNK})
        text.append(piece["data"])
        if piece["eof"]:
            break
    session.detach()
    trace.read(json.loads("".join(text))["traceEvents"])
