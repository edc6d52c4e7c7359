"""A remark about some words, before anybody knows where in a script they stand."""

from __future__ import annotations

from dataclasses import dataclass

from exercises.errors import Severity
from exercises.loading.source import Path


@dataclass(frozen=True)
class Remark:
    """One plain sentence about some words: what is wrong, and what to write instead. `kind` is that of a harm."""

    message: str
    severity: Severity = "error"
    kind: str = ""


@dataclass(frozen=True)
class Finding:
    """A remark, and the path of what it is about."""

    path: Path
    message: str
    severity: Severity = "error"
