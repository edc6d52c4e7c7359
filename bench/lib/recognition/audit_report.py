"""The audit as it is read: line by line what was misheard, with naturalness, and the totals. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.lib.report import CannotMeasure, Row

from .word_errors import Reading, share

MISHEARD = 0.02
"""The largest share of misheard words over the library in a default voice."""
MISHEARD_UNTIL_INSTALLED = {"es": 0.09}
"""The same of a language that has no natural voice among its packages; how natural it sounds is not asked of it."""
LEAST = 3.2
"""The least naturalness of any line, from 1 to 5."""


@dataclass(frozen=True)
class Audited:
    """One wording of one line, in one voice, as it was judged. `where` is the exercise's id."""

    where: str
    voice: str
    text: str
    reading: Reading
    naturalness: float


@dataclass(frozen=True)
class Totals:
    """The sum of many lines: words said, the share that was misheard, naturalness as a mean and at the least."""

    lines: int
    words: int
    misheard: float
    mean: float
    least: float


def totals(lines: Sequence[Audited]) -> Totals:
    """The totals of some lines; there must be one at least."""
    if not lines:
        raise CannotMeasure("no line was judged.")
    natural = [line.naturalness for line in lines]
    readings = [line.reading for line in lines]
    words = sum(reading.words for reading in readings)
    return Totals(len(lines), words, share(readings), statistics.fmean(natural), min(natural))


def listing(lines: Sequence[Audited]) -> list[str]:
    """Every line of which something was misheard or that sounds unnatural, under its exercise, worst first."""
    told: list[str] = []
    for where in dict.fromkeys(line.where for line in lines):
        here = [line for line in lines if line.where == where]
        found = sorted(filter(_is_found, here), key=lambda line: (-line.reading.wrong, line.naturalness))
        if found:
            told.append(f"{where}: {_share_of(here)}")
            told += [f"  {line.naturalness:.2f}  {_mistakes(line)}\n        {line.text}" for line in found]
    return told


def _is_found(line: Audited) -> bool:
    return bool(line.reading.wrong) or line.naturalness < LEAST


def _mistakes(line: Audited) -> str:
    return "; ".join(map(str, line.reading.mistakes)) or "sounds unnatural"


def _share_of(lines: Sequence[Audited]) -> str:
    seen = totals(lines)
    return f"{seen.misheard:.1%} of {seen.words} words misheard, naturalness {seen.mean:.2f}, least {seen.least:.2f}"


def rows(lines: Iterable[Audited], title: str, language: str = "en") -> list[Row]:
    """The totals of one voice as rows of the report."""
    misheard = MISHEARD_UNTIL_INSTALLED.get(language, MISHEARD)
    natural = None if language in MISHEARD_UNTIL_INSTALLED else LEAST
    lines = list(lines)
    seen = totals(lines)
    worst = min(lines, key=lambda line: line.naturalness)
    values = {"lines": [_plain(line) for line in lines]}
    return [
        Row(f"misheard, {title}, {seen.lines} lines, {seen.words} words", f"{seen.misheard:.2%}", f"≤ {misheard:.0%}",
            ok=seen.misheard <= misheard, values=values),
        Row(f"naturalness, {title}", f"{seen.mean:.2f}, least {seen.least:.2f} ({_shortened(worst.text)})",
            f"no line below {natural}" if natural else "–", ok=seen.least >= natural if natural else None),
    ]  # fmt: skip


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _plain(line: Audited) -> dict[str, object]:
    mistakes = [str(mistake) for mistake in line.reading.mistakes]
    return {
        "where": line.where, "text": line.text, "words": line.reading.words, "wrong": line.reading.wrong,
        "mistakes": mistakes, "naturalness": line.naturalness,
    }  # fmt: skip
