"""Writing "Coffee on the Counter" anew on the page, by the very steps of docs/writing-exercises.md."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Service, start_service, stop_service

PASSCODE = "a kettle and a lamp"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = start_service(tmp_path_factory.mktemp("studio"), STILL_HERE_PASSCODE=PASSCODE)
    yield running
    stop_service(running)


@pytest.fixture(params=[(1280, 800), (820, 1180)], ids=["1280", "820"])
def page(browser: Browser, service: Service, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    found = context.new_page()
    found.set_default_timeout(30_000)
    found.goto(f"{service.url}/therapist")
    found.fill("#passcode", PASSCODE)
    found.click("form.code-form button")
    found.click("text=Write exercises")
    yield found
    context.close()


def no_findings(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_coffee_on_the_counter_as_the_document_writes_it(page: Page, service: Service) -> None:
    no_findings(page)
    page.select_option("#from", label="A copy of Coffee on the Counter")
    page.click("form.open-room button")
    expect(page.locator("#checks-sum")).to_have_text("Nothing stands against it.")
    expect(page.locator("#times svg")).to_have_count(3)
    no_findings(page)
    area = page.locator("#text-en")
    area.fill(area.input_value().replace("title: Coffee on the Counter", "title: Tea on the Counter"))
    expect(page.locator("#saved")).to_have_text("Saved")
    expect(page.locator("#draft-title")).to_have_text("Tea on the Counter")
    area.fill(area.input_value().replace("You can do it standing up", "You must do it standing up"))
    expect(page.locator("#checks li").first).to_contain_text("line")
    page.click("#publish")
    expect(page.locator("#refusal")).to_contain_text("Not published: line")
    page.click("#undo")
    expect(page.locator("#checks-sum")).to_have_text("Nothing stands against it.")
    page.reload()
    expect(page.locator("#text-en")).to_have_value(area.input_value())
    page.click("#lines li:first-child button")
    expect(page.locator('#lines [aria-current="true"]')).to_have_count(1)
    page.click("#stop-hearing")
    page.click("#publish")
    expect(page.locator("#saved")).to_have_text("Published. It is in the library now.")
    assert "Tea on the Counter" in page.request.get(f"{service.url}/").text()
    page.click("text=All drafts")
    page.click("text=Take back")
    assert "Tea on the Counter" not in page.request.get(f"{service.url}/").text()
    no_findings(page)


def test_an_older_tab_is_refused_in_one_sentence_and_loses_nothing(page: Page) -> None:
    page.click("form.open-room button")
    expect(page.locator("#checks li").first).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    page.fill("#text-en", "id: from-the-first\n")
    expect(page.locator("#saved")).to_have_text("Saved")
    page.wait_for_function("document.getElementById('draft-title').textContent !== ''")
    other.fill("#text-en", "id: from-the-second\n")
    expect(other.locator("#refusal")).to_contain_text("changed in another tab")
    expect(other.locator("#text-en")).to_have_value("id: from-the-second\n")
    other.click("#keep-as-another")
    expect(other.locator("#refusal")).to_have_text("")
    expect(other.locator("#text-en")).to_have_value("id: from-the-second\n")
    page.reload()
    expect(page.locator("#text-en")).to_have_value("id: from-the-first\n")


def test_keys_and_values_are_offered_and_taken_by_the_keyboard(page: Page) -> None:
    page.click("form.open-room button")
    area = page.locator("#text-en")
    area.fill("")
    area.press_sequentially("fam")
    expect(page.locator("#offers")).to_be_visible()
    area.press("ArrowDown")
    area.press("Enter")
    expect(area).to_have_value("family: ")
    area.press("Control+Space")
    expect(page.locator("#offers li").first).to_have_text("breathing")
    area.press("ArrowDown")
    area.press("Enter")
    expect(area).to_have_value("family: gaze")
    area.press("Enter")
    area.press_sequentially("steps:\n  - sa")
    expect(page.locator("#offers li").first).to_have_text("say")
    area.press("Escape")
    expect(page.locator("#offers")).to_be_hidden()
    no_findings(page)
