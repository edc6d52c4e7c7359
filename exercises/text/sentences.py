"""Ends of sentences as a reader hears them.

sentencex knows the abbreviations and quotation marks of each language. What it leaves open is settled here, for
lines that are heard: an ellipsis before a capital ends a sentence, a row of dots is a pause of its own, and "So am I."
is no initial.
"""

from __future__ import annotations

import re
from functools import lru_cache

import sentencex

from exercises.languages import BASE, LANGUAGES

from .characters import has_words, one_line

_CAPITAL = r"(?=[\"'“‘«(¿¡]*[A-ZÀ-ÖØ-Þ])"
_SURE_ENDS = re.compile(
    rf"""
      (?<=…)\s{_CAPITAL}  |  (?<=\.\.\.)\s{_CAPITAL}            # Rest… Then
    | (?<=…["'”’»)])\s{_CAPITAL}  |  (?<=[.?!][)"”»])\s{_CAPITAL}     # “Rest.” Then, (Rest.) Then
    | (?<=[a-z]\sI\.)\s{_CAPITAL}                              # So am I. Then
    | (?<=\betc\.)\s{_CAPITAL}
    | (?<=[.?!…])\s(?=[^\w\s]*[.?!…][^\w\s]*(?:\s|$))          # Rest. … Then
    | (?<=\s[.?!…])\s(?=\w)  |  (?<=\s\.\.\.)\s{_CAPITAL}  |  (?<=^[.?!…])\s(?=\w)
    """,
    re.VERBOSE,
)
_ENDED = re.compile(r"[.?!…][\"'”’»)]*$")
_LETTERS_WITH_DOTS = re.compile(r"(?:^|[\s(“\"])(?:\w\.\s?)+$")


@lru_cache(maxsize=4096)
def _sentences(line: str, language: str) -> tuple[str, ...]:
    language = language if language in LANGUAGES else BASE
    found: list[str] = []
    for piece in _pieces(line, language):
        for sentence in _SURE_ENDS.split(piece.strip()):
            if not sentence:
                continue
            if found and _belongs(found[-1], sentence, language):
                found[-1] = f"{found[-1]} {sentence}"
            else:
                found.append(sentence)
    return tuple(found)


def _pieces(line: str, language: str) -> list[str]:
    """A line as sentencex splits it, but at spaces alone."""
    pieces: list[str] = []
    for piece in sentencex.segment(language, line):
        if pieces and not (pieces[-1][-1:].isspace() or piece[:1].isspace()):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _belongs(before: str, sentence: str, language: str) -> bool:
    """Tell whether a piece goes on with the one before: no end stands between them, or both are one pause."""
    if not has_words(sentence):
        return not has_words(before) or not _ENDED.search(before)
    last = before.rpartition(" ")[2].lstrip("\"'“‘«(¿¡").lower()
    signs = LANGUAGES[language].signs
    if last in signs.titles:
        return True
    return sentence[0].islower() and (last in signs.abbreviations or bool(_LETTERS_WITH_DOTS.search(before)))


def sentences(words: str, language: str = BASE) -> list[str]:
    """Split a line where a reader would make a pause; the parts joined by one space give the line back.

    A part without a word ("...") is a pause.
    """
    return list(_sentences(one_line(words), language))
