"""Three browsers, one service, one sound card: each journey runs in each engine, and is judged by a recording."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.conftest import ROOT, Service, start_service, stop_service
from tests.support.browsers import ENGINES, Browser, Page, open_browser
from tests.support.errors import NotInstalled
from tests.support.hearing import Line, lines_of
from tests.support.sound_card import LEFT, RIGHT, sound_card

PASSCODE = "a kettle and a lamp"
EXERCISE = "doorstep"
SCRIPTS = Path(__file__).parents[2] / "support" / "scripts"
SIDES = {"left": LEFT, "right": RIGHT}

Card = dict[str, str]


def missing(error: NotInstalled) -> None:
    """Skip, or fail where browsers have to be here."""
    (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(str(error))


@pytest.fixture(scope="session")
def card() -> Iterator[Card]:
    """A sound card that all browsers of these journeys share."""
    with contextlib.ExitStack() as stack:
        try:
            own = stack.enter_context(sound_card())
        except NotInstalled as error:
            missing(error)
        yield own


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with one short exercise, and what every service has to have."""
    scripts = tmp_path_factory.mktemp("scripts")
    for path in (SCRIPTS / "doorstep.yaml", ROOT / "exercises/scripts/too-much-for-now.yaml"):
        shutil.copy(path, scripts)
    data = tmp_path_factory.mktemp("data")
    running = start_service(data, "--scripts", str(scripts), STILL_HERE_PASSCODE=PASSCODE)
    yield running
    stop_service(running)


@pytest.fixture(scope="session")
def lines(house: Service) -> list[Line]:
    """The lines spoken in the exercise."""
    return lines_of(house.url, EXERCISE)


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return request.param


class Browsers:
    """Browsers of one engine, started when they are wanted: one that is heard on either side, and a silent one."""

    def __init__(self, engine: str, card: Card, playwright: Playwright):
        self.engine, self._card, self._playwright = engine, card, playwright
        self._open: dict[str, Browser] = {}

    def page(self, side: str = "left", **size: int) -> Page:
        """A page in storage of its own, heard "left" or "right", or "silent"."""
        if side not in self._open:
            sound = {**self._card, "PULSE_SINK": SIDES[side]} if side in SIDES else None
            try:
                self._open[side] = open_browser(self.engine, sound, self._playwright)
            except NotInstalled as error:
                missing(error)
        return self._open[side].new_page(**size)

    def close(self) -> None:
        """End all of them."""
        for browser in self._open.values():
            browser.close()


@pytest.fixture(scope="session")
def browsers(engine: str, card: Card, driver: Playwright) -> Iterator[Browsers]:
    """The browsers of an engine."""
    made = Browsers(engine, card, driver)
    yield made
    made.close()


@pytest.fixture
def opened(browsers: Browsers) -> Iterator[Callable[..., Page]]:
    """Opens pages that are closed after the test."""
    pages: list[Page] = []

    def open_page(side: str, **size: int) -> Page:
        pages.append(browsers.page(side, **size))
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture
def phone(opened: Callable[..., Page]) -> Page:
    """One phone, heard on the left."""
    return opened("left")


@pytest.fixture
def two_phones(opened: Callable[..., Page]) -> tuple[Page, Page]:
    """Two phones, one heard on either side."""
    return opened("left"), opened("right")


@pytest.fixture
def console(opened: Callable[..., Page]) -> Page:
    """A page for a desk, which nobody hears."""
    return opened("silent", width=1280, height=800)
