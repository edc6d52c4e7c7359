"""Tests of voice effects: softening, and the breath before the first word."""

from __future__ import annotations

import numpy as np

from audio.dsp.voice_effects import softened, with_lead
from audio.levels import LEAD_S, TAIL_S

RATE = 24_000
LEAD = round(LEAD_S * RATE)


def tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def test_softening_moves_nothing_and_takes_from_the_top() -> None:
    click = np.zeros(RATE, np.float32)
    click[5000] = 0.5
    out = softened(click, RATE)
    assert len(out) == LEAD + RATE + round(TAIL_S * RATE) - 1
    assert abs(int(np.argmax(np.abs(out))) - LEAD - 5000) <= 1
    low, high = (np.std(softened(tone(h), RATE)[LEAD:]) / np.std(tone(h)) for h in (300, 9000))
    assert high < 0.5 < 0.85 < low


def test_the_breath_swells_before_the_first_word_and_is_far_below_it() -> None:
    out = softened(tone(300), RATE)
    breath, words = out[:LEAD], out[LEAD : LEAD + RATE]
    first, second, third, fourth = (20 * np.log10(np.std(q) / np.std(words)) for q in np.split(breath, 4))
    assert first < second < third
    assert -42 < third < -34
    assert fourth < third, "it makes way for the word"
    assert np.abs(np.diff(out[: LEAD // 2])).max() < 0.01, "it does not click"


def test_a_voice_without_a_finish_has_its_first_word_at_the_same_place() -> None:
    out = with_lead(tone(300), RATE)
    assert len(out) == LEAD + RATE
    assert not out[:LEAD].any()
    assert np.array_equal(out[LEAD:], tone(300))


def test_silence_stays_silent() -> None:
    assert np.abs(softened(np.zeros(1000, np.float32), RATE)).max() == 0
