"""The gate: what could hurt somebody, by the words or the shape of a script, so that it plays nowhere."""

from __future__ import annotations

from exercises.errors import Problem
from exercises.loading.source import Source
from exercises.model import Exercise

from .structure import consent, level
from .texts import harmful


def harm_in(exercise: Exercise, source: Source) -> list[Problem]:
    """Every harm finding of a script, in the order of its file."""
    shape = [finding for rule in (consent, level) for finding in rule(exercise) if finding.severity == "harm"]
    found = [*harmful(exercise), *shape]
    return sorted({Problem(source.file, source.line_of(f.path), f.message, f.severity) for f in found})
