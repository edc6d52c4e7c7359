"""Names of people in what is heard: a capital letter where no sentence begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exercises.text import sentences

from .remark import Remark

_CAPITAL = re.compile(r"(?<=[\w,;:’'] )[A-ZÀ-ÖØ-Þ][\w’'-]+")
_CAPITALISED = """
i'm i'd i'll i've monday tuesday wednesday thursday friday saturday sunday january february march april may june july
august september october november december christmas easter english spanish american
"""
_NO_NAMES = frozenset(_CAPITALISED.split())
"""The other words that English writes with a capital."""


def names(words: str, language: str) -> Iterator[Remark]:
    """The first word of a line that looks like somebody's name."""
    for sentence in sentences(words, language):
        for found in _CAPITAL.findall(sentence):
            if found.replace("’", "'").lower() not in _NO_NAMES and not found.isupper():
                yield Remark(
                    f'"{found}" looks like a name; nobody is named, so write "the other one"', "harm", "roles"
                )
                return
