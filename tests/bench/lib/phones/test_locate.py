"""Tests of finding a sound in a recording: where it is, and how alike."""

import numpy as np
import pytest

from bench.lib.sound.decoding import RATE_HZ
from tests.support.sound_card import locate


@pytest.fixture
def noise():
    return np.random.default_rng(5).standard_normal(RATE_HZ)


def test_locate_reads_a_shift_between_two_samples(noise):
    late = np.interp(np.arange(len(noise)) - 0.25, np.arange(len(noise)), noise)
    smooth = np.convolve(noise, np.hanning(9), "same")
    smooth_late = np.convolve(late, np.hanning(9), "same")
    at, likeness = locate(smooth[9_000:12_000], smooth_late, 8_900, 9_100)
    assert at == pytest.approx(9_000.25, abs=0.1)
    assert likeness > 0.95


def test_locate_does_not_find_what_is_not_there(noise):
    other = np.random.default_rng(6).standard_normal(3_000)
    assert locate(other, noise, 0, 10_000)[1] < 0.2


def test_locate_past_the_end_is_unlike(noise):
    assert locate(noise[:3_000], noise, len(noise) - 100, len(noise) + 100)[1] == 0
