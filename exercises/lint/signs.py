"""Signs in words that are heard: what a voice reads by its name, drops or stumbles over, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from exercises.languages import LANGUAGES
from exercises.languages.base import Signs
from exercises.text.characters import is_our_letter
from exercises.text.speech import NO_SPACE

from .remark import Remark

_PLAIN = frozenset(" .,?!:;'’‘\"“”«»¿¡…–—-()[]{}<>")
"""Signs that need no remark here: voices pause at them, or another remark names them."""

_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-z]+\d*|#\w+);", re.IGNORECASE)
_EMPHASIS = frozenset("*_`~")


def signs(words: str, language: str) -> Iterator[Remark]:
    """Every kind of sign in `words` that does not belong in a spoken line, each once."""
    for pattern in (_TAG, _ENTITY):
        if found := pattern.search(words):
            yield Remark(f'"{found[0]}" is markup, which is heard as nonsense; leave it out')
            words = pattern.sub(" ", words)
    if any(c.isdigit() for c in words):
        yield Remark('there are digits in this line; spell numbers out, such as "three"')
    if re.search(r"[()\[\]{}<>]", words):
        yield Remark("there are brackets in this line; make what they hold a sentence of its own")
    if ";" in words:
        yield Remark("there is a semicolon in this line; write two sentences")
    if found := NO_SPACE.search(words):
        yield Remark(f'there is no space after a "{found[0]}" in this line; write one')
    for sign in dict.fromkeys(words):
        if not (sign in _PLAIN or sign.isdigit() or is_our_letter(sign)):
            instead = _instead(sign, LANGUAGES[language].signs)
            yield Remark(f'"{sign}" is dropped by a voice, or read by its name; {instead}')


def _instead(sign: str, signs: Signs) -> str:
    spelled = {**signs.words, **signs.money, **signs.fractions, "/": signs.or_, "№": signs.number}
    if sign in spelled:
        return f'write "{spelled[sign]}"'
    if sign in _EMPHASIS:
        return "leave it out, since the words alone are heard"
    if sign.isalpha():
        alphabet = unicodedata.name(sign, "unknown").partition(" ")[0].capitalize()
        return f"it is a letter of another kind ({alphabet}), so type the word anew"
    return "leave it out, or say it in words"
