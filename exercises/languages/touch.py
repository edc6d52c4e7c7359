"""Words for touch, by which the level of a script is known. Patterns are put together from lists of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CLAUSE = re.compile(r"[.,:?!…—]")


@dataclass(frozen=True)
class Touching:
    """Patterns that find a touch, and words that take one back, in it or before it in its clause."""

    patterns: Sequence[str]
    negations: str

    def found_in(self, words: str) -> str | None:
        """The first touch that is asked for, as it is written; None where there is none."""
        text = words.replace("’", "'")
        for pattern in self.patterns:
            for match in re.finditer(pattern, text, re.IGNORECASE):
                before = _CLAUSE.split(text[: match.start()])[-1]
                if not re.search(rf"\b(?:{self.negations})\b", before + match[0], re.IGNORECASE):
                    return words[match.start() : match.end()]
        return None


@dataclass(frozen=True)
class Touch:
    """Patterns that ask for a touch of the other person, and for a hand on one's own body."""

    of_the_other: Touching
    of_oneself: Touching
