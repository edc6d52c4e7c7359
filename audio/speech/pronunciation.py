"""The pronunciation list: what an engine reads instead of a word that it says badly. Captions never see it.

pronunciation.yaml holds, by language and then by engine or voice, words and how to write them so that they come
out right; what stands under "all" is for every engine of that language. The nearer entry wins: that of a voice's
id over that of its engine, and that over "all".
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import yaml

from .engines import Voice

LIST = Path(__file__).parent / "pronunciation.yaml"

Entries = Mapping[str, Mapping[str, Mapping[str, str]]]


@functools.cache
def pronunciations() -> Entries:
    """The list as it is kept with the project."""
    return yaml.safe_load(unicodedata.normalize("NFC", LIST.read_text("utf-8")))


def entries_for(voice: Voice, listed: Entries) -> dict[str, str]:
    """The words of the list that a voice needs, in lower case."""
    by_language = listed.get(voice.language.split("-")[0], {})
    found: dict[str, str] = {}
    for name in ("all", voice.engine.rpartition(".")[2], voice.id):
        found |= {word.lower(): spelled for word, spelled in by_language.get(name, {}).items()}
    return found


def respelled(text: str, voice: Voice, listed: Entries | None = None) -> str:
    """What the engine of `voice` reads for `text`; whole words only, a capital stays one."""
    words = entries_for(voice, pronunciations() if listed is None else listed)
    if not words:
        return text

    def replace(found: re.Match[str]) -> str:
        spelled = words[found[0].lower()]
        return spelled[:1].upper() + spelled[1:] if found[0][0].isupper() else spelled

    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return re.sub(rf"\b(?:{'|'.join(longest_first)})\b", replace, text, flags=re.IGNORECASE)
