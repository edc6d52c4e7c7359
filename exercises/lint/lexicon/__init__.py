"""Classes of words for the patterns of the check: one file a language.

A class is a name in capitals, a colon and its entries, which may go on in lines that are indented.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from exercises.languages import LANGUAGES

FOLDER = Path(__file__).parent


def read_lexicon(path: Path) -> dict[str, str]:
    """The classes of a file, each as its entries with one space between them."""
    found: dict[str, str] = {}
    name = ""
    for line in path.read_text("utf-8").splitlines():
        if line[:1].isupper():
            name, _, line = line.partition(":")
        if not line.startswith("#"):
            found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    return {name: entries for name, entries in found.items() if name}


LEXICONS: Mapping[str, Mapping[str, str]] = {code: read_lexicon(FOLDER / f"{code}.txt") for code in LANGUAGES}
