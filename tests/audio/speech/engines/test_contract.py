"""Promises of every speech engine that is present here, spoken for real."""

from __future__ import annotations

import atexit
import dataclasses
import functools
import importlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audio.dsp.loudness import integrated_lufs
from audio.errors import UnknownVoice, VoiceError
from audio.levels import AFTER_S, LEAD_S
from audio.speech.calibration.passages import language_of
from audio.speech.calibration.tuning import heard_wpm, tune, tuned_to
from audio.speech.clips.store import Tuning
from audio.speech.clips.synthesis import Line, rings_s
from audio.speech.engines import (
    ENGINES,
    Voice,
    find_voice,
    home,
    pico,
    piper,
    use_finish,
    use_home,
    voice_list,
)
from audio.speech.workers.pool import VoicePool
from exercises.timeline import SAMPLE_RATE, slot_s
from tests.support import real_piper, tiny_kokoro, tiny_piper
from tests.support.typical_sentences import eight_sentences


def _voices_with_a_natural_one() -> tuple[Voice, ...]:
    """Every voice that is here, and one each of Piper and Kokoro: models of our own, kept until the tests end.

    Where the package is that brings it, a real voice of Piper is with them.
    """
    before = home()
    use_home(Path(tempfile.mkdtemp(prefix="still-here-tests-")))
    atexit.register(shutil.rmtree, home(), ignore_errors=True)
    tiny_piper.write_voice(home())
    tiny_kokoro.write_voice(home())
    real_piper.write_voice(home())
    try:
        return voice_list()
    finally:
        use_home(before)


VOICES = _voices_with_a_natural_one()
each_voice = pytest.mark.parametrize("voice", VOICES, ids=lambda v: v.id)

SENTENCE = "You are in this room, and there is a chair."
PLAIN_LINES = {
    "en": (SENTENCE, "That is enough for now."),
    "es": ("Estás en este cuarto, y hay una silla.", "Con eso basta por ahora."),
}
LONG_LINES = {
    "en": "Somewhere between kettle and stone is your body. Find it or leave it unread.",
    "es": "Entre la tetera y la piedra está tu cuerpo. Búscalo o déjalo sin leer.",
}


@pytest.fixture(scope="module")
def pool() -> Iterator[VoicePool]:
    running = VoicePool(2)
    yield running
    running.close()


@functools.cache
def based(pool: VoicePool, voice: Voice) -> Tuning:
    return tune(pool, voice)


def tuned(pool: VoicePool, voice: Voice, rate: float = 105, pitch: int = 0) -> Tuning:
    return tuned_to(based(pool, voice), voice, rate, pitch)


def spoken(
    pool: VoicePool, voice: Voice, text: str = SENTENCE, rate: float = 105, gap: float = 1.2
) -> np.ndarray:
    return pool.speak(Line(text, voice, rate, gap), tuned(pool, voice, rate)).result()


def words_of(clip: np.ndarray, voice: Voice) -> np.ndarray:
    """A clip from its first word to its last."""
    return clip[round(LEAD_S * SAMPLE_RATE) : len(clip) - round(rings_s(voice) * SAMPLE_RATE)]


def varies(voice: Voice) -> float:
    """The share by which the same line may come out longer: Piper's models draw the lengths of sounds by chance."""
    return 0.15 if voice.engine == piper.NAME else 0.0


def edges(samples: np.ndarray, floor: float = 0.003) -> tuple[float, float]:
    """Seconds of near silence at the start and at the end."""
    loud = np.flatnonzero(np.abs(samples.astype(float)) / 32768 > floor)
    return loud[0] / SAMPLE_RATE, (len(samples) - loud[-1]) / SAMPLE_RATE


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_lists_voices_without_being_started(engine: str) -> None:
    voices = importlib.import_module(engine).voices()
    assert isinstance(voices, tuple)
    assert all(voice.engine == engine and voice.label and voice.language for voice in voices)


def test_the_best_spanish_voice_that_is_here_is_the_spanish_default() -> None:
    speaking = [voice for voice in VOICES if voice.speaks("es")]
    assert speaking[0].id == tiny_kokoro.VOICE
    assert not pico.is_there() or speaking[1].engine == pico.NAME
    assert speaking[-1].engine == "audio.speech.engines.system"


def test_the_embedded_voices_and_a_natural_one_are_among_those_that_are_held_to_this() -> None:
    natural = {"hibari-neutral", "hibari-lower", "hibari-higher", f"piper-{tiny_piper.NAME}"}
    assert {"neutral", "lower", "higher", *natural} <= {voice.id for voice in VOICES}


def test_the_best_voice_of_the_default_language_is_the_default() -> None:
    assert VOICES[0].id == "hibari-neutral"
    for language in PLAIN_LINES:
        ranks = [voice.rank for voice in VOICES if voice.speaks(language)]
        assert ranks == sorted(ranks, reverse=True)


def test_ids_are_unique_and_findable() -> None:
    ids = [voice.id for voice in voice_list()]
    assert len(ids) == len(set(ids))
    assert find_voice(ids[-1]).id == ids[-1]
    with pytest.raises(UnknownVoice, match=", ".join(ids)):
        find_voice("nobody")


def test_without_the_finish_every_voice_is_heard_as_its_engine_gives_it() -> None:
    assert any(voice.soft for voice in voice_list())
    use_finish(False)
    try:
        assert not any(voice.soft for voice in voice_list())
    finally:
        use_finish(True)


@each_voice
def test_a_sentence_becomes_sound_trimmed_at_both_ends(pool: VoicePool, voice: Voice) -> None:
    # a finish fills some of what is around the words, and moves nothing
    samples = spoken(pool, dataclasses.replace(voice, soft=False))
    assert samples.dtype == np.int16
    assert 1.5 < len(samples) / SAMPLE_RATE - LEAD_S < 8
    lead, tail = edges(samples)
    assert LEAD_S <= lead < LEAD_S + 0.03
    assert tail < 0.08 + AFTER_S


@each_voice
def test_a_faster_pace_is_shorter(pool: VoicePool, voice: Voice) -> None:
    assert len(spoken(pool, voice, rate=120)) < len(spoken(pool, voice, rate=105))


@each_voice
def test_the_gap_between_sentences_is_exact(pool: VoicePool, voice: Voice) -> None:
    for gap in (1.0, 2.0):
        # the room of a finish sounds into the gap, and moves nothing
        dry = dataclasses.replace(voice, soft=False)
        silent = np.abs(spoken(pool, dry, "Stay. Stay.", gap=gap)) <= 1
        edges_of_runs = np.flatnonzero(np.diff(np.concatenate([[0], silent.view(np.int8), [0]])))
        longest = np.diff(edges_of_runs)[::2].max() / SAMPLE_RATE
        assert gap - AFTER_S <= longest < gap + 0.1


@each_voice
def test_levelled_speech_is_as_loud_as_promised(pool: VoicePool, voice: Voice) -> None:
    lines = [spoken(pool, voice, text) for text in eight_sentences(language_of(voice))]
    assert integrated_lufs(np.concatenate(lines) / 32768, SAMPLE_RATE) == pytest.approx(-19, abs=1.5)


def test_voices_of_one_engine_can_alternate(pool: VoicePool) -> None:
    first = {voice.id: len(spoken(pool, voice)) for voice in VOICES}
    again = {voice.id: len(spoken(pool, voice)) for voice in reversed(VOICES)}
    for voice in VOICES:
        assert again[voice.id] == pytest.approx(first[voice.id], rel=0.005 + varies(voice))


@each_voice
def test_markup_is_not_read_aloud(pool: VoicePool, voice: Voice) -> None:
    plain, marked = spoken(pool, voice, "Stay here."), spoken(pool, voice, "Stay <b>here</b>.")
    assert len(marked) == pytest.approx(len(plain), rel=0.1)


def test_an_empty_line_is_a_voice_error(pool: VoicePool) -> None:
    with pytest.raises(VoiceError, match="nothing to say"):
        spoken(pool, VOICES[-1], "  ")


@each_voice
def test_a_pace_is_heard_as_it_is_asked_for(pool: VoicePool, voice: Voice) -> None:
    heard, eight = {}, eight_sentences(language_of(voice))
    for pace in (90, 120):
        lines = [words_of(spoken(pool, voice, sentence, rate=pace), voice) for sentence in eight]
        heard[pace] = heard_wpm(lines, " ".join(eight))
    assert heard[120] / heard[90] == pytest.approx(120 / 90, rel=0.05)
    assert heard[90] == pytest.approx(90, rel=0.1)  # some eight sentences are not all of them


@each_voice
def test_another_pitch_keeps_the_pace(pool: VoicePool, voice: Voice) -> None:
    lengths = []
    for pitch in (-3, 0, 3):
        line = Line(SENTENCE, voice, 105, 1.2, pitch)
        lengths.append(len(pool.speak(line, tuned(pool, voice, 105, pitch)).result()))
    assert lengths[0] == pytest.approx(lengths[1], rel=0.05 + varies(voice))
    assert lengths[2] == pytest.approx(lengths[1], rel=0.05 + varies(voice))


@each_voice
def test_a_line_fits_the_slot_that_was_planned_before_it_was_heard(pool: VoicePool, voice: Voice) -> None:
    language = language_of(voice)
    for text in (LONG_LINES[language], *eight_sentences(language)):
        for pace in (90, 105):
            slot = slot_s(text, pace, 1.2, language)
            long = len(words_of(spoken(pool, voice, text, rate=pace), voice)) / SAMPLE_RATE
            # one that is over by less than a twentieth is left alone
            assert long <= slot / 0.95 + 0.03


def test_a_damaged_model_is_one_plain_sentence(pool: VoicePool, tmp_path: Path) -> None:
    tiny_piper.write_voice(tmp_path)
    (tmp_path / f"{tiny_piper.NAME}.onnx").write_bytes(b"not a model")
    tiny = next(known for known in VOICES if known.engine == piper.NAME)
    voice = dataclasses.replace(tiny, variant=str(tmp_path / f"{tiny_piper.NAME}.onnx"))
    with pytest.raises(VoiceError, match="install it again"):
        tune(pool, voice)
