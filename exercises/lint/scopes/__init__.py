"""The words that take a finding back, one file a language: patterns and words under the names of `Scope`'s fields."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..analysis.pattern import Lexicon, PatternSet, compile_patterns
from ..analysis.scope import Scope
from ..lexicon import LEXICONS

FOLDER = Path(__file__).parent
PATTERNS = ("negators", "not_negators", "after", "offers", "not_offers", "alternatives")
WORDS = ("subjects", "breaks", "conditions", "joins")


@cache
def scope(language: str) -> Scope:
    """The scope of a language, from its file."""
    found: dict[str, str] = {}
    section = ""
    for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif section:
            found[section] = found.get(section, "") + line + "\n"
    patterns = {name: _patterns(found[name], LEXICONS[language]) for name in PATTERNS}
    words = {name: frozenset(found[name].split()) for name in WORDS}
    return Scope(**patterns, **words)  # type: ignore[arg-type]


def _patterns(listed: str, lexicon: Lexicon) -> PatternSet[None]:
    return PatternSet((None, pattern) for pattern in compile_patterns(listed, lexicon))
