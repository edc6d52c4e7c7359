"""Judge a recording: lines are loud, rests are still, and what was stopped is silent."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tests.support.hearing import Heard, level_between, rest_after
from tests.support.sound_card import RATE_HZ

AUDIBLE = 0.02
"""RMS of a quiet line; the voice's own level is -19 LUFS."""
STILL = 0.05
"""A rest is below this part of the line beside it."""
STOPPED_S = 0.4
"""From a page's saying so to silence in a recording, with the buffers of a browser and a sound server between."""


def assert_lines_and_rests(heard: list[Heard], channel: np.ndarray) -> None:
    """Every line is loud, and it is still between two that follow each other."""
    for one in heard:
        assert one.level > AUDIBLE, f"too quiet: {one.line.text}"
    for one, following in pairwise(heard):
        assert rest_after(one, following, channel) < STILL * one.level, f"no rest after: {one.line.text}"


def assert_paused(heard: Heard, into_s: float, channel: np.ndarray, silent_s: float) -> None:
    """A line that was paused so far into it is followed by silence."""
    stopped = heard.at_s + into_s + STOPPED_S
    left = level_between(channel, stopped, stopped + silent_s - STOPPED_S)
    assert left < STILL * heard.level, f"still heard: {heard.line.text}"


def assert_ends_still(heard: Heard, channel: np.ndarray, silent_s: float) -> None:
    """The end of a recording is silent, in the middle of a line."""
    whole_s = len(channel) / RATE_HZ
    assert heard.at_s + heard.line.length_s > whole_s, "the line would have been over by itself"
    left = level_between(channel, whole_s - silent_s + STOPPED_S, whole_s)
    assert left < STILL * heard.level, f"still heard: {heard.line.text}"
