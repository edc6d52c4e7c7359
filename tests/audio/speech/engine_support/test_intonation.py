"""Questions rise, or level off; statements are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from audio.speech.engine_support.intonation import LEVEL, RISING, bent, ends_at
from audio.speech.engines import hibari
from exercises.timeline import SAMPLE_RATE

FALLING = np.linspace(260, 120, 80).astype(np.float32)


@pytest.mark.parametrize(
    "question", ["Still here?", "Is that all right?", "“Do you want to stay?”", "And are you warm enough?"]
)
def test_what_is_answered_by_yes_or_no_rises(question: str) -> None:
    assert ends_at(question) == RISING


@pytest.mark.parametrize(
    "question",
    [
        "What do you notice?",
        "And where are your feet?",
        "“Who goes first?”",
        "Stop here, or stay?",
        "How's that?",
    ],
)
def test_an_open_question_and_a_choice_level_off(question: str) -> None:
    assert ends_at(question) == LEVEL


@pytest.mark.parametrize("sentence", ["Still here.", "Whatever comes.", "Wait…", "Ask “what?” once.", ""])
def test_what_is_no_question_is_left_alone(sentence: str) -> None:
    assert ends_at(sentence) == 0
    assert bent(FALLING, ends_at(sentence), 20) is FALLING


def test_the_end_is_led_up_smoothly_and_the_rest_stays() -> None:
    curve = bent(FALLING, RISING, 20)
    assert np.array_equal(curve[:60], FALLING[:60])
    assert curve[-1] == pytest.approx(np.median(FALLING) * RISING, rel=0.001)
    assert np.abs(np.diff(curve)).max() < 12


def test_sounds_without_a_pitch_stay_without_one() -> None:
    pitch = FALLING.copy()
    pitch[70:75] = 0
    curve = bent(pitch, RISING, 20)
    assert not curve[70:75].any()
    assert curve[-1] > curve[69]


@pytest.mark.parametrize("pitch", [np.zeros(0, np.float32), np.zeros(9, np.float32)])
def test_a_whisper_has_no_melody(pitch: np.ndarray) -> None:
    assert bent(pitch, RISING, 20) is pitch


def pitch_hz(samples: np.ndarray) -> float:
    """The pitch of a stretch of voice: the lag from 80 to 400 Hz at which it is most like itself."""
    sound = samples - samples.mean()
    alike = np.correlate(sound, sound, "full")[len(sound) - 1 :]
    low, high = SAMPLE_RATE // 400, SAMPLE_RATE // 80
    return SAMPLE_RATE / (low + int(np.argmax(alike[low:high])))


@pytest.mark.skipif(not hibari.is_there(), reason="the natural voice has no package for this system")
@pytest.mark.parametrize("character", range(3))
def test_a_question_is_heard_to_end_higher_than_the_same_words_told(character: int) -> None:
    speaker = hibari.open_speaker(hibari.voices()[character])
    heard = {}
    for end in ".?":
        sound = speaker.speak(f"You are still in the room{end}", 112).samples
        loud = np.flatnonzero(np.abs(sound) > 0.03)[-1]
        heard[end] = pitch_hz(sound[loud - SAMPLE_RATE // 10 : loud])
    assert heard["?"] > 1.15 * heard["."]
