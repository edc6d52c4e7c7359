"""Rules of wording: banned words, the length of lines and sentences.

Every check takes words and yields `Remark`s; where the words stand in a script is for structure.py to know.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from exercises.languages import LANGUAGES
from exercises.text import has_words, sentences

from .remark import Remark
from .signs import signs

MAX_LINE_WORDS = 30
MAX_SENTENCE_WORDS = 18
GOOD_SENTENCE_WORDS = 16
MAX_CUE_WORDS = 6
MIN_SHARE_OF_LONGEST = 0.75
"""Of the words of a line, what the one who hears least of it hears of them."""
MIN_SHARE_IN_TURN = 0.5
"""The same where everybody hears the same wording, and another one next time; the slot is the longest's."""


_OR_NOTHING = re.compile(
    r"\bor (?:not|none|don['’]t|leave it)\b(?=\s*[.,?!]|$)|\bo no\b(?=\s*[.,?!]|$)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def count_words(words: str) -> int:
    """Words as a reader counts them: "don't" and "side-on" are one each."""
    return len(_WORD.findall(words))


def banned_words(words: str, language: str) -> Iterator[Remark]:
    """Words that are never used in a language, spoken or printed."""
    for banned in LANGUAGES[language].banned:
        found = banned.found_in(words)
        if found and not banned.once:
            words_found = " ".join(found.split())
            message = f'"{words_found}" is a word these scripts never use; {banned.instead}'
            yield Remark(message, banned.severity)


class Once:
    """Words that a script may use once, and no more: given its lines in order, tells of each use after that."""

    def __init__(self, language: str):
        self._banned = [banned for banned in LANGUAGES[language].banned if banned.once]
        self._used: set[str] = set()

    def remarks(self, words: str) -> Iterator[Remark]:
        """Find what is used once more in these words. Wordings of one line are lines of their own readings."""
        for banned in self._banned:
            found = banned.found_in(words)
            if found and banned.name in self._used:
                yield Remark(
                    f'"{found}" stands in this script before; once is enough, so {banned.instead}', "clumsy"
                )
            if found:
                self._used.add(banned.name)


def spoken(words: str, language: str) -> Iterator[Remark]:
    """Everything that can be wrong with one spoken line."""
    if not has_words(words):
        yield Remark(
            "there is no word in this line, so it is heard as silence; write a `rest:` or a `pause:`"
        )
    yield from banned_words(words, language)
    yield from signs(words, language)
    if found := _OR_NOTHING.search(words):
        yield Remark(f'"{found[0]}" is no thing to do; write one, such as "or stay with the table"', "clumsy")
    count = count_words(words)
    if count > MAX_LINE_WORDS:
        yield Remark(f"this line has {count} words; write at most {MAX_LINE_WORDS}, or make it two")
    for sentence in sentences(words, language):
        count = count_words(sentence)
        if count > GOOD_SENTENCE_WORDS:
            start = " ".join(sentence.split()[:4])
            message = f'the sentence "{start} …" has {count} words; write at most {GOOD_SENTENCE_WORDS}'
            yield Remark(message, "error" if count > MAX_SENTENCE_WORDS else "clumsy")


def shown(words: str, language: str) -> Iterator[Remark]:
    """Everything that can be wrong with a silent text on the screen."""
    yield from banned_words(words, language)
    yield from signs(words, language)
    count = count_words(words)
    if count > MAX_CUE_WORDS:
        yield Remark(f"this cue has {count} words; write at most {MAX_CUE_WORDS}, to be read at a glance")


def too_short(
    all_wordings: Sequence[str], share: float = MIN_SHARE_OF_LONGEST
) -> Iterator[tuple[int, Remark]]:
    """The wordings of one line that are much shorter than its longest, by their place in the sequence."""
    counts = [count_words(words) for words in all_wordings]
    longest = max(counts)
    least = math.ceil(longest * share)
    for i, count in enumerate(counts):
        if count < least:
            yield (
                i,
                Remark(
                    f"this wording has {count} words and the longest of this line has {longest}; "
                    f"write {least} to {longest}, so that both have something to hear for as long"
                ),
            )
