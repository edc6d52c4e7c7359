"""The page where a therapist makes feeds and ends them."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.conftest import Service, start_service, stop_service


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = start_service(tmp_path_factory.mktemp("feeds"), STILL_HERE_PASSCODE="lamp by the door")
    yield running
    stop_service(running)


@pytest.fixture(params=["light", "dark"])
def feeds(browser: Browser, practice: Service, request: pytest.FixtureRequest) -> Iterator[Any]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme=request.param,
        permissions=["clipboard-read", "clipboard-write"],
    )  # fmt: skip
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.goto(practice.url + "/therapist")
    page.fill("#passcode", "lamp by the door")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Feeds for podcast apps").click()
    yield page
    context.close()
    assert complaints == []


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_feed_is_made_copied_seen_and_ended(feeds: Any) -> None:
    feeds.get_by_label("A label of your own").fill("<b>blue door</b>")
    feeds.get_by_role("button", name="Make a feed").click()
    address = feeds.inner_text("#feed-address")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/feeds/[\w-]{43}/feed\.xml", address)
    assert feeds.get_by_alt_text("The feed’s address as a QR code").is_visible()
    feeds.click("#copy")
    feeds.wait_for_selector("#copied:not(:empty)")
    assert feeds.inner_text("#copied") == "Copied."
    assert feeds.evaluate("navigator.clipboard.readText()") == address
    assert status_of(address) == 200
    assert Axe().run(feeds).response["violations"] == []
    assert feeds.evaluate("document.documentElement.scrollWidth") <= 390
    there = feeds.locator(".feeds li").count()
    assert feeds.locator(".feeds li").first.inner_text().startswith("<b>blue door</b>, made")
    feeds.reload()
    assert feeds.locator("#feed-address").count() == 0, "the key is shown once"
    assert feeds.locator(".feeds li").count() == there, "loading the page again makes nothing"
    for _ in range(feeds.get_by_role("button", name="End feed").count()):
        feeds.get_by_role("button", name="End feed").first.click()
    assert status_of(address) == 410
    assert feeds.locator("#feed-address").count() == 0
    assert Axe().run(feeds).response["violations"] == []
