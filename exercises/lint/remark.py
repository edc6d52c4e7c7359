"""A remark about some words, before anybody knows where in a script they stand."""

from __future__ import annotations

from dataclasses import dataclass

from exercises.errors import Severity


@dataclass(frozen=True)
class Remark:
    """One plain sentence about some words: what is wrong, and what to write instead."""

    message: str
    severity: Severity = "error"
