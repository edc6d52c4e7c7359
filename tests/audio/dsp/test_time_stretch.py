"""Tests of the time stretch: a longer tone is as high as before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.dsp.time_stretch import stretched

RATE = 24_000


def tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def loudest_hertz(samples: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples, RATE * 2))) / 2)


@settings(deadline=None, max_examples=30)
@given(st.floats(0.6, 1.7), st.sampled_from([90, 140, 220, 400]))
def test_a_stretched_tone_is_as_long_as_asked_and_as_high_as_before(factor: float, hertz: float) -> None:
    out = stretched(tone(hertz), factor, RATE)
    assert len(out) == pytest.approx(RATE * factor, abs=0.006 * RATE)
    assert loudest_hertz(out) == pytest.approx(hertz, rel=0.02)
    middle = slice(len(out) // 4, 3 * len(out) // 4)
    assert np.abs(out[middle]).max() < 0.35


def test_a_factor_of_one_changes_nothing() -> None:
    sound = tone(200)
    assert stretched(sound, 1.001, RATE) is sound
