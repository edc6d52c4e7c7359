"""Rows of figures: what was asked, what was seen, the floor beside it, and whether it is kept."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


class CannotMeasure(Exception):
    """A figure that cannot be measured here; the sentence says why and what to do about it."""


@dataclass(frozen=True)
class Spread:
    """Several readings of one thing."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """The spread of some readings; there must be one at least."""
        found = tuple(float(value) for value in values)
        if not found:
            raise CannotMeasure("Nothing was read, so there is nothing to report.")
        return cls(found)

    @property
    def median(self) -> float:
        """The middle reading."""
        return statistics.median(self.values)

    def show(self, unit: str = "", scale: float = 1.0, digits: int = 1) -> str:
        """The median and, behind it, the lowest and highest reading."""
        low, high = min(self.values) * scale, max(self.values) * scale
        return f"{self.median * scale:.{digits}f}{unit} ({low:.{digits}f}–{high:.{digits}f}, n={len(self.values)})"


def milliseconds(seconds: Spread) -> str:
    """Seconds as milliseconds."""
    return seconds.show(" ms", 1000)


def ratios(seen: Sequence[float], floors: Sequence[float]) -> Spread:
    """Each reading divided by the floor that was read next to it."""
    return Spread.of(a / b for a, b in zip(seen, floors, strict=True))


@dataclass(frozen=True)
class Row:
    """One line of the report. `ok` is None for a row that nothing was asked of."""

    what: str
    seen: str
    asked: str = "–"
    floor: str = "–"
    ratio: str = "–"
    ok: bool | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """ok, MISSED, or nothing."""
        return "" if self.ok is None else "ok" if self.ok else "MISSED"

    def to_json(self, figure: str) -> dict[str, Any]:
        """The row as plain values."""
        return {"figure": figure, **dataclasses.asdict(self)}


HEADINGS = ("what", "asked", "seen", "floor", "ratio", "")


def table(rows: Sequence[Row]) -> str:
    """Rows as aligned text."""
    cells = [HEADINGS, *((r.what, r.asked, r.seen, r.floor, r.ratio, r.verdict) for r in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(HEADINGS))]
    return "\n".join(
        "  " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )
