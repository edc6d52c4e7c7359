"""The lines that voices are judged by: enough of them, and none that a script has or a voice is tuned with."""

from __future__ import annotations

import re

import pytest

from audio.speech.calibration.passages import PASSAGES
from bench.figures.speech.voices import kept_aside
from exercises.library import load_library
from exercises.model import spoken_texts, wordings
from exercises.text import sentences


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


@pytest.mark.parametrize("language", list(PASSAGES))
def test_no_line_of_a_script_is_among_them(language: str) -> None:
    library = load_library().in_language(language)
    said = {plain(words) for each in library for text in spoken_texts(each) for words in wordings(text)}
    assert not said & {plain(line) for line in kept_aside()[language]["plain"]}


@pytest.mark.parametrize("language", list(PASSAGES))
def test_no_voice_is_tuned_with_them(language: str) -> None:
    passage = PASSAGES[language]
    tuned = {plain(sentence) for text in (passage.level, *passage.pace) for sentence in sentences(text)}
    lines = [line for lines in kept_aside()[language].values() for line in lines]
    assert not tuned & {plain(sentence) for line in lines for sentence in sentences(line)}


def test_there_are_forty_plain_ones_in_each_language_and_forty_hard_ones_in_english() -> None:
    assert all(len(set(lines["plain"])) == 40 for lines in kept_aside().values())
    assert len(set(kept_aside()["en"]["hard"])) >= 40
