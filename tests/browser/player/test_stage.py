"""The stage at every size: each exercise is walked through, and what has to be whole is looked for on the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SIZES = [(320, 568), (390, 664), (844, 390), (820, 1180), (1280, 800)]
VIEWS = ("one", "split", "turned")
SILENT = Path(__file__).with_name("silent.js").read_text(encoding="utf-8")
WALK = Path(__file__).with_name("walk.js").read_text(encoding="utf-8")
SHELF = "all => [...new Set(all.map((a) => a.getAttribute('href')))]"
BEGIN = """() => {
  for (const yes of document.querySelectorAll("#both [data-yes]")) yes.click();
  if (document.getElementById("exercise").dataset.state !== "playing") document.getElementById("begin").click();
}"""


@pytest.mark.parametrize(("root", "least"), [("", 30), ("/es", 1)])
def test_everything_is_whole_on_the_screen_in_every_exercise(
    visit: Callable[..., Any], root: str, least: int
) -> None:
    one = visit()
    page = one.page
    page.add_init_script(SILENT)
    one.open(f"{root}/")
    walked, faults = 0, []
    for address in page.eval_on_selector_all(".contents .entry a[href*='/exercises/']", SHELF):
        one.open(address)
        if not page.locator("#player").count():
            continue  # first with a therapist
        page.evaluate(BEGIN)
        walked += 1
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            for view in VIEWS:
                faults += [f"{address} at {width}×{height}, {fault}" for fault in page.evaluate(WALK, view)]
    assert walked >= least
    assert faults == []


RING = """() => {
  const button = document.getElementById("play"), box = document.getElementById("exercise").getBoundingClientRect();
  const floor = Math.min(box.bottom, document.querySelector(".bar").getBoundingClientRect().top);
  button.focus();
  const {outlineWidth, outlineOffset, outlineStyle} = getComputedStyle(button);
  const reach = parseFloat(outlineWidth) + parseFloat(outlineOffset), seen = button.getBoundingClientRect();
  return [outlineStyle, seen.top - reach >= box.top && seen.bottom + reach <= floor + 0.5];
}"""


def test_the_ring_around_pause_is_whole(visit: Callable[..., Any]) -> None:
    page = visit().begin()
    page.keyboard.press("Tab")  # rings are for who uses keys
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(RING) == ["solid", True], f"{width}×{height}"
