"""Small cores of speaking: stretching, softening."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.dsp.time_stretch import stretched
from audio.dsp.voice_effects import softened, with_lead
from audio.levels import LEAD_S, TAIL_S
from audio.speech.engines import Voice, flite

RATE = 24_000
VOICE = Voice("low", "Low", "audio.speech.engines.flite", "en-US", "rms")


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


LEAD = round(LEAD_S * RATE)


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


@pytest.mark.skipif(not flite.voices(), reason="flite is not installed")
@pytest.mark.parametrize(
    ("accented", "plain"), [("A café.", "A cafe."), ("A naïve piñata.", "A naive pinata.")]
)
def test_flite_reads_letters_with_accents_as_plain_ones(accented: str, plain: str) -> None:
    speaker = flite.open_speaker(flite.voices()[0])
    try:
        said, wanted = speaker.speak(accented, 105), speaker.speak(plain, 105)
    finally:
        speaker.close()
    assert len(said.samples) == len(wanted.samples)
