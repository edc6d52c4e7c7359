"""The background's own level beside the voice, and the end in the dark, which it outlasts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

BEDS = """
window.beds = [];
const Real = window.Audio;
window.Audio = class extends Real {
  constructor(...all) {
    super(...all);
    setTimeout(() => { if (this.dataset.bed !== undefined) window.beds.push(this); });
  }
};
"""
SET = """([id, value]) => {
  const slider = document.getElementById(id);
  slider.value = value;
  for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind));
}"""


@pytest.fixture
def one(visit: Callable[..., Any]) -> Any:
    """A visit whose page tells of the background that it makes."""
    made = visit()
    made.page.add_init_script(BEDS)
    return made


def bed(one: Any, expression: str) -> Any:
    """Something about the background's own element, as `b`."""
    return one.page.evaluate(f"(b => {expression})(window.beds[0])")


def until_bed(one: Any, condition: str) -> None:
    """Until something holds about the background's own element."""
    for _ in range(400):
        if bed(one, condition):
            return
        one.page.wait_for_timeout(30)
    raise AssertionError(f"not so: {condition}")


def test_the_background_is_set_while_it_plays_and_stays_so(one: Any) -> None:
    page = one.begin("/exercises/side-by-side/")
    one.seek(9)
    page.click("#more")
    page.evaluate(SET, ["bed-level", "80"])
    until_bed(one, "!b.paused && Math.abs(b.volume - 0.8) < 0.02")
    one.wait("!a.paused && a.currentTime > 9")  # the same place of a file without one
    assert parse_qs(urlsplit(one.sound("a.src")).query)["bed"] == ["none"]
    page.click("#play")
    until_bed(one, "b.paused")
    page.reload()
    assert page.input_value("#bed-level") == "80"


def test_the_voice_has_a_level_of_its_own(one: Any) -> None:
    page = one.begin("/exercises/side-by-side/")
    page.click("#more")
    page.evaluate(SET, ["voice-level", "40"])
    assert one.sound("a.volume") == pytest.approx(0.4)
    page.reload()
    page.click("#begin")
    one.wait_playing()
    assert one.sound("a.volume") == pytest.approx(0.4)


def test_lamp_out_ends_into_the_dark_and_the_background_goes_on_until_a_hand_comes(one: Any) -> None:
    page = one.begin("/exercises/lamp-out/")
    until_bed(one, "!b.paused")
    one.sound("a.currentTime = a.duration - 0.6")
    page.wait_for_selector("#dark:not([hidden])", timeout=20_000)
    assert (
        page.evaluate("getComputedStyle(document.getElementById('dark')).backgroundColor") == "rgb(0, 0, 0)"
    )
    page.wait_for_timeout(600)
    assert not bed(one, "b.paused")
    page.click("#dark")
    assert page.is_visible("#over")
    until_bed(one, "b.paused")


def test_where_the_sound_is_to_stop_too_nothing_goes_on_in_the_dark(one: Any) -> None:
    page = one.open("/exercises/lamp-out/")
    page.click(".settings summary")
    page.select_option("#dark-minutes", "0")
    page.click("#begin")
    one.wait_playing()
    one.sound("a.currentTime = a.duration - 0.6")
    page.wait_for_selector("#dark:not([hidden])", timeout=20_000)
    until_bed(one, "b.paused")
