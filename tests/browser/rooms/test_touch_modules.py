"""A touch on one phone: what lets go, how often it is said, and how the other phone feels it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

MODULES = {"x": "room/touch", "m": "player/stage/mark"}

HELPERS = """
  // A mark to touch, and a world in which time stands still until it is told to pass.
  function touching({coarse = false} = {}) {
    const w = {t: 1000, timers: [], told: [], pulses: [], tones: 0, mark: document.createElement("div")};
    document.body.append(w.mark);
    w.mark.style.cssText = "position: fixed; inset: 0";
    const later = (act, ms) => { w.timers.push({at: w.t + ms, act}); };
    w.pass = (ms) => {
      const end = w.t + ms;
      while (true) {
        const next = w.timers.filter(({at}) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        w.timers = w.timers.filter((timer) => timer !== next);
        w.t = Math.max(w.t, next.at);
        next.act();
        w.touch.turn(w.on);
      }
      w.t = end;
      w.touch.turn(w.on);
    };
    w.on = true;
    w.touch = x.createTouch(w.mark, "circle", {
      now: () => w.t, later, tell: (held) => w.told.push([w.t - 1000, held]),
      vibrate: coarse ? (ms) => w.pulses.push(w.t - 1000) : null, tone: () => { w.tones++; },
    });
    w.turn = (on) => { w.on = on; w.touch.turn(on); };
    w.does = (name, more = {}) => {
      const kind = name.startsWith("key") ? KeyboardEvent : name.startsWith("pointer") ? PointerEvent : Event;
      const event = new kind(name, {bubbles: true, cancelable: true, pointerId: 1, ...more});
      (more.on ?? w.mark).dispatchEvent(event);
      return event;
    };
    w.turn(true);
    return w;
  }
"""

Ask = Callable[[str], Any]


@pytest.mark.parametrize(
    "end",
    [
        'w.does("pointerup")',
        'w.does("pointercancel")',
        'w.does("pointerleave")',
        'w.does("blur")',
        'w.does("blur", {on: window})',
        'w.does("pagehide", {on: window})',
        "w.turn(false)",
    ],
)
def test_a_pointer_that_leaves_and_a_page_that_is_left_let_go(ask: Ask, end: str) -> None:
    told = ask(
        f'const w = touching(); w.does("pointerdown"); w.pass(300); {end}; w.pass(2000); return w.told'
    )
    assert told == [[0, True], [300, False]]


def test_a_page_that_is_hidden_lets_go(ask: Ask) -> None:
    told = ask(
        """const w = touching(); w.does("pointerdown"); w.pass(300);
        Object.defineProperty(document, "hidden", {value: true, configurable: true});
        w.does("visibilitychange", {on: document});
        delete document.hidden;
        return w.told"""
    )
    assert told == [[0, True], [300, False]]


@pytest.mark.parametrize("key", [" ", "Enter"])
def test_a_key_holds_as_long_as_it_is_down_and_pauses_nothing(ask: Ask, key: str) -> None:
    told, prevented, above = ask(
        f"""const w = touching(); let above = 0;
        document.addEventListener("keydown", () => {{ above++; }}, {{once: true}});
        const down = w.does("keydown", {{key: "{key}"}});
        w.does("keydown", {{key: "{key}", repeat: true}});
        w.pass(400);
        w.does("keyup", {{key: "{key}"}});
        return [w.told, down.defaultPrevented, above]"""
    )
    assert (told, prevented, above) == ([[0, True], [400, False]], True, 0)


def test_a_screen_reader_holds_by_one_press_and_lets_go_by_the_next(ask: Ask) -> None:
    told, pressed = ask(
        """const w = touching(); w.mark.click();
        const pressed = w.mark.ariaPressed;
        w.pass(500); w.mark.click(); return [w.told, pressed]"""
    )
    assert (told, pressed) == ([[0, True], [500, False]], "true")


def test_it_is_said_again_each_second_as_long_as_it_is_held(ask: Ask) -> None:
    told = ask('const w = touching(); w.does("pointerdown"); w.pass(3100); return w.told')
    assert [at for at, _ in told] == [0, 1000, 2000, 3000]
    assert all(held for _, held in told)


def test_tapping_fast_says_little_and_ends_with_how_it_is(ask: Ask) -> None:
    told = ask(
        """const w = touching();
        for (let i = 0; i < 40; i++) { w.does("pointerdown"); w.pass(20); w.does("pointerup"); w.pass(20); }
        w.pass(1000); return w.told"""
    )
    assert len(told) <= 8
    assert told[-1][1] is False


def test_where_no_touch_is_on_nothing_is_said_and_nothing_can_be_pressed(ask: Ask) -> None:
    told, attributes = ask(
        """const w = touching(); w.turn(false); w.does("pointerdown"); w.does("keydown", {key: " "}); w.pass(500);
        return [w.told, ["role", "tabindex", "aria-label"].filter((name) => w.mark.hasAttribute(name))]"""
    )
    assert (told, attributes) == ([], [])


def test_in_a_hand_it_is_felt_by_pulses_and_elsewhere_by_a_tone(ask: Ask) -> None:
    hand, desk, lit = ask(
        """const found = [];
        for (const coarse of [true, false]) {
          const w = touching({coarse});
          for (let i = 0; i < 4; i++) { w.touch.feel(true); w.pass(1000); }
          found.push([w.pulses, w.tones], w.mark.dataset.square);
        }
        return [found[0], found[2], found[3]]"""
    )
    assert hand == [[0, 1000, 2000, 3000, 4000], 0]
    assert desk == [[], 2]
    assert lit == "true"


def test_it_is_felt_no_more_when_let_go_or_lost_or_over(ask: Ask) -> None:
    after = ask(
        """const found = [];
        for (const end of [(w) => w.touch.feel(false), (w) => w.pass(4000), (w) => w.turn(false)]) {
          const w = touching(); w.touch.feel(true); end(w);
          const tones = w.tones; w.pass(9000);
          found.push([w.mark.dataset.square, w.tones - tones]);
        }
        return found"""
    )
    assert after == [["false", 0]] * 3


def test_what_comes_a_moment_early_is_felt_as_soon_as_the_touch_is_on(ask: Ask) -> None:
    before, after = ask(
        """const w = touching(); w.turn(false); w.touch.feel(true);
        const before = w.tones; w.pass(200); w.turn(true); return [before, w.tones]"""
    )
    assert (before, after) == (0, 1)


def test_a_finger_that_taps_makes_no_drum_of_the_other_phone(ask: Ask) -> None:
    tones = ask(
        """const w = touching();
        for (let i = 0; i < 10; i++) { w.touch.feel(true); w.pass(100); w.touch.feel(false); w.pass(100); }
        return w.tones"""
    )
    assert tones <= 4


def test_the_shapes_draw_near_where_both_hold_and_part_again(ask: Ask) -> None:
    alone, both, apart = ask(
        """const w = touching(), near = () => {
          let n = 0;
          for (let i = 0; i < 60; i++) { w.pass(50); n = w.touch.nearAt(w.t); w.touch.feel(w.theirs ?? false); }
          return n;
        };
        w.touch.nearAt(w.t);
        w.does("pointerdown"); const alone = near();
        w.theirs = true; w.touch.feel(true); const both = near();
        w.does("pointerup"); return [alone, both, near()]"""
    )
    assert (alone, both, apart) == (0, 1, 0)


def test_near_is_as_near_as_a_reach(ask: Ask) -> None:
    plain, near, reach = ask(
        """const cue = {kind: "hold", start: 10, end: 40};
        const at = (move, by) => m.poseAt({duration: 60, parts: [], cues: [{...cue, move}]}, 25, null, by).apart;
        return [at("touch", 0), at("touch", 1), at("reach", 0)]"""
    )
    assert near == reach < plain


@pytest.mark.parametrize(
    ("seconds", "passed_over", "on"),
    [
        (9.9, [], False),
        (10, [], True),
        (15, [], True),
        (34.9, [], True),
        (35, [], False),
        (20, [[10, 35]], False),
    ],
)
def test_a_touch_is_on_from_the_line_that_invites_to_its_end(
    ask: Ask, seconds: float, passed_over: list[list[float]], on: bool
) -> None:
    found = ask(
        f"""const cues = [{{kind: "line", start: 4, end: 6}}, {{kind: "rest", start: 6, end: 10}},
          {{kind: "line", start: 10, end: 15}}, {{kind: "hold", start: 15, end: 35, move: "touch"}},
          {{kind: "line", start: 35, end: 40}}, {{kind: "hold", start: 40, end: 60, move: "reach"}}];
        return x.isAtTouch(cues, {seconds}, {passed_over})"""
    )
    assert found is on
