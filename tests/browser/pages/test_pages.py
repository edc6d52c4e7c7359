"""The pages without and with a script: links, settings, large text, weight."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest

PATHS = (
    "/", "/help", "/kept", "/offline",
    "/exercises/side-by-side/", "/exercises/a-glance-and-a-rest/", "/exercises/halfway/",
)  # fmt: skip
BUDGET_BYTES = 75_000


def test_without_a_script_the_plain_controls_and_files_are_there(visit: Callable[..., Any]) -> None:
    one = visit(java_script_enabled=False)
    page = one.open("/exercises/side-by-side/?length=180")
    assert page.locator("audio[controls]").is_visible()
    assert "length=180" in page.locator("audio").get_attribute("src")
    assert page.locator("track[kind=captions]").count() == 1
    assert page.locator("#begin").is_hidden()
    for file in ("transcript.txt", "audio.mp3", "audio.flac", "audio.wav", "captions.vtt"):
        link = page.locator(f"a[data-file='{file}']")
        assert link.is_visible()
        assert "length=180" in link.get_attribute("href")
    answer = page.request.get(one.url + "/exercises/side-by-side/" + link.get_attribute("href"))
    assert answer.text().startswith("WEBVTT")


def test_without_a_script_the_settings_are_a_form(visit: Callable[..., Any]) -> None:
    one = visit(java_script_enabled=False)
    page = one.open("/exercises/side-by-side/")
    page.click(".settings summary")
    page.select_option("#choice-voice", "lower")
    page.click("text=Use these")
    assert "voice=lower" in page.url
    assert page.locator("#choice-voice").input_value() == "lower"


def test_without_a_script_what_asks_both_does_not_play(visit: Callable[..., Any]) -> None:
    page = visit(java_script_enabled=False).open("/exercises/a-glance-and-a-rest/")
    assert page.locator("audio[controls]").count() == 0
    assert page.locator("a[download]").count() == 0
    assert "cannot ask" in page.locator("main").inner_text()
    assert page.locator("a[data-file='transcript.txt']").is_visible()


@pytest.mark.parametrize("path", [*PATHS, "/nothing-here"])
def test_too_much_is_one_tap_away(visit: Callable[..., Any], path: str) -> None:
    page = visit(java_script_enabled=False).open(path)
    link = page.locator("#too-much")
    assert link.get_attribute("href") == "/exercises/too-much-for-now/"
    box = link.bounding_box()
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= 844


def test_settings_are_kept_on_this_device(browser_page: Any) -> None:
    page = browser_page.open("/exercises/side-by-side/")
    page.select_option("#choice-voice", "lower")
    page.locator("#chips [name=chip-length]").first.check()
    page.click("#chips >> text=Earbuds")
    assert page.locator("#chips [role=status]").inner_text() == "One earbud each: left circle, right square."
    assert "voice=lower" in page.locator("a[data-file='audio.mp3']").get_attribute("href")
    browser_page.open("/exercises/doorway/")
    assert page.locator("#choice-voice").input_value() == "lower"
    assert page.locator("#chips >> text=Earbuds").get_attribute("aria-pressed") == "true"
    assert page.locator("#choice-length").evaluate("(select) => select.selectedIndex") == 0
    page.click("#begin")
    browser_page.wait_playing()
    assert "voice=lower" in browser_page.sound("a.currentSrc")
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert "doorway" not in stored
    assert "side-by-side" not in stored


def test_the_address_wins_over_what_was_kept(browser_page: Any) -> None:
    page = browser_page.open("/exercises/side-by-side/")
    page.evaluate(
        """localStorage.setItem("still-here:settings", '{"voice":"lower","bell":"none","lead_in":"7"}')"""
    )
    browser_page.open("/exercises/side-by-side/?voice=higher")
    assert page.locator("#choice-voice").input_value() == "higher"
    assert page.locator("#choice-bell").input_value() == "none"
    assert page.locator("#choice-lead_in").input_value() == "4"


def test_broken_storage_is_no_obstacle(browser_page: Any) -> None:
    browser_page.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    browser_page.open("/")
    browser_page.begin()


def test_the_first_text_is_two_lines_that_open(browser_page: Any) -> None:
    page = browser_page.open("/")
    assert page.inner_text("#first summary").splitlines() == [
        "Not therapy, and not for emergencies.", "Not for you if you are afraid of your partner.",
    ]  # fmt: skip
    assert page.locator("#first p").first.is_hidden()
    page.click("#first summary")
    assert page.locator("#first p").first.is_visible()


def test_leaving_leaves_nothing_to_go_back_to(browser_page: Any) -> None:
    page = browser_page.open("/")
    page.click(".top [data-leave]")
    page.wait_for_url("about:blank")
    assert page.evaluate("history.length") <= 2


@pytest.mark.parametrize("path", PATHS)
def test_twice_the_text_never_scrolls_sideways(browser_page: Any, path: str) -> None:
    page = browser_page.open(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_twice_the_text_fits_the_player_too(browser_page: Any) -> None:
    page = browser_page.begin()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.click("#more")
    page.click("#split")
    page.click("#turn")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", ["/", "/help", "/kept", "/exercises/side-by-side/"])
def test_targets_are_large_enough(browser_page: Any, path: str) -> None:
    page = browser_page.open(path)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, select, summary")]
          .filter((e) => e.getClientRects().length && !e.closest("p:not(.entry)") && !e.matches(".skip, .entry a"))
          .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
          .filter(([, box]) => box.height < 43.9 || box.width < 24)
          .map(([text]) => text)"""
    )
    assert small == []


def test_everything_is_reached_by_keyboard(browser_page: Any) -> None:
    page = browser_page.open("/")
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert reached[:5] == ["Skip to the page", "Too much", "Still Here", "Help", "Leave this page"]


def test_the_first_page_is_light(browser_page: Any) -> None:
    bodies: list[bytes] = []
    browser_page.page.on("response", lambda answer: bodies.append(answer.body()))
    browser_page.open("/")
    browser_page.page.wait_for_load_state("networkidle")
    weight = sum(min(len(body), len(gzip.compress(body, 6))) for body in bodies)
    assert 4 <= len(bodies) <= 18
    assert weight <= BUDGET_BYTES
