"""Tests of undo, of controls that step back, and of a stage on which nothing jumps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .test_listening import LEVEL_2, first, start_of

SAID = "[data-half=circle] .said"
SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const moved = entry.sources.map(({node}) => node?.id || node?.className || node?.nodeName);
      if (!entry.hadRecentInput) window.shifts.push([entry.value, moved]);
    }
  }).observe({type: "layout-shift"});
}"""


def test_going_to_the_return_is_taken_back_by_the_same_button(browser_page: Any) -> None:
    page = browser_page.begin()
    plan = browser_page.timeline()
    line = [cue for cue in plan["cues"] if cue["kind"] == "line"][3]
    browser_page.seek(line["start"] + 0.5)
    page.click("#skip")
    browser_page.wait(f"a.currentTime >= {start_of(plan, 'return') - 0.05}")
    page.get_by_role("button", name="Go on after all").click()
    browser_page.wait(f"!a.seeking && a.currentTime < {line['start'] + 2}")
    assert browser_page.sound("a.currentTime") >= line["start"] - 0.05
    assert page.locator("#skip").inner_text() == "Go to the return"


def test_the_way_back_is_open_for_six_seconds(browser_page: Any) -> None:
    page = browser_page.begin()
    page.click("#skip")
    page.wait_for_selector("#skip:text-is('Go on after all')")
    page.wait_for_timeout(4500)
    assert page.locator("#skip").inner_text() == "Go on after all"
    page.wait_for_selector("#skip:text-is('Go to the return')", timeout=6000)
    assert page.locator("#skip").is_disabled()


def test_too_much_is_taken_back_and_the_line_said_again(browser_page: Any) -> None:
    page = browser_page.begin()
    line = [cue for cue in browser_page.timeline()["cues"] if cue["kind"] == "line"][3]
    browser_page.seek(line["start"] + 1)
    page.click("#too-much")
    page.click("#go-on")  # while it still fades
    browser_page.wait_playing()
    browser_page.wait(f"a.currentTime >= {line['start'] - 0.05} && a.volume === 1")
    page.wait_for_timeout(1200)  # and the fade that it broke off does not end it after all
    assert not browser_page.sound("a.paused")


def test_nothing_goes_on_by_itself_after_too_much(browser_page: Any) -> None:
    page = browser_page.begin()
    page.click("#too-much")
    assert page.locator("#go-on").is_visible()
    page.wait_for_selector("#go-on", state="hidden", timeout=9000)
    assert browser_page.sound("a.paused")
    assert page.locator("#stopped").is_visible()


def test_controls_step_back_and_any_hand_brings_them_back(browser_page: Any) -> None:
    page = browser_page.begin()
    seen = "(id) => Number(getComputedStyle(document.getElementById(id)).opacity)"
    page.wait_for_selector("#exercise[data-controls=quiet]", timeout=12_000)
    page.wait_for_timeout(1500)
    assert page.evaluate(seen, "controls") == 0
    assert page.locator("#too-much").is_visible()
    page.keyboard.press("Tab")  # a keyboard has them always
    page.wait_for_selector("#exercise[data-controls=shown]")
    page.wait_for_timeout(400)
    assert page.evaluate(seen, "controls") == 1


def test_a_touch_that_wakes_the_controls_does_nothing_else(visit: Callable[..., Any]) -> None:
    one = visit(has_touch=True)
    page = one.begin()
    page.wait_for_selector("#exercise[data-controls=quiet]", timeout=12_000)
    box = page.locator("#play").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.touchscreen.tap(*middle)
    page.wait_for_selector("#exercise[data-controls=shown]")
    page.wait_for_timeout(500)
    assert not one.sound("a.paused")
    page.touchscreen.tap(*middle)
    one.wait("a.paused")


@pytest.mark.parametrize("size", [(390, 664), (844, 390), (1280, 800)])
def test_nothing_jumps_while_it_plays(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    one = visit(viewport={"width": size[0], "height": size[1]})
    page = one.begin(LEVEL_2)
    plan = one.timeline()
    page.wait_for_timeout(700)  # what follows the tap within half a second is the tap's
    page.evaluate(SHIFTS)
    changes = [cue for cue in plan["cues"] if cue["kind"] in ("line", "decision", "hold", "prompt")]
    for cue in changes:
        one.sound(f"a.currentTime = {cue['start'] + 0.1}")
        page.wait_for_timeout(60)
        page.evaluate(
            "for (const yes of document.querySelectorAll('#decision:not([hidden]) [aria-pressed=false]')) yes.click()"
        )
    page.wait_for_timeout(300)
    assert page.evaluate("window.shifts") == []


def test_a_turned_half_has_its_question_and_its_answers_turned(browser_page: Any) -> None:
    page = browser_page.begin(LEVEL_2)
    plan = browser_page.timeline()
    question = first(plan, "decision")
    page.click("#more")
    page.click("#split")
    page.click("#turn")
    page.click("#more")
    browser_page.seek(question["start"] + 0.1)
    page.wait_for_selector("[data-half=circle] .own:not([hidden])")
    assert page.locator(
        "#decision"
    ).is_hidden()  # nothing between the halves is upright for one and not the other
    for half in ("circle", "square"):
        assert page.locator(f"[data-half={half}] .said").inner_text() == question["text"][half]
        page.click(f"[data-half={half}] [data-yes={half}]")
    browser_page.sound(f"a.currentTime = {question['end'] + 0.3}")
    page.wait_for_timeout(600)
    assert browser_page.sound("a.currentTime") < start_of(plan, "return") - 1


def test_the_care_text_is_never_under_begin(visit: Callable[..., Any]) -> None:
    one = visit(viewport={"width": 390, "height": 664})
    page = one.open(
        "/exercises/the-long-way-out/"
    )  # its care text is about panic, asthma, heart and pregnancy
    covered = """() => {
      const [care, begin] = [".care", "#begin"].map((name) => document.querySelector(name).getBoundingClientRect());
      return begin.top < care.bottom && begin.bottom > care.top;
    }"""
    for down in range(0, 600, 50):
        page.evaluate("(y) => scrollTo(0, y)", down)
        assert not page.evaluate(covered)


@pytest.mark.parametrize(("early_s", "line"), [(0.019, 0), (0.019, 2), (-0.3, 2)])
def test_after_a_reload_it_goes_on_with_the_line_that_stood_there(
    browser_page: Any, early_s: float, line: int
) -> None:
    page = browser_page.open("/exercises/doorway/")
    start = [cue for cue in browser_page.timeline()["cues"] if cue["kind"] == "line"][line]["start"]
    query = page.evaluate("document.querySelector('[data-file]').search.slice(1)")
    page.evaluate(
        "([query, at]) => sessionStorage.setItem('still-here:place', JSON.stringify({id: 'doorway', query, at}))",
        [query, start - early_s],
    )
    page.reload()
    page.click("#resume")
    browser_page.wait_playing()
    browser_page.wait(f"a.currentTime > {start - 0.05}")
    assert browser_page.sound("a.currentTime") < start + 4
