"""Tests of reading sound back: where speech begins."""

import numpy as np
import pytest

from bench.lib.sound.decoding import RATE_HZ, nearest, onsets


@pytest.fixture
def noise():
    return np.random.default_rng(5).standard_normal(RATE_HZ)


def test_onset_within_one_window(noise):
    sound = np.zeros(RATE_HZ * 2)
    sound[RATE_HZ : RATE_HZ + 4_800] = noise[:4_800] * 0.1
    assert onsets(sound, 0.2) == pytest.approx([1.0], abs=0.005)


def test_a_short_gap_is_no_onset(noise):
    sound = noise[:RATE_HZ] * 0.1
    sound[10_000:12_400] = 0
    assert list(onsets(sound, 0.2)) == [0.0]


def test_nearest_is_none_out_of_reach():
    assert nearest(np.array([1.0, 4.0]), 2.0, 0.5) is None
    assert nearest(np.array([1.0, 2.1]), 2.0, 0.5) == pytest.approx(2.1)
