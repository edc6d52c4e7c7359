"""A real browser in front of the real service, with a few words for what hands do on the page."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

pytest.register_assert_rewrite(
    "tests.support.front", "tests.support.couple"
)  # so that their own asserts tell what was there

expect.set_options(timeout=30_000)  # as long as an action may take; the studio may be starting yet

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ASKED_FOR = ("Failed to load resource", "Service Worker registration blocked by Playwright")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """The driver of browsers; a process can have one."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """Chromium, in its lighter build where there is one, or a skip; with REQUIRE_BROWSER=1 its absence is a failure."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = "there is no Chromium here; install it, or leave the browser tests out"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    launched = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield launched
    launched.close()


@dataclass
class Visit:
    """One page in a context of its own, and what it did that it should not have done."""

    page: Page
    url: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the service."""
        self.page.goto(self.url + path)
        return self.page

    def timeline(self) -> dict[str, Any]:
        """The timeline that the page plays by, with its choices and its reading."""
        return self.page.evaluate(
            "fetch('timeline.json' + (document.querySelector('[data-file]')?.search ?? '')).then((r) => r.json())"
        )

    def begin(self, path: str = "/exercises/side-by-side/") -> Page:
        """Open an exercise and start it, with a yes from both where it asks."""
        page = self.open(path)
        if page.locator("#both").count():
            page.click("#both [data-yes=circle]")
            page.click("#both [data-yes=square]")
        page.click("#begin")
        self.wait_playing()
        return page

    def wait(self, condition: str, limit_s: float = 40.0) -> None:
        """Until something holds about the audio element `a`. (Playwright's own wait needs `unsafe-eval`.)"""
        end = time.monotonic() + limit_s
        while not self.sound(condition):
            assert time.monotonic() < end, f"not within {limit_s:g} s: {condition}"
            self.page.wait_for_timeout(40)

    def wait_playing(self) -> None:
        """Until the sound advances."""
        self.wait("!a.paused && a.currentTime > 0.05")

    def seek(self, seconds: float) -> None:
        """Move the sound, and wait until it plays from there."""
        self.page.evaluate("(t) => { document.getElementById('audio').currentTime = t; }", seconds)
        self.wait(f"!a.seeking && !a.paused && a.currentTime > {seconds}")

    def sound(self, expression: str) -> Any:
        """Something about the audio element, as `a`."""
        return self.page.evaluate(f"(a => {expression})(document.getElementById('audio'))")


@pytest.fixture
def visit(browser: Browser, service: Any) -> Iterator[Callable[..., Visit]]:
    """Makes visits; at the end none of them may have asked another host for anything, or thrown."""
    made: list[Visit] = []

    def make(url: str = "", **options: Any) -> Visit:
        # A worker's requests pass by `page.route`; the tests of the worker itself allow it.
        context = browser.new_context(**{"viewport": PHONE, "service_workers": "block", **options})
        context.set_default_timeout(45_000)
        made.append(Visit(context.new_page(), url or service.url))
        _watch(made[-1])
        return made[-1]

    yield make
    for one in made:
        one.page.context.close()
        assert one.foreign == []
        assert one.complaints == []


def _watch(one: Visit) -> None:
    home = urlsplit(one.url).netloc

    def on_console(message: ConsoleMessage) -> None:
        # A consequence of the test itself is no complaint; a broken policy or a warning is.
        if message.type in ("error", "warning") and not any(told in message.text for told in ASKED_FOR):
            one.complaints.append(message.text)

    def on_request(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != home:
            one.foreign.append(url)

    one.page.on("request", lambda request: on_request(request.url))
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    one.page.on("console", on_console)


@pytest.fixture
def browser_page(visit: Callable[..., Visit]) -> Visit:
    """One visit with a phone."""
    return visit()


@pytest.fixture(scope="module")
def modules_page(browser: Browser, service: Any) -> Iterator[Page]:
    """One page for all tests of a file of modules, since they leave nothing behind in it."""
    opened = browser.new_page()
    opened.goto(service.url + "/help")
    yield opened
    opened.close()


@pytest.fixture
def ask(modules_page: Page, request: pytest.FixtureRequest) -> Callable[[str], Any]:
    """Run statements in the browser; gives what they return.

    A test file says what they can use: MODULES, scripts by the name that they go by, such as {"c": "room/sound/clips"};
    HELPERS, statements that go before; RECORDED, a value that they know by that name.
    """
    file = request.module
    imports = "".join(
        f'const {name} = await import("/static/{path}.js");\n' for name, path in file.MODULES.items()
    )
    before, recorded = imports + getattr(file, "HELPERS", ""), getattr(file, "RECORDED", None)
    return lambda statements: modules_page.evaluate(
        f"async (RECORDED) => {{ {before} {statements} }}", recorded
    )
