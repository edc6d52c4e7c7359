"""The slot of a line: the time that its words should take, estimated from the text alone."""

from __future__ import annotations

import re

from ..languages import BASE, LANGUAGES
from ..model import AnyText, InLanguages, wordings
from ..text import utterances

# Length of an utterance, fitted to the embedded engine reading this project's scripts, which it does at 114 words
# a minute as heard (301 sentences, residual 0.35 s). Other paces scale it.
_S_PER_SYLLABLE, _S_PER_WORD, _S_PER_COMMA, _S_PER_SENTENCE = 0.17, 0.25, 0.58, 0.30
_FITTED_WPM = 114
_MARGIN_S, _MARGIN_SHARE = 0.5, 0.06

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyáéíóúàèìòùäöüâêîôû]+")


def syllables(word: str, language: str = BASE) -> int:
    """Syllables of a word by its groups of vowels; a silent final e does not count where there is such a thing."""
    word = word.lower()
    count = len(_VOWELS.findall(word))
    if LANGUAGES[language].silent_e and word.endswith("e") and not word.endswith(("le", "ee", "ye")):
        count -= 1
    return max(1, count)


def estimate_s(line: str, rate_wpm: float, line_gap_s: float, language: str = BASE) -> float:
    """Seconds that a line should take when read at `rate_wpm`, gaps between its sentences included.

    A sentence without a word is a pause: it adds a gap, and nothing that is spoken.
    """
    parts = utterances(line, language)
    said = " ".join(parts)
    words = _WORD.findall(said)
    spoken = (
        _S_PER_SYLLABLE * sum(syllables(word, language) for word in words)
        + _S_PER_WORD * len(words)
        + _S_PER_COMMA * said.count(",")
        + _S_PER_SENTENCE * sum(map(bool, parts))
    )
    gaps = max(0 if words else 1, len(parts) - 1)
    return spoken * LANGUAGES[language].drawn_out * _FITTED_WPM / rate_wpm + line_gap_s * gaps


def slot_s(text: AnyText, rate_wpm: float, line_gap_s: float, language: str = BASE) -> float:
    """Seconds of the slot of a text (in `language`, unless it is in several): its longest wording, plus a margin."""
    if isinstance(text, InLanguages):
        return max(slot_s(each, rate_wpm, line_gap_s, code) for code, each in text.texts)
    longest = max(estimate_s(line, rate_wpm, line_gap_s, language) for line in wordings(text))
    return longest * (1 + _MARGIN_SHARE) + _MARGIN_S
