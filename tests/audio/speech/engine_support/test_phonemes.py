"""Words as phonemes: marks stay where they are, and nothing that a line may hold ends the process."""

from __future__ import annotations

import pytest

from audio.errors import VoiceError
from audio.speech.engine_support.phonemes import phonemes


def test_marks_stay_between_the_phonemes_of_the_parts() -> None:
    assert phonemes("Hola, ¿cómo estás?", "es-419") == ["ˈola", ",", "kˈomo estˈas", "?"]


def test_three_dots_are_one_mark() -> None:
    assert phonemes("Espera... y ya…", "es-419")[1::2] == ["…", "…"]


def test_a_z_is_said_as_an_s() -> None:
    assert phonemes("taza", "es-419") == phonemes("tasa", "es-419")


def test_a_point_within_a_number_parts_nothing() -> None:
    assert len(phonemes("Son 3,5 o 1.250 pasos", "es-419")) == 1


@pytest.mark.parametrize("text", ["", "   ", "¿¡", "«»", "\n"])
def test_text_without_words_has_no_phonemes(text: str) -> None:
    assert phonemes(text, "es-419") == []


def test_a_word_that_is_taken_for_another_language_leaves_no_note_of_that() -> None:
    assert "(" not in "".join(phonemes("Nos vemos en el meeting room", "es-419"))


def test_a_voice_that_the_library_does_not_have_is_one_sentence() -> None:
    with pytest.raises(VoiceError, match='does not know "xx-nowhere"'):
        phonemes("hola", "xx-nowhere")
