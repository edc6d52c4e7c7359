"""Tunings that were measured beforehand: they are those that would be measured here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from audio.speech.calibration.measured import entries, measured
from audio.speech.calibration.tuning import tune
from audio.speech.engines import Voice, engine_version, voice_list
from audio.speech.workers.pool import VoicePool


def listed_here() -> list[Voice]:
    """Voices of this machine whose engine is of the version that is listed."""
    listed = {(entry["voice"], entry["engine"]) for entry in entries().values()}
    return [voice for voice in voice_list() if (voice.id, engine_version(voice)) in listed]


@pytest.fixture(scope="module")
def pool() -> Iterator[VoicePool]:
    running = VoicePool(2)
    yield running
    running.close()


@pytest.mark.parametrize("voice", listed_here(), ids=lambda voice: voice.id)
def test_what_was_measured_beforehand_is_measured_again(pool: VoicePool, voice: Voice) -> None:
    before = measured(voice)
    assert before, "passages, finish or voice have changed: python -m audio.speech.calibration.measured"
    now = tune(pool, voice)
    assert now.gain == pytest.approx(before.gain, rel=0.12)  # a decibel; an engine never reads twice the same
    assert now.ask_wpm / now.stretch == pytest.approx(before.ask_wpm / before.stretch, rel=0.04)


def test_the_voices_that_come_with_the_requirements_are_listed() -> None:
    assert {"neutral", "lower", "higher"} <= {voice.id for voice in listed_here()}


def test_another_version_of_a_voice_is_measured_where_it_runs() -> None:
    voice = next(voice for voice in voice_list() if voice.id == "neutral")
    assert measured(dataclasses.replace(voice, pitch=voice.pitch + 1)) is None
