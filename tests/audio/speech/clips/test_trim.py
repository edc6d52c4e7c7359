"""One sentence out of the silence around it, with its soft end."""

from __future__ import annotations

import numpy as np
import pytest

from audio.errors import VoiceError
from audio.levels import AFTER_S
from audio.speech.clips.trim import AFTER, fitted, spoken_samples, trimmed
from audio.speech.engines import Speech
from exercises.timeline import SAMPLE_RATE


def speech(lead_s: float, tail_s: float, rate: int = 22_050, faint: float = 0.0) -> Speech:
    """A second of tone; what follows it is noise of so little."""
    tone = 0.3 * np.sin(2 * np.pi * 200 * np.arange(rate) / rate)
    noise = faint * np.random.default_rng(1).standard_normal(int(tail_s * rate))
    return Speech(np.concatenate([np.zeros(int(lead_s * rate)), tone, noise]).astype(np.float32), rate)


@pytest.mark.parametrize("rate", [16_000, 20_182, 22_050, 24_000, 28_540, 48_000])
def test_silence_is_trimmed_and_the_rate_is_ours(rate: int) -> None:
    sentence = trimmed(speech(0.3, 0.9, rate))
    assert spoken_samples(sentence) / SAMPLE_RATE == pytest.approx(1.0, abs=0.01)
    assert len(sentence) == spoken_samples(sentence) + AFTER


def test_a_sentence_begins_and_ends_in_silence() -> None:
    sentence = trimmed(speech(0.0, 0.0))
    assert abs(sentence[0]) < 0.01
    assert not sentence[-AFTER // 2 :].any()
    assert np.abs(np.diff(sentence[:100])).max() < 0.05


def test_what_is_too_faint_for_a_voice_is_let_fade_behind_it() -> None:
    sentence = trimmed(speech(0.3, 0.9, SAMPLE_RATE, faint=0.001))
    behind = np.abs(sentence[-AFTER:])
    assert behind[: AFTER // 4].max() > 0.001
    assert behind[-10:].max() < 0.0001
    assert spoken_samples(sentence) / SAMPLE_RATE == pytest.approx(1.0, abs=0.01)


def test_what_is_far_below_the_loudest_does_not_begin_a_sentence() -> None:
    noise = 0.0015 * np.random.default_rng(1).standard_normal(3000)
    loud = 0.9 * np.sin(np.arange(24_000) / 20)
    sentence = trimmed(Speech(np.concatenate([noise, loud]).astype(np.float32), SAMPLE_RATE))
    assert spoken_samples(sentence) == pytest.approx(24_000, abs=200)


def test_a_sentence_is_fitted_to_its_place_with_its_end() -> None:
    sentence = trimmed(speech(0.0, 0.0))
    for count in (20_000, 30_000):
        assert len(fitted(sentence, count)) == count + AFTER
    assert round(AFTER_S * SAMPLE_RATE) == AFTER


@pytest.mark.parametrize("values", [np.zeros(0), np.full(10, np.inf), np.zeros((5, 2)), np.zeros(22_050)])
def test_what_is_not_sound_is_refused(values: np.ndarray) -> None:
    with pytest.raises(VoiceError):
        trimmed(Speech(values, 22_050))


def test_a_rate_that_no_sound_has_is_refused() -> None:
    with pytest.raises(VoiceError, match="no sentence can be"):
        trimmed(Speech(np.ones(10, np.float32), 4_000_000_000))
