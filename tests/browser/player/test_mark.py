"""The mark: two shapes that drift in the rests, breathe with the tones and meet where both reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Ask = Callable[[str], Any]

MODULES = {"m": "player/stage/mark"}
HELPERS = """
    const parts = ["arrive", "consent", "practice", "return", "close"]
      .map((name, n) => ({name, title: name, start: n * 20, end: n * 20 + 20}));
    const rest = {kind: "rest", start: 10, end: 20, part: "arrive"};
    const reach = {kind: "hold", move: "reach", start: 45, end: 60, part: "practice"};
    const plan = {duration: 100, parts, cues: [rest, reach]};
    const at = (seconds, phase = null, near = 0) => m.poseAt(plan, seconds, phase, near);
"""


def test_a_rest_is_never_dead(ask: Ask) -> None:
    before, middle, after = ask("return [10, 15, 20].map((t) => at(t).apart)")
    assert middle < after < before  # nearer and apart again, and a little nearer than before


def test_a_rest_too_short_to_be_one_moves_nothing(ask: Ask) -> None:
    assert ask(
        """const apart = (cues) => m.poseAt({...plan, cues}, 11, null).apart;
        return apart([{...rest, end: 12.9}]) === apart([])"""
    )


def test_they_meet_where_both_reach_and_part_again(ask: Ask) -> None:
    before, meet, after = ask("return [45, 52, 60].map((t) => at(t).apart)")
    assert meet == pytest.approx(0.98)
    assert before > 1.2
    assert after > 1.2


def test_they_breathe_with_the_tones(ask: Ask) -> None:
    out, half, full = ask('return [0, 0.5, 1].map((share) => at(30, {direction: "in", share}).size)')
    assert out < half < full
    assert ask('return at(30, {direction: "out", share: 1}).size') == out


def test_the_arc_tells_the_part_and_only_goes_on(ask: Ask) -> None:
    turns = ask("return [0, 10, 20, 50, 99, 100].map((t) => at(t).turn)")
    assert turns == sorted(turns)
    assert turns[2] == pytest.approx(0.2)
    assert turns[-1] == pytest.approx(1)
