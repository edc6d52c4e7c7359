"""Kinds of harm: one file of patterns a kind and language, read once.

A file begins with what its words do (`says:`) and what to write (`instead:`); then come patterns, one a line, under
[always], [said] and [asked] (see `Family`). "#" begins a remark. analysis/pattern.py has the notation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..analysis.pattern import Lexicon, Pattern, compile_pattern
from ..lexicon import LEXICONS

FOLDER = Path(__file__).parent
SECTIONS = ("always", "said", "asked")


@dataclass(frozen=True)
class Kind:
    """One kind of harm in one language, with its patterns by what takes them back.

    says     what the words do, after they were quoted: "holds or forces a gaze"
    instead  what to write, as the end of the sentence
    always   nothing takes these back: they hold their own "don't", or a force that no choice softens
    said     a negation does ("no need to forgive")
    asked    a negation does, an offer ("you can"), or an alternative ("or rest your eyes on the floor")
    """

    name: str
    says: str
    instead: str
    always: tuple[Pattern, ...] = ()
    said: tuple[Pattern, ...] = ()
    asked: tuple[Pattern, ...] = ()


@cache
def kinds(language: str) -> tuple[Kind, ...]:
    """Every kind of harm in a language, by name."""
    return tuple(read_kind(path, LEXICONS[language]) for path in sorted((FOLDER / language).glob("*.txt")))


def read_kind(path: Path, lexicon: Lexicon) -> Kind:
    """Read the file of a kind; raises ValueError with the line that is wrong."""
    head: dict[str, str] = {}
    patterns: dict[str, list[Pattern]] = {section: [] for section in SECTIONS}
    section = ""
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        if line.startswith("["):
            section = line.strip("[]")
        elif not section:
            key, _, value = line.partition(":")
            head[key] = value.strip()
        else:
            try:
                patterns[section].append(compile_pattern(line, lexicon))
            except KeyError as error:
                raise ValueError(f"{path.name}:{number}: there is no {error}") from error
    always, said, asked = (tuple(patterns[name]) for name in SECTIONS)
    return Kind(path.stem, head["says"], head["instead"], always, said, asked)


def names() -> Mapping[str, tuple[str, ...]]:
    """The kinds that each language has."""
    return {language: tuple(kind.name for kind in kinds(language)) for language in LEXICONS}
