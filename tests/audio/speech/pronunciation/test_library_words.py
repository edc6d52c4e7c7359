"""Every English line of the library by the sounds that the natural voice makes of it: nothing guessed or cut short."""

from __future__ import annotations

import functools
import re

import pytest

from audio.speech.engines import hibari
from audio.speech.pronunciation.lexicon import project_list, said
from exercises.library import load_library
from exercises.model import spoken_texts, wordings

VOICE = hibari._CHARACTERS[0]
pytestmark = pytest.mark.skipif(
    not hibari.is_there(), reason="the natural voice has no package for this system"
)


@functools.cache
def sentences() -> tuple[str, ...]:
    """The sentences of all scripts as the voice reads them."""
    library = load_library().in_language("en")
    texts = {words for each in library for text in spoken_texts(each) for words in wordings(text)}
    return tuple(sorted({words for text in texts for words in said(text, VOICE) if words}))


@functools.cache
def guessed() -> frozenset[str]:
    """Words that are in none of the engine's lists, so that it guesses from their letters."""
    from hibari.g2p import G2P

    found: set[str] = set()
    sounds = G2P(oov=lambda word: found.add(word) or "")
    for sentence in sentences():
        sounds(hibari.speakable(sentence))
    return frozenset(found)


def test_no_word_is_guessed_that_was_not_respelled_on_purpose() -> None:
    entries = [
        entry for language in project_list().values() for listed in language.values() for entry in listed
    ]
    respelled = {word for entry in entries for word in re.findall(r"[\w']+", entry["say"].lower())}
    assert {word.lower() for word in guessed()} <= respelled


def test_a_word_at_the_end_is_the_word_that_it_is_elsewhere() -> None:
    """Some that end in a full stop are abbreviations to the engine: "no." is number, "sat." a day."""
    from hibari.g2p import G2P

    sounds = G2P()

    def read(text: str) -> str:
        whole = hibari.phonemes_of(text, lambda plain: [sounds(plain)])[-1]
        return re.sub(r"[ˈˌ.]|,.*", "", whole.split()[-1])

    last = {found[0].lower() for words in sentences() if (found := re.findall(r"[A-Za-z']+(?=\.$)", words))}
    assert len(last) > 100
    for word in sorted(last):
        assert read(f"They said {word}.") == read(f"They said {word}"), word
