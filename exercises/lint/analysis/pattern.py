"""Patterns over the tokens of a sentence, in a small notation of their own.

    HOLD ~2 THEIR ~1 EYES        classes of a lexicon in capitals, gaps of at most so many words between them
    do_not look|glance away      words in any of their forms; "|" for alternatives, "_" within a phrase, "?" behind what
                                 may be missing
    ^ close ~~ eyes $            the start of a clause, a gap over anything, the end of the sentence
    take !care                   "!" before what must not come next
    =eyes                        the word in this form alone

A word of Spanish that ends in "+" is an infinitive and stands for all forms of the verb.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from . import spanish
from .tokens import Sentence, Token

FAR = 14
"""Tokens that "~~" passes over at most."""

_JOINING = "and or but then now so y o e pero luego ahora entonces please por favor gently slowly softly"
CONNECTIVES = frozenset(_JOINING.split())
"""Words after which a clause begins anew, and those that stand before its verb without changing anything."""

Lexicon = Mapping[str, str]
_Words = frozenset[str]
T = TypeVar("T")


@dataclass(frozen=True)
class Atom:
    """One place of a pattern: single words and phrases that may stand there, or a gap, or an edge.

    kind  "words", "not" (must not come next), "gap", "start" or "end"
    """

    kind: str
    singles: _Words = frozenset()
    phrases: tuple[tuple[_Words, ...], ...] = ()
    optional: bool = False
    width: int = 0
    over_marks: bool = False

    @cached_property
    def heads(self) -> _Words:
        """Lemmas of which a sentence must hold one for this to match."""
        return self.singles.union(*(phrase[0] for phrase in self.phrases))


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern, and the notation it was compiled from."""

    text: str
    atoms: tuple[Atom, ...]
    needed: tuple[_Words, ...]

    def find(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        """The matches, from token to token (end exclusive); the shortest match from each start."""
        lemmas = sentence.lemmas
        for heads in self.needed:
            if heads.isdisjoint(lemmas):
                return
        for start in self._starts(sentence):
            end = _match(self.atoms, 0, sentence.tokens, start)
            if end is not None and end > start:
                yield start, end

    @cached_property
    def _first(self) -> _Words:
        """The words that a match begins with; empty where it may begin with anything."""
        first = next((atom for atom in self.atoms if atom.kind != "start"), None)
        if first is None or first.kind != "words" or first.optional or "$" in first.singles:
            return frozenset()
        return frozenset(head.removeprefix("=") for head in first.heads)

    def _starts(self, sentence: Sentence) -> Iterable[int]:
        """The tokens at which a match can begin."""
        if not self._first:
            return range(len(sentence.tokens))
        places = sentence.places
        return sorted({at for lemma in self._first & sentence.lemmas for at in places[lemma]})


def _match(atoms: tuple[Atom, ...], at: int, tokens: tuple[Token, ...], here: int) -> int | None:
    """The end of the first match of the atoms from `at` on, at the token `here`."""
    if at == len(atoms):
        return here
    atom = atoms[at]
    if atom.kind == "gap":
        return _match_gap(atoms, at, tokens, here)
    if atom.kind == "start":
        return _match(atoms, at + 1, tokens, here) if begins_clause(tokens, here) else None
    if atom.kind == "end":
        only_marks = all(token.is_mark for token in tokens[here:])
        return _match(atoms, at + 1, tokens, here) if only_marks else None
    ends = list(_ends(atom, tokens, here))
    if atom.kind == "not":
        return None if ends else _match(atoms, at + 1, tokens, here)
    for end in ends:
        found = _match(atoms, at + 1, tokens, end)
        if found is not None:
            return found
    return _match(atoms, at + 1, tokens, here) if atom.optional else None


def _match_gap(atoms: tuple[Atom, ...], at: int, tokens: tuple[Token, ...], here: int) -> int | None:
    for skipped in range(atoms[at].width + 1):
        found = _match(atoms, at + 1, tokens, here + skipped)
        if found is not None:
            return found
        if here + skipped >= len(tokens) or (tokens[here + skipped].is_mark and not atoms[at].over_marks):
            return None
    return None


def _ends(atom: Atom, tokens: tuple[Token, ...], here: int) -> Iterator[int]:
    if "$" in atom.singles and all(token.is_mark for token in tokens[here:]):
        yield here
    if here >= len(tokens):
        return
    for phrase in atom.phrases:
        if here + len(phrase) <= len(tokens) and all(
            not words.isdisjoint(tokens[here + i].lemmas) for i, words in enumerate(phrase)
        ):
            yield here + len(phrase)
    if not atom.singles.isdisjoint(tokens[here].lemmas) or f"={tokens[here].text}" in atom.singles:
        yield here + 1


def begins_clause(tokens: tuple[Token, ...], here: int) -> bool:
    """Tell whether a clause begins at a token, apart from connectives before it."""
    while here > 0 and tokens[here - 1].text in CONNECTIVES:
        here -= 1
    return here == 0 or tokens[here - 1].is_mark


def _alternatives(text: str, lexicon: Lexicon, seen: tuple[str, ...] = ()) -> Atom:
    """Words, phrases and classes separated by "|", as one atom."""
    singles: set[str] = set()
    phrases: list[tuple[_Words, ...]] = []
    for each in text.split("|"):
        if each.isupper():
            if each in seen:
                raise ValueError(f"the class {each} holds itself")
            for entry in lexicon[each].split():
                inner = _alternatives(entry, lexicon, (*seen, each))
                singles |= inner.singles
                phrases += inner.phrases
        elif "_" in each:
            phrases.append(tuple(_alternatives(word, lexicon, seen).heads for word in each.split("_")))
        elif each.endswith("+"):
            singles |= {f"{stem}-" for stem in spanish.stems(each[:-1])}
        else:
            singles.add(each)
    return Atom("words", frozenset(singles), tuple(sorted(phrases, key=len, reverse=True)))


def _atom(text: str, lexicon: Lexicon) -> Atom:
    if text == "^":
        return Atom("start")
    if text == "$":
        return Atom("end")
    if text == "~~":
        return Atom("gap", width=FAR, over_marks=True)
    if text.startswith("~"):
        return Atom("gap", width=int(text[1:]))
    if text.startswith("!") and len(text) > 1:
        found = _alternatives(text[1:], lexicon)
        return Atom("not", found.singles, found.phrases)
    optional = len(text) > 1 and text.endswith("?")
    found = _alternatives(text[:-1] if optional else text, lexicon)
    return Atom("words", found.singles, found.phrases, optional)


def compile_pattern(text: str, lexicon: Lexicon) -> Pattern:
    """Compile one pattern; raises KeyError for a class that the lexicon does not have."""
    atoms = tuple(_atom(part, lexicon) for part in text.split())
    # a word that must stand in one form is looked for by its form
    needed = [
        frozenset(word.removeprefix("=") for word in atom.heads)
        for atom in atoms
        if atom.kind == "words" and not atom.optional and "$" not in atom.singles
    ]
    return Pattern(text, atoms, tuple(sorted(needed, key=_commonness)))


_USUAL = """
you it be is are not no this that the a your they to do can will have one in on at of for if and or each other both , .
que de la el los las en un una se te le lo su tu y o con por para es si mas
"""
_COMMON = frozenset(_USUAL.split())
"""Words that nearly every sentence holds: a pattern is looked for by its others."""


def _commonness(heads: _Words) -> tuple[int, int]:
    """The likelihood of these words in a sentence; the least is looked for first."""
    return len(heads & _COMMON), len(heads)


class PatternSet(Generic[T]):
    """Many patterns, each for a purpose, of which only those are tried that a sentence has the words for."""

    def __init__(self, patterns: Iterable[tuple[T, Pattern]]) -> None:
        self._patterns = tuple(patterns)
        self._by_lemma: dict[str, list[int]] = {}
        self._everywhere: list[int] = []
        for number, (_, pattern) in enumerate(self._patterns):
            if pattern.needed:
                for lemma in min(pattern.needed, key=_commonness):
                    self._by_lemma.setdefault(lemma, []).append(number)
            else:
                self._everywhere.append(number)

    def find(self, sentence: Sentence) -> Iterator[tuple[T, int, int]]:
        """Every match, in the order of the patterns: the purpose, the first token and the one after the last."""
        numbers = {n for lemma in self._by_lemma.keys() & sentence.lemmas for n in self._by_lemma[lemma]}
        for number in sorted(numbers.union(self._everywhere)):
            purpose, pattern = self._patterns[number]
            for start, end in pattern.find(sentence):
                yield purpose, start, end


def compile_patterns(listed: str, lexicon: Lexicon) -> tuple[Pattern, ...]:
    """Compile a list of patterns, one a line; what follows "#" is a remark."""
    lines = (line.partition("#")[0].strip() for line in listed.splitlines())
    return tuple(compile_pattern(line, lexicon) for line in lines if line)
