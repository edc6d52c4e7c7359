"""Text that Kokoro is given to read, and what becomes of it; with a model of our own, which is a tone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio.errors import VoiceError
from audio.speech.engine_support.phonemes import phonemes
from audio.speech.engines import Voice, home, kokoro, use_home
from tests.support import tiny_kokoro


@pytest.fixture
def voice(tmp_path: Path) -> Voice:
    tiny_kokoro.write_voice(tmp_path)
    before = home()
    use_home(tmp_path)
    try:
        (found,) = kokoro.voices()
    finally:
        use_home(before)
    return found


def tokens(text: str) -> list[list[int]]:
    return list(kokoro.tokens_of(phonemes(kokoro.speakable(text), "es-419")))


def test_every_sound_of_our_scripts_is_one_that_the_model_knows() -> None:
    from exercises.library import load_library
    from exercises.model import spoken_texts, wordings

    texts = [
        words
        for exercise in load_library().in_language("es")
        for text in spoken_texts(exercise)
        for words in wordings(text)
    ]
    assert texts
    for words in texts:
        spoken = "".join(part for part in phonemes(words, "es-419"))
        for written, sign in kokoro.JOINED:
            spoken = spoken.replace(written, sign)
        assert set(spoken) <= set(kokoro.TOKENS), words


def test_a_sentence_without_an_end_gets_one() -> None:
    assert kokoro.speakable("Quédate aquí ,") == "Quédate aquí."
    assert kokoro.speakable("¿Sigues aquí?") == "¿Sigues aquí?"
    assert kokoro.speakable("«Sigo aquí.»") == "«Sigo aquí.»"


def test_one_sentence_is_one_run() -> None:
    assert len(tokens("Hola, ¿cómo estás?")) == 1


def test_a_long_sentence_is_read_in_runs_that_the_model_can_take_and_none_of_it_is_lost() -> None:
    long = ", ".join(["hay una silla junto a la ventana"] * 30)
    runs = tokens(long)
    assert len(runs) > 1
    assert max(map(len, runs)) <= kokoro.MOST_TOKENS
    once = len(tokens("hay una silla junto a la ventana")[0])
    assert sum(map(len, runs)) >= 30 * (once - 1)


@pytest.mark.parametrize("text", ["", "…", "¿?"])
def test_a_line_without_words_is_one_sentence(voice: Voice, text: str) -> None:
    speaker = kokoro.open_speaker(voice)
    with pytest.raises(VoiceError, match="nothing to say"):
        speaker.speak(text, 105)


def test_a_slow_pace_is_asked_for_only_as_far_as_the_model_keeps_silent_before_a_word(voice: Voice) -> None:
    speaker = kokoro.open_speaker(voice)
    slow, slower = (len(speaker.speak("Estás en este cuarto.", pace).samples) for pace in (60, 30))
    assert slow == slower
    assert len(speaker.speak("Estás en este cuarto.", 200).samples) < slow


def test_the_same_line_twice_is_the_same_sound(voice: Voice) -> None:
    speaker = kokoro.open_speaker(voice)
    one, two = (speaker.speak("Estás en este cuarto.", 105).samples for _ in range(2))
    assert np.array_equal(one, two)


def test_a_voice_is_there_only_with_both_of_its_files(tmp_path: Path) -> None:
    tiny_kokoro.write_voice(tmp_path)
    (tmp_path / kokoro.MODEL).unlink()
    before = home()
    use_home(tmp_path)
    try:
        assert kokoro.voices() == ()
    finally:
        use_home(before)


@pytest.mark.parametrize("damaged", [kokoro.MODEL, f"kokoro-dora{kokoro.STYLE}"])
def test_a_damaged_file_is_one_plain_sentence(voice: Voice, tmp_path: Path, damaged: str) -> None:
    (tmp_path / damaged).write_bytes(b"not a model")
    with pytest.raises(VoiceError, match="install it again"):
        kokoro.open_speaker(voice)
