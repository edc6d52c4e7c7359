"""Passages that voices are tuned with, in each language of the scripts."""

from __future__ import annotations

import pytest

from audio.speech.calibration.passages import PASSAGES, language_of, passage_of
from audio.speech.engines import Voice
from exercises.languages import LANGUAGES
from exercises.library import load_library
from exercises.model import spoken_texts, wordings
from exercises.text import sentences


def test_every_language_of_the_scripts_has_a_passage() -> None:
    assert set(PASSAGES) == set(LANGUAGES)


@pytest.mark.parametrize("language", PASSAGES)
def test_the_pace_is_measured_with_sentences_of_the_scripts(language: str) -> None:
    found = {
        sentence
        for exercise in load_library().in_language(language)
        for text in spoken_texts(exercise)
        for words in wordings(text)
        for sentence in sentences(words)
    }
    assert set(PASSAGES[language].pace) <= found


@pytest.mark.parametrize(
    ("tag", "language"), [("en", "en"), ("en-GB", "en"), ("es", "es"), ("es-419", "es"), ("fr-FR", "en")]
)
def test_a_voice_reads_its_own_language_or_else_the_first(tag: str, language: str) -> None:
    voice = Voice("v", "V", "audio.speech.engines.system", tag, "v")
    assert language_of(voice) == language
    assert passage_of(voice) is PASSAGES[language]
