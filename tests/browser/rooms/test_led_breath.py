"""A breath that the therapist leads by taps: both phones follow her hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.support.couple import Couple, couple, rooms_service, until

__all__ = ["couple", "rooms_service"]

Ask = Callable[[str], Any]

MODULES = {"b": "room/led-breath", "k": "room/transport"}
HELPERS = """
  const breath = {at: 10_000, inMs: 4000, outMs: 6000, since: 14_000, until: 40_000};
  const told = (list) => list.map(({event, at, cut}) => [event.sound, at, cut]);
"""


def test_a_breath_is_put_on_the_clock_of_the_phone(ask: Ask) -> None:
    placed, unknown, none = ask(
        """const room = {at: 10, in_s: 4, out_s: 6, since: 14, until: 30};
        return [(ms) => ms - 500, () => NaN].map((toLocal) => b.placedBreath(room, toLocal))
          .concat(b.placedBreath(null, (ms) => ms))"""
    )
    assert placed == {"at": 9500, "since": 13_500, "until": 29_500, "inMs": 4000, "outMs": 6000}
    assert (unknown, none) == (None, None)


def test_its_phase_holds_while_it_is_led_and_no_longer(ask: Ask) -> None:
    assert ask(
        "return [13_999, 14_000, 17_000, 20_000, 22_000, 40_000].map((t) => b.ledPhase(breath, t))"
    ) == [
        None,
        {"direction": "out", "share": 0},
        {"direction": "out", "share": 0.5},
        {"direction": "in", "share": 0},
        {"direction": "in", "share": 0.5},
        None,
    ]


def test_its_tones_are_one_a_half_and_end_with_it(ask: Ask) -> None:
    assert ask("return told(b.ledTones(breath, 14_100, 90_000))") == [
        ["out:6.0", 14_000, 20_000],
        ["in:4.0", 20_000, 24_000],
        ["out:6.0", 24_000, 30_000],
        ["in:4.0", 30_000, 34_000],
        ["out:6.0", 34_000, 40_000],
    ]
    assert ask("return told(b.ledTones({...breath, until: 17_000}, 14_100, 90_000))") == [
        ["out:6.0", 14_000, 17_000]
    ]
    assert ask("return told(b.ledTones(breath, 26_000, 30_500))") == [
        ["out:6.0", 24_000, 30_000],
        ["in:4.0", 30_000, 34_000],
    ]
    assert ask("return [b.ledTones(null, 0, 9), b.ledTones(breath, 40_000, 90_000)]") == [[], []]


def test_the_exercises_own_breath_gives_way_and_its_lines_do_not(ask: Ask) -> None:
    kept = ask(
        """const cue = (kind, start, end, more = {}) => ({kind, start, end, clip: null, phases: null, ...more});
        const track = {duration: 60, cues: [
          cue("breath", 2, 12, {phases: [["in", 2, 6], ["out", 6, 12]]}), cue("word", 2, 3, {clip: "in"}),
          cue("breath", 12, 22, {phases: [["in", 12, 16], ["out", 16, 22]]}), cue("word", 13, 15, {clip: "in"}),
          cue("line", 14, 18, {clip: "line"}), cue("breath", 45, 49, {phases: [["in", 45, 49]]})]};
        const own = k.due(k.eventsOf(track, "main"), [{position: 0, velocity: 1, at: 0}], 13_000, 90_000);
        return b.givenWay(own, breath).map(({event, at, cut, fade}) =>
          [event.sound, at, cut === Infinity ? null : cut, fade ?? null])"""
    )
    assert kept == [
        ["in:4.000", 2000, None, None],
        ["in", 2000, None, None],
        ["out:6.000", 6000, None, None],
        ["in:4.000", 12_000, 14_000, 0.6],
        ["in", 13_000, 14_000, 0.6],
        ["line", 14_000, None, None],
        ["in:4.000", 45_000, None, None],
    ]


WATCH = """
(() => {
  const mark = document.querySelector("#pair");
  window.turns = [];
  new MutationObserver(() => window.turns.push([mark.dataset.phase, Date.now()]))
    .observe(mark, {attributes: true, attributeFilter: ["data-phase"]});
})()
"""


def turns(page: Page) -> list[str]:
    """Phases of the breath on a phone, since it is watched."""
    return [phase for phase, _ in page.evaluate("turns")]


def test_both_phones_breathe_with_the_hand(couple: Callable[..., Couple]) -> None:
    three = couple().gather(conducted=True).apart().start()
    console = three.therapist
    console.click("#act-hold-open")
    until(console, lambda: console.inner_text("#phase") == "Silence, until you release it")
    for page in three.both:
        page.evaluate(WATCH)
    console.click("#act-voice")  # what is heard from here on is the hand's
    console.keyboard.press("i")
    until(console, lambda: "Tap again" in console.inner_text("#told"))
    console.wait_for_timeout(2200)
    console.keyboard.press("i")
    for page in three.both:
        until(page, lambda p=page: turns(p)[-1:] == ["out"])
    until(console, lambda: console.get_attribute("#act-tap", "aria-pressed") == "true")
    three.circle.evaluate("heard.length = 0")
    three.wait_heard(three.circle, three.square)
    for page in three.both:
        until(page, lambda p=page: turns(p)[-3:] == ["out", "in", "out"])
        times = [at for _, at in page.evaluate("turns")]
        assert 1800 < times[-1] - times[-2] < 2900, "as long as it was tapped"
    console.click("#act-pause")
    for page in three.both:
        until(page, lambda p=page: turns(p)[-1:] == [""])
    console.wait_for_selector("#act-tap[aria-pressed=false]")
    assert console.get_attribute("#act-tap", "title") == "This works while the exercise is playing."
