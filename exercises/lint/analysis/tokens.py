"""A line as sentences of tokens: letters folded, contractions written out, each word with what it may be a form of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from exercises.text import sentences, spoken

from . import english, spanish

_LOOKALIKES = str.maketrans(
    {
        **dict(zip("аеорсхуіјһԁԛѕ", "aeopcxyijhdqs", strict=True)),
        **dict(zip("АВЕКМНОРСТХІЅ", "abekmhopctxis", strict=True)),
        **dict(zip("αονικρτυΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", "aovikptuabehikmnoptxyz", strict=True)),
        "ı": "i",
    }
)
"""Cyrillic and Greek letters that look like Latin ones, so that no word hides behind them."""

_KEPT = {"él": "él", "sí": "sí"}
"""Words that only their accent tells from "the" and "if"."""

_WORDS = re.compile(r"[^\W_]+|'s\b|[,;:?!.]")
_LEET = str.maketrans("013457@$", "oieastas")


@dataclass(frozen=True)
class Token:
    """One word or mark, and every lemma that it may be a form of."""

    text: str
    lemmas: frozenset[str]

    @property
    def is_mark(self) -> bool:
        """Tell whether it is punctuation."""
        return not self.text[-1].isalnum()


@dataclass(frozen=True)
class Sentence:
    """One sentence: as it was written, and as tokens. `lemmas` are those of all of them."""

    written: str
    tokens: tuple[Token, ...]
    lemmas: frozenset[str]

    @cached_property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        """Which tokens each lemma may be one of."""
        found: dict[str, tuple[int, ...]] = {}
        for at, token in enumerate(self.tokens):
            for lemma in token.lemmas:
                found[lemma] = (*found.get(lemma, ()), at)
        return found

    def words(self, start: int, end: int) -> str:
        """The tokens from `start` to `end` as text."""
        return " ".join(token.text for token in self.tokens[start:end])


def folded(text: str) -> str:
    """Lower-case letters without accents; what only looks like one of ours is taken for it."""
    words = unicodedata.normalize("NFC", text).lower()
    return " ".join(_KEPT.get(_bare(word)) or _without_accents(word) for word in words.split())


def _bare(word: str) -> str:
    return word.strip(".,;:?!¿¡\"'“”«»()")


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


_LEMMAS: dict[str, Callable[[str], frozenset[str]]] = {"en": english.lemmas, "es": spanish.lemmas}


@lru_cache(maxsize=4096)
def analyse(line: str, language: str) -> tuple[Sentence, ...]:
    """The sentences of a line, as far as they hold words."""
    found = []
    for written in sentences(line.translate(_LOOKALIKES), language):
        said = spoken(written, language)
        if said:
            found.append(_sentence(written, said, language))
    return tuple(found)


def _sentence(written: str, said: str, language: str) -> Sentence:
    text = folded(said)
    if language == "en":
        for pattern, plain in english.CONTRACTIONS:
            text = pattern.sub(plain, text)
    lemmas = _LEMMAS[language]
    tokens = tuple(Token(word, lemmas(_spelled(word))) for word in _WORDS.findall(text))
    return Sentence(written, tokens, frozenset().union(*(token.lemmas for token in tokens)))


def _spelled(word: str) -> str:
    """A word without digits that stand for letters ("tru5t")."""
    if any(c.isdigit() for c in word) and any(c.isalpha() for c in word):
        return word.translate(_LEET)
    return word
