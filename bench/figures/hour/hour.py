"""hour: drafts under kill, a script that changes, a card's file, and a breath that is led by taps.

A typed line, the fifth figure of the hour, is `say`; pauses are `stops`.
"""

from __future__ import annotations

from bench.lib.report import Row

from . import breath, card, drafts, script


def measure() -> list[Row]:
    """The rows of this figure."""
    return [*drafts.measure(), *script.measure(), *card.measure(), *breath.measure()]
