"""The scope of what is said around a match: negated, offered, or with something else to do instead.

"You don't have to close your eyes" negates, "you can close your eyes" offers, "close your eyes, or rest them on the
floor" has an alternative. "Don't be afraid to close your eyes" does none of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .pattern import PatternSet
from .tokens import Sentence, Token


@dataclass(frozen=True)
class Scope:
    """The words of a language that negate, offer and part clauses.

    negators, not_negators  what takes a demand back, and what only looks like that ("don't be afraid to")
    after                   what takes it back behind it ("… is not needed")
    offers, not_offers      what leaves a choice, and what only looks like that ("as long as you can")
    alternatives            what names another thing to do, found behind a match or in a later sentence
    subjects                words that begin a clause of its own after a comma
    breaks                  words after which nothing before them counts ("but", "instead")
    conditions              words that begin a clause which ends at its comma ("if", "when")
    joins                   words that join a list ("or", "nor")
    """

    negators: PatternSet[None]
    not_negators: PatternSet[None]
    after: PatternSet[None]
    offers: PatternSet[None]
    not_offers: PatternSet[None]
    alternatives: PatternSet[None]
    subjects: frozenset[str]
    breaks: frozenset[str]
    conditions: frozenset[str]
    joins: frozenset[str]


def _found(patterns: PatternSet[None], sentence: Sentence) -> Iterator[tuple[int, int]]:
    return ((start, end) for _, start, end in patterns.find(sentence))


def _free(patterns: PatternSet[None], but: PatternSet[None], sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Matches that are not part of what only looks like them."""
    taken = list(_found(but, sentence))
    for start, end in _found(patterns, sentence):
        if not any(first < end and start < last for first, last in taken):
            yield start, end


def negated(sentence: Sentence, start: int, end: int, scope: Scope) -> bool:
    """Tell whether what stands from `start` to `end` is taken back, before it in its clause or right behind it."""
    first = _clause_start(sentence.tokens, start, end, scope)
    # a negation may stand within the match: "touch nothing of theirs"
    if any(first <= at < end for at, _ in _free(scope.negators, scope.not_negators, sentence)):
        return True
    return any(end <= at <= end + 1 for at, _ in _found(scope.after, sentence))


def _clause_start(tokens: tuple[Token, ...], start: int, end: int, scope: Scope) -> int:
    """The first token that what stands at `start` is still in the scope of."""
    at = start
    while at > 0:
        token = tokens[at - 1]
        if token.text in scope.breaks or (token.is_mark and token.text != ","):
            return at
        if token.text == "," and not _goes_on(tokens, at, end, scope):
            return at
        at -= 1
    return 0


def _goes_on(tokens: tuple[Token, ...], at: int, end: int, scope: Scope) -> bool:
    """Tell whether a clause goes on after the comma before `at`: as a list that ends in "or"."""
    before = tokens[: at - 1]
    opening = next((i for i in range(len(before), 0, -1) if before[i - 1].is_mark), 0)
    if before[opening:] and before[opening].text in scope.conditions:
        return False
    if tokens[at].text in scope.joins:
        return True
    if tokens[at].text in scope.subjects:
        return False
    rest = tokens[at:]
    stop = next((i for i, token in enumerate(rest) if token.is_mark and token.text != ","), len(rest))
    return any(token.text in scope.joins for token in rest[:stop])


def offered(sentence: Sentence, scope: Scope) -> bool:
    """Tell whether a sentence leaves a choice."""
    return any(True for _ in _free(scope.offers, scope.not_offers, sentence))


def has_alternative(sentence: Sentence, end: int, scope: Scope) -> bool:
    """Tell whether something else to do is named from the token `end` on."""
    return any(start >= end for start, _ in _found(scope.alternatives, sentence))
