"""The reading of the day: kept on the device, one further each day, and at four in the morning the day begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from exercises.variety import READINGS

Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def ask(browser: Any, service: Any) -> Iterator[Ask]:
    """Runs statements with reading.js as `r`; gives what they return."""
    context = browser.new_context(service_workers="block", timezone_id="America/Bogota")
    page = context.new_page()
    page.goto(service.url + "/help")
    yield lambda statements: page.evaluate(
        f'async () => {{ const r = await import("/static/shared/device-storage/reading.js"); {statements} }}'
    )
    context.close()


def test_the_same_day_has_the_same_reading_and_the_next_another(ask: Ask) -> None:
    kept = {"day": "2026-03-01", "reading": READINGS - 1}
    assert ask(f'return r.readingOn({kept}, "2026-03-01", 0.5);') == kept
    assert ask(f'return r.readingOn({kept}, "2026-03-09", 0.5);') == {"day": "2026-03-09", "reading": 0}


@pytest.mark.parametrize("kept", ["null", "{}", '"x"', "[]", '{day: 1, reading: "3"}', "{reading: NaN}", "7"])
def test_what_was_kept_of_nothing_begins_anywhere(ask: Ask, kept: str) -> None:
    found = ask(f'return [0, 0.5, 0.999].map((random) => r.readingOn({kept}, "2026-03-01", random).reading);')
    assert found == [0, READINGS // 2, READINGS - 1]


def test_a_kept_number_out_of_bounds_is_one_within(ask: Ask) -> None:
    for number in (-1, 12, 10**9):
        found = ask(f'return r.readingOn({{day: "d", reading: {number}}}, "d", 0).reading;')
        assert 0 <= found < READINGS


def test_an_evening_past_midnight_is_one_evening(ask: Ask) -> None:
    days = [
        ask(f"return r.dayOf(new Date(2026, 2, {day}, {hour}));")
        for day, hour in ((1, 22), (2, 1), (2, 3), (2, 4))
    ]
    assert days == ["2026-03-01", "2026-03-01", "2026-03-01", "2026-03-02"]


def test_it_is_kept_on_the_device_and_asked_for_in_the_address(browser: Any, service: Any) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(service.url + "/exercises/doorway/")
    page.wait_for_function("localStorage.getItem('still-here:reading')")
    reading = page.evaluate("JSON.parse(localStorage.getItem('still-here:reading')).reading")
    page.wait_for_function("document.querySelector('[data-file]').href.includes('reading=')")
    assert f"reading={reading}" in page.locator("[data-file]").first.get_attribute("href")
    assert any("timeline.json?" in url and url.endswith(f"reading={reading}") for url in asked)
    page.reload()
    assert page.evaluate("JSON.parse(localStorage.getItem('still-here:reading')).reading") == reading
    context.close()


def test_an_address_may_name_a_reading(browser: Any, service: Any) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(service.url + "/exercises/doorway/?reading=5")
    page.wait_for_function("document.querySelector('[data-file]').href.includes('reading=')")
    assert "reading=5" in page.locator("[data-file]").first.get_attribute("href")
    context.close()


def test_what_is_turned_to_in_need_has_the_same_words_each_time(browser: Any, service: Any) -> None:
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(service.url + "/exercises/too-much-for-now/")
    page.wait_for_function("document.querySelector('[data-file]').href.includes('reading=')")
    assert "reading=0" in page.locator("[data-file]").first.get_attribute("href")
    context.close()
