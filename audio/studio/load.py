"""Counts of the studio's work, waiting and done: nothing of who asked, or for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Load:
    """The numbers at one moment; those in the past tense count from the start of the service.

    waiting   orders that wait, by the name of their rank
    running   orders that the process has been given
    refused   orders for which there was no room
    renders   files by what became of them: made, kept (they were there), dropped (nobody waited any more), failed
    restarts  ends of the process that nobody wished for
    """

    waiting: Mapping[str, int]
    running: int
    refused: int
    renders: Mapping[str, int]
    restarts: int


@dataclass
class Tally:
    """Counters that go up as things happen."""

    refused: int = 0
    restarts: int = 0
    renders: Counter[str] = field(default_factory=Counter)

    def rendered(self, event: Mapping[str, Any], is_dropped: bool) -> None:
        """Count a file by the last event about it."""
        if event.get("event") == "done":
            self.renders["kept" if event.get("kept") else "made"] += 1
        else:
            self.renders["dropped" if is_dropped else "failed"] += 1
