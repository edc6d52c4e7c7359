"""Two phones and a console in one room of the real service, with ears: every page can say how loud it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import Service, start_service, stop_service

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
PASSCODE = "a kettle and a lamp"

EARS = """
(() => {
  const connect = AudioNode.prototype.connect, ears = [];
  AudioNode.prototype.connect = function (to, ...rest) {
    if (this.context instanceof AudioContext && to === this.context.destination) {
      const ear = this.context.createAnalyser();
      ear.fftSize = 1024;
      connect.call(this, ear);
      ears.push(ear);
    }
    return connect.call(this, to, ...rest);
  };
  window.level = () => {
    const data = new Float32Array(1024);
    let most = 0;
    for (const ear of ears) {
      ear.getFloatTimeDomainData(data);
      for (const sample of data) most = Math.max(most, Math.abs(sample));
    }
    return most;
  };
  // 20 times a second, so that nothing is missed between two questions of the test
  window.heard = [];
  setInterval(() => { window.heard.push([performance.now(), window.level()]); }, 20);
})();
"""
"""Listens where a page connects to the loudspeaker. The page itself knows nothing of it."""


@dataclass
class Couple:
    """One room: its pages by seat, and what they did that they should not have done."""

    browser: Browser
    service: Service
    address: str
    options: dict[str, Any]
    pages: dict[str, Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    prefix: str = ""
    """The prefix of its pages' paths: a language, or nothing."""

    def page(self, name: str, **options: Any) -> Page:
        """A page of somebody's own."""
        context: BrowserContext = self.browser.new_context(
            **{
                "viewport": PHONE,
                "extra_http_headers": {"X-Forwarded-For": self.address},
                **self.options,
                **options,
            }
        )
        context.add_init_script(EARS)
        context.set_default_timeout(45_000)
        page = self.pages[name] = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{name}: {error}"))
        page.on("console", lambda message: self._listen(name, message.type, message.text))
        return page

    def _listen(self, name: str, kind: str, text: str) -> None:
        # A lost connection, a refused code and a page without a touch are what some tests are about; a broken
        # policy is not.
        expected = ("Failed to load resource", "WebSocket connection", "AudioContext was not allowed")
        if kind in ("error", "warning") and not any(part in text for part in expected):
            self.complaints.append(f"{name}: {text}")

    @property
    def circle(self) -> Page:
        return self.pages["circle"]

    @property
    def square(self) -> Page:
        return self.pages["square"]

    @property
    def therapist(self) -> Page:
        return self.pages["therapist"]

    @property
    def both(self) -> tuple[Page, Page]:
        return self.circle, self.square

    def open(self, exercise: str = "side-by-side") -> Page:
        """The first phone opens a room from an exercise's page."""
        page = self.page("circle")
        page.goto(f"{self.service.url}{self.prefix}/exercises/{exercise}/")
        page.click("#two-phones button")
        page.wait_for_selector("#room")
        return page

    def conduct(self, exercise: str = "side-by-side") -> Page:
        """A therapist signs in and opens a room."""
        page = self.page("therapist", viewport=DESK)
        page.goto(f"{self.service.url}{self.prefix}/therapist")
        page.fill("#passcode", PASSCODE)
        page.click("form .begin")
        page.select_option("#exercise", exercise)
        page.check("[name=screened]")
        page.click(".open-room .begin")
        page.wait_for_selector("#console")
        return page

    def code(self, page: Page, other_than: str = "") -> str:
        """The code that a page shows, once it does."""
        return until(page, lambda: (c := page.inner_text("#code")) and "·" not in c and c != other_than and c)

    def join(self, name: str, code: str) -> Page:
        """A phone comes in by a code."""
        page = self.page(name)
        page.goto(f"{self.service.url}{self.prefix}/join#{code}")
        page.click("#join")
        page.wait_for_selector("#room")
        return page

    def enter(self, page: Page, nearest: str = "") -> None:
        """Past the door, with sound, and past the question about today."""
        page.click("#enter")
        page.click(f'[data-nearest="{nearest}"]')

    def gather(self, exercise: str = "side-by-side", conducted: bool = False) -> Couple:
        """Both phones in one room, ready to begin."""
        if conducted:
            console = self.conduct(exercise)
            first = self.code(console)
            self.enter(self.join("circle", first))
            self.enter(self.join("square", self.code(console, first)))
        else:
            self.enter(self.open(exercise))
            self.enter(self.join("square", self.code(self.circle)))
        return self

    def apart(self) -> Couple:
        """Each phone is to be heard."""
        self.circle.click("[data-setting=apart]")
        for page in self.both:
            until(page, lambda p=page: p.get_attribute("[data-setting=apart]", "aria-pressed") == "true")
        return self

    def start(self) -> Couple:
        """Two yeses, and the exercise begins."""
        if "therapist" in self.pages:
            # whether a phone is heard has a test of its own
            self.therapist.wait_for_selector("#act-start-anyway[aria-disabled=false]")
            self.therapist.keyboard.press("Shift+B")
        for page in self.both:
            page.click("#start-ask [data-answer=yes]")
        for page in self.both:
            page.wait_for_selector("#room[data-state=playing]")
        return self

    def wait_heard(self, *pages: Page) -> None:
        """Until each of these makes a sound at the same time as the test looks."""
        for page in pages:
            until(page, lambda p=page: p.evaluate("level()") > 0.02, 20)


def until(page: Page, condition: Callable[[], Any], limit_s: float = 40.0) -> Any:
    """Wait for what the condition gives, as soon as it gives something. (Playwright's own wait needs `unsafe-eval`.)"""
    end = time.monotonic() + limit_s
    while not (value := condition()):
        assert time.monotonic() < end, "not in time"
        page.wait_for_timeout(30)
    return value


_numbers = count(1)


@pytest.fixture(scope="module")
def rooms_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service behind a stand-in for a proxy, so that each couple comes from an address of its own."""
    running = start_service(tmp_path_factory.mktemp("data"), "--proxies", "1", STILL_HERE_PASSCODE=PASSCODE)
    yield running
    stop_service(running)


@pytest.fixture
def couple(browser: Browser, rooms_service: Service) -> Iterator[Callable[..., Couple]]:
    """Makes couples; at the end no page of theirs may have thrown or complained."""
    made: list[Couple] = []

    def make(**options: Any) -> Couple:
        made.append(Couple(browser, rooms_service, f"198.51.100.{next(_numbers)}", options))
        return made[-1]

    yield make
    for one in made:
        for page in one.pages.values():
            page.context.close()
        assert one.complaints == []
