"""Tests of things shown once."""

from __future__ import annotations

from server.services.shown_once import KEPT_S, MOST, ShownOnce


def test_it_is_given_out_once_to_its_owner_and_page() -> None:
    shown = ShownOnce()
    shown.put("a", "feeds", {"address": "x"}, now=0.0)
    assert shown.take("b", "feeds", 1.0) == {}
    assert shown.take("a", "cards", 1.0) == {}
    assert shown.take("a", "feeds", 1.0) == {"address": "x"}
    assert shown.take("a", "feeds", 1.0) == {}


def test_it_does_not_wait_for_ever_and_not_in_any_number() -> None:
    shown = ShownOnce()
    shown.put("a", "feeds", {"address": "x"}, now=0.0)
    assert shown.take("a", "feeds", KEPT_S) == {}
    for number in range(MOST + 1):
        shown.put(str(number), "feeds", {"address": "x"}, now=0.0)
    assert shown.take("0", "feeds", 1.0) == {}
    assert shown.take(str(MOST), "feeds", 1.0) == {"address": "x"}
