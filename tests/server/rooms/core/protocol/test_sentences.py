"""Sentences of a room to people follow the rules that scripts follow."""

from __future__ import annotations

import re

import pytest

from exercises.languages import LANGUAGES
from exercises.lint.wording import MAX_LINE_WORDS
from exercises.model import Listener, wordings, words_for
from server.rooms.core.protocol import sentences

EVERY = [
    *sentences.NOTES.values(), *(words_for(line, Listener()) for line in sentences.GUIDE.values()),
    *sentences.REASONS.values(), *sentences.REFUSALS.values(),
    *(value for name, value in vars(sentences).items() if name.isupper() and isinstance(value, str)),
]  # fmt: skip


@pytest.mark.parametrize("sentence", EVERY)
def test_a_sentence_is_plain_and_names_nobody(sentence: str) -> None:
    assert not [banned.name for banned in LANGUAGES["en"].banned if banned.found_in(sentence)]
    assert not re.search(
        r"\b(circle|square|partner|first of you|second of you|error|invalid|failed)\b", sentence, re.I
    )
    assert not re.search(r"\d|!", sentence)


@pytest.mark.parametrize("key", sentences.GUIDE)
def test_the_guide_speaks_every_language_and_no_banned_word_of_it(key: str) -> None:
    line = sentences.GUIDE[key]
    assert [code for code, _ in line.texts] == list(LANGUAGES)
    assert len(wordings(line)) == len(LANGUAGES)
    for code, text in line.texts:
        assert not [banned.name for banned in LANGUAGES[code].banned if banned.found_in(str(text))]


@pytest.mark.parametrize("line", [line for text in sentences.GUIDE.values() for line in wordings(text)])
def test_what_the_guide_says_can_be_spoken(line: str) -> None:
    assert len(line.split()) <= MAX_LINE_WORDS
    assert not re.search(r"[;:()\[\]<>/]", line)


def test_the_close_has_its_lines_in_twenty_seconds() -> None:
    starts = [start for start, _ in sentences.CLOSE_LINES]
    assert starts == sorted(starts)
    assert all(key in sentences.GUIDE for _, key in sentences.CLOSE_LINES)
    assert starts[-1] < 15
