"""Chromium by Playwright, as the figures of one engine want it: silent, or with a sound card to play into."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, Playwright

from bench.lib.report import CannotMeasure
from tests.support.browsers.chromium import FLAGS

AUTOPLAY = "--autoplay-policy=no-user-gesture-required"


def need(*programs: str) -> None:
    """Raise CannotMeasure if one of these programs is not installed."""
    for program in programs:
        if not shutil.which(program):
            raise CannotMeasure(
                f"{program} is not installed; with Debian, apt-get install chromium pulseaudio."
            )


@contextlib.contextmanager
def launch(playwright: Playwright, sound: dict[str, str] | None = None) -> Iterator[Browser]:
    """The system's Chromium, without a window. `sound` is the environment of a sound card, if it has one."""
    need("chromium")
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        headless=True,
        args=[*FLAGS, AUTOPLAY],
        ignore_default_args=["--mute-audio"] if sound else [],
        env={**os.environ, **(sound or {})},
    )
    try:
        yield browser
    finally:
        browser.close()
