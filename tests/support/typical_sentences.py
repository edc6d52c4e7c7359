"""A few sentences that stand for all of the scripts in a language, for tests and benches of pace."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from audio.speech.calibration.passages import PASSAGES
from exercises.library import load_library
from exercises.model import spoken_texts, wordings
from exercises.text import sentences
from exercises.timeline import estimate_s

COUNT = 8


@functools.cache
def eight_sentences(language: str) -> tuple[str, ...]:
    """Of the sets of eight at even steps, the one whose words should take as long as the library's do.

    Short words are said faster than long ones, so eight that are picked without looking are heard up to a fifth faster
    or slower than the rest. None of them is one that voices are tuned with.
    """
    texts = [text for exercise in load_library().in_language(language) for text in spoken_texts(exercise)]
    found = dict.fromkeys(s for text in texts for words in wordings(text) for s in sentences(words))
    known: list[str] = [s for s in found if s not in PASSAGES[language].pace]
    step = len(known) // COUNT

    def word_s(chosen: Sequence[str]) -> float:
        return sum(estimate_s(s, 105, 0, language) for s in chosen) / len(" ".join(chosen).split())

    usual = word_s(known)
    sets: list[list[str]] = [known[start::step][:COUNT] for start in range(step)]
    off = [abs(word_s(chosen) - usual) for chosen in sets]
    return tuple(sets[off.index(min(off))])
