"""Before and after a therapist's hour, as hands do it: plan, room, next piece, lasting link, card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Service, start_service, stop_service

PASSCODE = "quiet lamp by the door"
SIZES = [{"width": 1280, "height": 800}, {"width": 820, "height": 1180}]
ASKED_FOR = ("Failed to load resource", "[DOM]")


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = start_service(tmp_path_factory.mktemp("hour"), STILL_HERE_PASSCODE=PASSCODE)
    yield running
    stop_service(running)


def opened(browser: Browser, **options: Any) -> tuple[Page, list[str]]:
    """A page in a context of its own, and what it complains of."""
    page, complaints = browser.new_context(service_workers="block", **options).new_page(), []
    page.context.set_default_timeout(45_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda m: (
            complaints.append(m.text) if m.type == "error" and not m.text.startswith(ASKED_FOR) else None
        ),
    )
    return page, complaints


@pytest.fixture(params=SIZES, ids=["1280", "820"])
def desk(browser: Browser, practice: Service, request: pytest.FixtureRequest) -> Iterator[Page]:
    page, complaints = opened(browser, viewport=request.param)
    page.goto(practice.url + "/therapist")
    page.fill("#passcode", PASSCODE)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("#exercise")
    yield page
    page.context.close()
    assert complaints == []


def clean(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def planned(desk: Page, label: str) -> None:
    desk.get_by_role("link", name="Plans").click()
    desk.fill("#label", label)
    desk.select_option("#exercise-1", "the-small-exhale")
    desk.select_option("#exercise-2", "doorway")
    desk.fill("#watch-1", "The shoulders")
    clean(desk)
    desk.get_by_role("button", name="Keep this plan").click()
    desk.wait_for_selector(".plan-sheet")


def test_a_plan_becomes_a_room_and_its_next_piece_is_one_key_away(desk: Page) -> None:
    planned(desk, "blue door")
    clean(desk)
    desk.check("[name=screened]")
    desk.get_by_role("button", name="Start the session").click()
    desk.get_by_role("button", name="Next: Doorway").wait_for()
    assert desk.title().startswith("blue door – The Small Exhale")
    clean(desk)
    desk.keyboard.press("n")
    desk.locator("#exercise-title", has_text="Doorway").wait_for()
    assert desk.title().startswith("blue door – Doorway")
    desk.get_by_role("button", name="Next:").wait_for(state="hidden")


def pages_of(sheet: bytes) -> int:
    """Count the pages of a PDF."""
    return len(re.findall(rb"/Type ?/Page\b", sheet))


def test_a_full_plan_prints_on_one_page(desk: Page) -> None:
    desk.get_by_role("link", name="Plans").click()
    desk.fill("#label", "paper")
    for place, name in enumerate(("the-small-exhale", "doorway", "halfway"), 1):
        desk.select_option(f"#exercise-{place}", name)
        for field in ("watch", "act"):
            desk.fill(f"#{field}-{place}", "a few words of her own " * 8)
    desk.get_by_role("button", name="Keep this plan").click()
    desk.wait_for_selector(".plan-sheet")
    desk.emulate_media(media="print")
    assert pages_of(desk.pdf(format="A4")) == 1
    assert not desk.locator("form").first.is_visible()


def test_one_tap_leads_back_into_an_open_room_from_another_device(
    browser: Browser, desk: Page, practice: Service
) -> None:
    desk.fill("#label", "grey stone")
    desk.check("[name=screened]")
    desk.get_by_role("button", name="Open a room").click()
    desk.wait_for_selector("#console")
    other, complaints = opened(browser)
    other.goto(practice.url + "/therapist")
    other.fill("#passcode", PASSCODE)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_selector("#exercise")
    clean(other)
    other.get_by_role("button", name="Back into it grey stone").first.click()
    other.wait_for_selector("#console[data-link=open]")
    desk.locator("#phase", has_text="newer page").wait_for()
    other.context.close()
    assert complaints == []


def test_a_lasting_link_waits_and_goes_in_by_itself(browser: Browser, desk: Page, practice: Service) -> None:
    label = f"tall tree {desk.viewport_size['width']}"  # type: ignore[index]
    desk.get_by_role("link", name="Lasting links").click()
    desk.fill("#label", label)
    desk.get_by_role("button", name="Make the link").click()
    address = desk.inner_text("[data-link=square]")
    expect(desk.locator("[data-copies]:visible")).to_have_count(2)
    assert desk.locator("[data-copies]").count() == 2
    clean(desk)
    desk.reload()
    assert desk.locator("[data-link]").count() == 0
    phone, complaints = opened(browser, viewport={"width": 390, "height": 844})
    phone.goto(address)
    phone.locator("#waiting", has_text="opens soon").wait_for()
    assert "#" not in phone.url
    clean(phone)
    desk.goto(practice.url + "/therapist")
    desk.fill("#label", label)
    desk.check("[name=screened]")
    desk.get_by_role("button", name="Open a room").click()
    phone.wait_for_selector("#room[data-seat=square]")
    # the same phone by the same link once more, after its page was closed
    phone.goto(address)
    phone.wait_for_selector("#room[data-seat=square]")
    third, more = opened(browser, viewport={"width": 390, "height": 844})
    third.goto(address)
    third.locator("#refusal", has_text="Another phone").wait_for()
    for page in (phone, third):
        page.context.close()
    assert complaints == more == []


@pytest.fixture
def card(desk: Page) -> str:
    """The address of a card with a piece that is first done with a therapist."""
    desk.get_by_role("link", name="Cards to take home").click()
    desk.select_option("#exercise-1", "the-small-exhale")
    desk.select_option("#exercise-2", "halfway")
    desk.fill("#sentence", "Only on a quiet evening. <b>One</b> is plenty.")
    clean(desk)
    desk.get_by_role("button", name="Make a card").click()
    address = desk.inner_text("#card-address")
    assert "<b>One</b>" in desk.inner_text(".sheet .sentence")
    clean(desk)
    return address


def test_a_card_is_opened_at_home_and_unlocks_its_piece(browser: Browser, desk: Page, card: str) -> None:
    phone, complaints = opened(browser, viewport={"width": 390, "height": 844})
    phone.goto(card)
    clean(phone)
    phone.get_by_role("link", name="Halfway").click()
    for seat in ("circle", "square"):
        phone.click(f"#both [data-yes={seat}]")
    phone.click("#begin")
    phone.wait_for_selector("#exercise[data-state=playing]")
    end = phone.evaluate("performance.now()") + 120_000  # rooms of this file are prepared first
    while not phone.evaluate("document.getElementById('audio').currentTime > 0.2"):
        assert phone.evaluate("performance.now()") < end
        phone.wait_for_timeout(100)
    phone.context.close()
    assert complaints == []


def test_the_sheet_prints_on_one_page(desk: Page, card: str) -> None:
    desk.emulate_media(media="print")
    assert pages_of(desk.pdf(format="A4")) == 1
    assert not desk.locator("form").first.is_visible()


def test_the_one_file_plays_with_no_network_and_asks_for_nothing(
    browser: Browser, desk: Page, card: str, tmp_path: Path
) -> None:
    file = tmp_path / "card.html"
    file.write_bytes(desk.request.get(card + "card.html", timeout=120_000).body())
    page, complaints = opened(browser, viewport={"width": 390, "height": 844}, offline=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    first = page.locator("[data-piece]").first
    first.get_by_role("button", name="Begin").click()
    page.wait_for_timeout(200)
    opening = first.locator("[data-part=words]").inner_text()
    page.wait_for_timeout(9000)
    assert first.locator("[data-part=words]").inner_text() != opening, "the words change with the sound"
    first.get_by_role("button", name="Too much").click()
    assert page.evaluate("document.querySelector('audio').paused")
    second = page.locator("[data-piece]").nth(1)
    assert second.get_by_role("button", name="Begin").is_disabled(), "it asks both first"
    for seat in ("circle", "square"):
        second.get_by_role("button", name=seat).click()
    assert second.get_by_role("button", name="Begin").is_enabled()
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []
    page.context.close()
    assert complaints == []
