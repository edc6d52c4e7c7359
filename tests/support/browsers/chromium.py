"""Chromium, by Playwright, without a window."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import playwright.sync_api as pw

from tests.support.browsers.page import Browser, Interrupted, Page
from tests.support.programs import find

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # several pages share this machine: none may be throttled as the one in the background
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
]
LEFT = ("context was destroyed", "Cannot find context", "Frame was detached", "navigating")


class Chromium(Browser):
    """The system's Chromium. Raises NotInstalled."""

    def __init__(self, sound: Mapping[str, str] | None, playwright: pw.Playwright):
        self._browser = playwright.chromium.launch(
            executable_path=find("chromium", *NAMES),
            args=FLAGS,
            ignore_default_args=["--mute-audio"] if sound else [],
            env={**os.environ, **(sound or {})},
        )

    def new_page(self, width: int = 390, height: int = 844, script: str = "") -> ChromiumPage:
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, permissions=["microphone"]
        )
        if script:
            context.add_init_script(f"({script})()")
        return ChromiumPage(context.new_page())

    def close(self) -> None:
        self._browser.close()


class ChromiumPage(Page):
    """A page of Chromium; `page` is Playwright's."""

    def __init__(self, page: pw.Page):
        self.page = page

    def goto(self, address: str) -> None:
        self.page.goto(address)

    def call(self, function: str, *arguments: Any) -> Any:
        try:
            return self.page.evaluate(f"(list) => ({function})(...list)", list(arguments))
        except pw.Error as error:
            if any(part in error.message for part in LEFT):
                raise Interrupted from error
            raise

    def tap(self, x: float, y: float) -> None:
        self.page.mouse.click(x, y)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def close(self) -> None:
        self.page.context.close()
