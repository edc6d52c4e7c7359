"""A recorded line as something is composed with it."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from audio.fingerprint import FINISH

MARK = "00000000"
"""The prefix of every clip that holds a recorded voice, so that it can be told from others."""


class Recorded(NamedTuple):
    """A recording as something is composed with it: which take of which line, and how many decibels louder."""

    line: str
    take: str
    lift_db: float

    @property
    def clip_key(self) -> str:
        """The key of its clip. The first half names the line, so that all clips of it can be found."""
        made_from = f"{FINISH} {self.take} {self.lift_db}".encode()
        return clip_prefix(self.line) + hashlib.sha256(made_from).hexdigest()[:32]


def clip_prefix(line: str) -> str:
    """The prefix of all clips of a line."""
    return MARK + line[:24]
