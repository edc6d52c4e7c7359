"""Judge a recording: lines are loud, rests are still, and what was stopped is silent."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tests.support.hearing import Heard, Line, find, level_between, rest_after
from tests.support.sound_card import RATE_HZ, Take

AUDIBLE = 0.02
"""RMS of a quiet line; the voice's own level is -19 LUFS."""
STILL = 0.05
"""A rest is below this part of the line beside it."""
STOPPED_S = 0.4
"""From a page's saying so to silence in a recording, with the buffers of a browser and a sound server between."""
TOGETHER_S = 0.1
"""Two phones that are farther apart are not together for any ear; benches ask for far less on a quiet machine."""


def assert_heard(lines: list[Line], channel: np.ndarray) -> list[Heard]:
    """Find exactly these lines in their order, loud, and still between them."""
    heard = find(lines, channel)
    assert [one.line.text for one in heard] == [line.text for line in lines]
    for one in heard:
        assert one.level > AUDIBLE, f"too quiet: {one.line.text}"
    for one, following in pairwise(heard):
        assert rest_after(one, following, channel) < STILL * one.level, f"no rest after: {one.line.text}"
    return heard


def assert_heard_together(lines: list[Line], take: Take) -> list[Heard]:
    """Find these lines in both channels at the same time; gives those of the first."""
    first, second = (assert_heard(lines, take.sound[:, channel]) for channel in (0, 1))
    for one, other in zip(first, second, strict=True):
        assert abs(one.at_s - other.at_s) < TOGETHER_S, f"apart: {one.line.text}"
    return first


def assert_still(level: float, channel: np.ndarray, from_s: float, to_s: float) -> None:
    """A stretch of a channel is silent beside a line of this level."""
    assert level_between(channel, from_s, to_s) < STILL * level


def assert_ends_still(heard: Heard, channel: np.ndarray, silent_s: float) -> None:
    """The last `silent_s` of a recording are silent, in the middle of a line."""
    whole_s = len(channel) / RATE_HZ
    assert heard.at_s + heard.line.length_s > whole_s, "the line would have been over by itself"
    assert_still(heard.level, channel, whole_s - silent_s + STOPPED_S, whole_s)
