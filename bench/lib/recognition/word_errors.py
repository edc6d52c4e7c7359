"""Words that were misheard: what was said laid beside what was heard, with the least number of differences. Pure.

The word error rate is (words changed + left out + added) / words said, as everywhere (Levenshtein over words). One
word written as two, or two as one ("someone", "some one"), is no difference: no ear could tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .normal_words import Word, words_of

_PIECES = 3
"""Words that one may be written as."""


@dataclass(frozen=True)
class Mistake:
    """Words that were said, and those that were heard for them; one side may be empty."""

    said: tuple[str, ...]
    heard: tuple[str, ...]

    def __str__(self) -> str:
        said, heard = (" ".join(words) for words in (self.said, self.heard))
        return f"{said} → {heard}" if said and heard else f"{said} left out" if said else f"{heard} added"


@dataclass(frozen=True)
class Reading:
    """One line as it was heard: how many words it has, how many of them are wrong, and which."""

    words: int
    wrong: int
    mistakes: tuple[Mistake, ...] = ()


def compare(said: str, heard: str, language: str = "en") -> Reading:
    """Lay a text beside what a recogniser wrote for it, both as an ear can tell them."""
    ours, theirs = words_of(said, language), words_of(heard, language)
    wrong, steps = _least(ours, theirs)
    return Reading(len(ours), wrong, tuple(_joined(ours, theirs, steps)))


def share(readings: Sequence[Reading]) -> float:
    """Wrong words of all that were said, from 0; above 1 where more was added than said."""
    said = sum(reading.words for reading in readings)
    return sum(reading.wrong for reading in readings) / said if said else 0.0


_Step = tuple[int, int, int]
"""Words of what was said, words of what was heard, and how many of them are wrong."""


def _least(said: Sequence[Word], heard: Sequence[Word]) -> tuple[int, list[_Step]]:
    """The least number of wrong words, and the steps by which both texts are walked for that."""
    best: dict[tuple[int, int], tuple[int, _Step]] = {(0, 0): (0, (0, 0, 0))}
    for i in range(len(said) + 1):
        for j in range(len(heard) + 1):
            ways = [
                (best[i - a, j - b][0] + wrong, (a, b, wrong))
                for a, b, wrong in _steps_to(said, heard, i, j)
                if (i - a, j - b) in best
            ]
            if ways:
                # of equal ways the one that takes a word for a word reads best
                best[i, j] = min(ways, key=lambda way: (way[0], abs(way[1][0] - way[1][1])))
    steps, place = [], (len(said), len(heard))
    while place != (0, 0):
        step = best[place][1]
        steps.append(step)
        place = (place[0] - step[0], place[1] - step[1])
    return best[len(said), len(heard)][0], steps[::-1]


def _steps_to(said: Sequence[Word], heard: Sequence[Word], i: int, j: int) -> list[_Step]:
    """Every step that may end before word `i` of what was said and word `j` of what was heard."""
    found: list[_Step] = [(1, 0, 1)] if i else []
    if j:
        found.append((0, 1, 1))
    if i and j:
        found.append((1, 1, int(said[i - 1].sound != heard[j - 1].sound)))
    for a in range(1, min(_PIECES, i) + 1):
        for b in range(1, min(_PIECES, j) + 1):
            if a != b and _as_one(said[i - a : i]) == _as_one(heard[j - b : j]):
                found.append((a, b, 0))
    return found


def _spelled(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.spelled for word in words)


def _as_one(words: Sequence[Word]) -> str:
    return "".join(_spelled(words))


def _joined(said: Sequence[Word], heard: Sequence[Word], steps: Sequence[_Step]) -> list[Mistake]:
    """The mistakes; those that lie side by side as one."""
    found: list[Mistake] = []
    i = j = 0
    before_was_wrong = False
    for a, b, wrong in steps:
        if wrong:
            mistake = Mistake(_spelled(said[i : i + a]), _spelled(heard[j : j + b]))
            if before_was_wrong:
                last = found.pop()
                mistake = Mistake(last.said + mistake.said, last.heard + mistake.heard)
            found.append(mistake)
        before_was_wrong = bool(wrong)
        i, j = i + a, j + b
    return found
