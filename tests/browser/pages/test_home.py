"""The first page: four doors, the shelf, and what this device knows of the evening."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

DOORS = {
    "Just home": "doorway",
    "A hard day": "the-small-exhale",
    "After an argument": "back-in-the-room",
    "Not sure": "side-by-side",
}


def test_four_doors_lead_to_one_exercise_each_and_the_shelf_is_under_them(browser_page: Any) -> None:
    page = browser_page.open("/")
    doors = page.locator(".doors a")
    assert [one.locator(".evening").inner_text() for one in doors.all()] == list(DOORS)
    assert [one.get_attribute("href") for one in doors.all()] == [
        f"/exercises/{name}/" for name in DOORS.values()
    ]
    shelf = page.locator("#shelf").bounding_box()["y"]
    assert all(one.bounding_box()["y"] < shelf for one in doors.all())


@pytest.mark.parametrize("size", [(320, 568), (390, 664)])
def test_a_door_is_in_sight_on_a_small_phone(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    page = visit(viewport={"width": size[0], "height": size[1]}).open("/")
    box = page.locator(".doors a").first.bounding_box()
    assert box["y"] + box["height"] <= page.locator(".bar").bounding_box()["y"]


def test_a_code_and_the_therapists_page_are_one_tap_away(browser_page: Any) -> None:
    page = browser_page.open("/")
    assert page.get_by_role("link", name="I have a code").get_attribute("href") == "/join"
    assert page.get_by_role("link", name="For therapists").get_attribute("href") == "/therapist"


def test_a_break_that_runs_is_said(browser_page: Any) -> None:
    page = browser_page.open("/")
    assert page.locator("#break-line").is_hidden()
    page.goto(browser_page.url + "/break")
    page.click("#agree .begin")
    until = page.inner_text("#back-at")
    browser_page.open("/")
    assert f"We come back at {until}" in page.inner_text("#break-line").replace("\u202f", " ")


def test_a_favourite_is_offered_if_there_is_one(browser_page: Any) -> None:
    page = browser_page.open("/exercises/doorway/")
    page.click(".settings summary")
    page.click("[data-favourite]")
    browser_page.open("/")
    assert page.locator("#favourite-link").inner_text() == "Doorway"
    page.click("#favourite-link")
    page.wait_for_url("**/exercises/doorway/")
    page.click(".settings summary")
    page.click("[data-favourite]")
    browser_page.open("/")
    assert page.locator("#favourite-line").is_hidden()


@pytest.mark.parametrize("wished", [True, False])
def test_where_it_was_left_is_offered_only_if_that_was_chosen(browser_page: Any, wished: bool) -> None:
    page = browser_page.open("/exercises/doorway/")
    if wished:
        page.click(".settings summary")
        page.click("[data-continue]")
    page.click("#begin")
    browser_page.wait_playing()
    line = [cue for cue in browser_page.timeline()["cues"] if cue["kind"] == "line"][2]
    browser_page.seek(line["start"] + 0.3)
    page.evaluate("sessionStorage.clear()")  # as on another day
    browser_page.open("/")
    page.evaluate("sessionStorage.clear()")
    assert page.locator("#left-line").is_visible() is wished
    kept = json.loads(page.evaluate("JSON.stringify(localStorage)"))
    assert ("still-here:left" in kept) is wished


def test_text_size_and_a_dim_light_are_kept_on_this_device(browser_page: Any) -> None:
    page = browser_page.open("/")
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before = page.evaluate(size)
    page.click(".foot [data-larger]")
    page.click(".foot [data-dim]")
    browser_page.open("/exercises/doorway/")
    assert page.evaluate(size) > before
    assert page.evaluate("document.documentElement.dataset.light") == "dim"
    assert page.locator(".foot [data-dim]").get_attribute("aria-pressed") == "true"
