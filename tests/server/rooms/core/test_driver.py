"""Thousands of random lives of rooms keep every promise."""

from __future__ import annotations

import pytest

from tests.support.room_driver import drive

PHASES = {"gathering", "preparing", "ready", "playing", "paused", "held", "grounding", "closing", "ended"}


@pytest.mark.parametrize("seed", range(3))
def test_random_lives_keep_every_promise(seed: int) -> None:
    seen = drive(1000, seed, steps=18)
    assert set(seen) == PHASES, "every phase was come to"
