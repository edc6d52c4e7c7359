"""Nothing that axe-core can find, on every page and in every state of the player, in every look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.axe import violations

PAGES = {
    "library": "/",
    "exercise": "/exercises/side-by-side/",
    "asks both": "/exercises/a-glance-and-a-rest/",
    "with a therapist": "/exercises/halfway/",
    "grounding": "/exercises/too-much-for-now/",
    "help": "/help",
    "a break": "/break",
    "to take along": "/files",
    "kept": "/kept",
    "paths": "/paths",
    "one path": "/paths/first-weeks",
    "no network": "/offline",
    "nothing here": "/nothing-here",
}


def test_every_page_is_free_of_violations(visit: Callable[..., Any]) -> None:
    one = visit()
    found = {}
    for name, path in PAGES.items():
        page = one.open(path)
        if name == "exercise":
            page.click(".settings summary")
        found[name] = violations(page)
    assert found == {name: [] for name in PAGES}


def test_the_player_is_free_of_violations_in_every_state(visit: Callable[..., Any]) -> None:
    one = visit(reduced_motion="reduce")
    page = one.begin("/exercises/the-long-way-out/")
    plan = one.timeline()
    found = {"playing": violations(page)}
    breath = next(cue for cue in plan["cues"] if cue["kind"] == "breath")
    one.seek(breath["start"] + 0.5)
    page.wait_for_selector("#breath:not([hidden])")
    found["breathing"] = violations(page)
    page.click("#more")
    found["more"] = violations(page)
    page.click("#split")
    page.click("#turn")
    found["two halves"] = violations(page)
    page.click("#more")
    page.click("#play")
    found["paused"] = violations(page)
    page.click("#too-much")
    found["stopped"] = violations(page)
    page.click("#quiet")
    found["quiet"] = violations(page)
    page.click("#end-quiet")
    found["over"] = violations(page)
    assert found == {name: [] for name in found}


@pytest.mark.parametrize("view", ["one", "split"])
def test_a_question_to_both_is_free_of_violations(browser_page: Any, view: str) -> None:
    page = browser_page.begin("/exercises/a-glance-and-a-rest/")
    question = next(cue for cue in browser_page.timeline()["cues"] if cue["kind"] == "decision")
    if view == "split":
        page.click("#more")
        page.click("#split")
        page.click("#more")
    browser_page.seek(question["start"] + 0.2)
    asks = {"one": "#decision", "split": "[data-half=circle] .own"}[view]
    page.wait_for_selector(f"{asks}:not([hidden])")
    page.click("#play")  # the looks take longer than the question stands
    assert violations(page) == []
