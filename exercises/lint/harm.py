"""Kinds of harm in a line that is heard or read: each finding names the words, and says what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from .analysis.pattern import PatternSet
from .analysis.scope import Scope, has_alternative, negated, offered
from .analysis.tokens import Sentence, analyse
from .kinds import SECTIONS, Kind, kinds
from .remark import Remark
from .scopes import scope


def harm(words: str, language: str) -> Iterator[Remark]:
    """Every kind of harm that a line does, each once."""
    for kind, said in _harm(words, language):
        yield Remark(f'"{said}" {kind.says}; {kind.instead}', "harm", kind.name)


@cache
def _patterns(language: str) -> PatternSet[tuple[Kind, str]]:
    """Every pattern of a language, with its kind and the section it stands in."""
    return PatternSet(
        ((kind, section), pattern)
        for kind in kinds(language)
        for section in SECTIONS
        for pattern in getattr(kind, section)
    )


@lru_cache(maxsize=4096)
def _harm(words: str, language: str) -> tuple[tuple[Kind, str], ...]:
    sentences = analyse(words, language)
    found: dict[str, tuple[Kind, str]] = {}
    for number, sentence in enumerate(sentences):
        for (kind, section), start, end in _patterns(language).find(sentence):
            if kind.name not in found and not _taken_back(
                section, sentences, number, (start, end), scope(language)
            ):
                found[kind.name] = kind, sentence.words(start, end)
    return tuple(found.values())


def _taken_back(
    section: str, sentences: tuple[Sentence, ...], number: int, span: tuple[int, int], scope: Scope
) -> bool:
    """Tell whether what was found in a sentence is negated or left open, as far as its section allows that."""
    if section == "always":
        return False
    start, end = span
    if negated(sentences[number], start, end, scope):
        return True
    return section == "asked" and _left_open(sentences, number, end, scope)


def _left_open(sentences: tuple[Sentence, ...], number: int, end: int, scope: Scope) -> bool:
    """Tell whether a line leaves a choice about what ends at the token `end` of one of its sentences."""
    if offered(sentences[number], scope) or has_alternative(sentences[number], end, scope):
        return True
    return any(offered(later, scope) or has_alternative(later, 0, scope) for later in sentences[number + 1 :])
