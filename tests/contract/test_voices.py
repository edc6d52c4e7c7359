"""What every speech engine that is present here promises, spoken for real."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import numpy as np
import pytest

from audio.clips import Line
from audio.errors import UnknownVoice, VoiceError
from audio.loudness import integrated_lufs
from audio.voices import ENGINES, Voice, find_voice, voice_list
from audio.worker import VoicePool
from exercises.timeline import SAMPLE_RATE

SENTENCE = "You are in this room, and there is a chair."


@pytest.fixture(scope="module")
def pool() -> Iterator[VoicePool]:
    running = VoicePool(2)
    yield running
    running.close()


def spoken(
    pool: VoicePool, voice: Voice, text: str = SENTENCE, rate: float = 105, gap: float = 1.2
) -> np.ndarray:
    return pool.speak(Line(text, voice, rate, gap), 1.0).result()


def edges(samples: np.ndarray, floor: float = 0.003) -> tuple[float, float]:
    """Seconds of near silence at the start and at the end."""
    loud = np.flatnonzero(np.abs(samples.astype(float)) / 32768 > floor)
    return loud[0] / SAMPLE_RATE, (len(samples) - loud[-1]) / SAMPLE_RATE


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_lists_voices_without_being_started(engine: str) -> None:
    voices = importlib.import_module(engine).voices()
    assert voices
    assert all(voice.engine == engine and voice.label for voice in voices)


def test_ids_are_unique_and_findable() -> None:
    ids = [voice.id for voice in voice_list()]
    assert len(ids) == len(set(ids))
    assert find_voice(ids[-1]).id == ids[-1]
    with pytest.raises(UnknownVoice, match=", ".join(ids)):
        find_voice("nobody")


@pytest.mark.parametrize("voice", voice_list(), ids=lambda v: v.id)
def test_a_sentence_becomes_sound_trimmed_at_both_ends(pool: VoicePool, voice: Voice) -> None:
    samples = spoken(pool, voice)
    assert samples.dtype == np.int16
    assert 1.5 < len(samples) / SAMPLE_RATE < 8
    lead, tail = edges(samples)
    assert lead < 0.03
    assert tail < 0.08


@pytest.mark.parametrize("voice", voice_list(), ids=lambda v: v.id)
def test_a_faster_pace_is_shorter(pool: VoicePool, voice: Voice) -> None:
    assert len(spoken(pool, voice, rate=120)) < len(spoken(pool, voice, rate=105))


@pytest.mark.parametrize("voice", voice_list(), ids=lambda v: v.id)
def test_the_gap_between_sentences_is_exact(pool: VoicePool, voice: Voice) -> None:
    for gap in (1.0, 2.0):
        silent = np.abs(spoken(pool, voice, "Stay. Stay.", gap=gap)) <= 1
        edges_of_runs = np.flatnonzero(np.diff(np.concatenate([[0], silent.view(np.int8), [0]])))
        longest = np.diff(edges_of_runs)[::2].max() / SAMPLE_RATE
        assert gap <= longest < gap + 0.1


@pytest.mark.parametrize("voice", voice_list(), ids=lambda v: v.id)
def test_levelled_speech_is_as_loud_as_promised(pool: VoicePool, voice: Voice) -> None:
    gain = pool.level(voice, 105).result()
    lines = [
        pool.speak(Line(text, voice, 105, 1.2), gain).result()
        for text in (SENTENCE, "That is enough for now.")
    ]
    assert integrated_lufs(np.concatenate(lines) / 32768, SAMPLE_RATE) == pytest.approx(-19, abs=1.5)


def test_voices_of_one_engine_can_alternate(pool: VoicePool) -> None:
    first = {voice.id: len(spoken(pool, voice)) for voice in voice_list()}
    again = {voice.id: len(spoken(pool, voice)) for voice in reversed(voice_list())}
    for name, length in first.items():
        assert again[name] == pytest.approx(length, rel=0.005)


@pytest.mark.parametrize("voice", voice_list(), ids=lambda v: v.id)
def test_markup_is_not_read_aloud(pool: VoicePool, voice: Voice) -> None:
    plain, marked = spoken(pool, voice, "Stay here."), spoken(pool, voice, "Stay <here>.")
    assert len(marked) == pytest.approx(len(plain), rel=0.1)


def test_an_empty_line_is_a_voice_error(pool: VoicePool) -> None:
    with pytest.raises(VoiceError, match="nothing to say"):
        spoken(pool, voice_list()[0], "  ")
