"""Readiness of the service: one sentence where it cannot do its work, asked of its parts no more than once a second.

However many ask at once, one of them looks and the others get what it found.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

LOOK_EVERY_S = 1.0
STUDIO_LIMIT_S = 2.0
"""So long the studio may take over an answer that costs it nothing."""
NO_STUDIO = (
    "The studio, which makes the sound, does not answer. "
    "It starts again by itself; if this stays, the log says why."
)

Check = Callable[[], str]
"""Gives one sentence about what is wrong, or nothing."""


class Readiness:
    """The checks, in order, and what they found last. `clock` gives seconds."""

    def __init__(self, checks: Sequence[Check], clock: Callable[[], float]):
        self._checks, self._clock = checks, clock
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._found = ""

    def complaint(self) -> str:
        """Give the first thing that is wrong as one sentence; nothing where all is well."""
        with self._lock:
            if self._clock() - self._looked_at >= LOOK_EVERY_S:
                self._found = next(filter(None, (check() for check in self._checks)), "")
                self._looked_at = self._clock()
            return self._found


def studio_check(answers: Callable[[float], bool]) -> Check:
    """A check that asks the studio; `answers` takes the seconds that it may wait."""
    return lambda: "" if answers(STUDIO_LIMIT_S) else NO_STUDIO


def store_check(try_writing: Callable[[], None], advice: str) -> Check:
    """A check that writes something; `try_writing` raises OSError where that fails, and `advice` says what to do."""

    def check() -> str:
        try:
            try_writing()
        except OSError:
            return advice
        return ""

    return check
