"""The words of the pages in other languages: the English sentence is the key, `web/locales/es.po` has the Spanish one.

Catalogues are read as they are, once; there is nothing to compile. What a catalogue does not know stays English.
"""

from __future__ import annotations

import gettext as standard
import io
from collections.abc import Mapping
from functools import cache, lru_cache

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from exercises.languages import BASE, LANGUAGES
from server.installation import WEB

NAMES = {code: language.name for code, language in LANGUAGES.items()}
"""By its code, how a language calls itself."""

FOLDER = WEB / "locales"


def N_(message: str) -> str:
    """Marks a sentence that is translated where it is shown, not here."""
    return message


def read_catalogue(language: str) -> Catalog:
    """The catalogue of a language as it stands on disk."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@cache
def _translations(language: str) -> standard.NullTranslations:
    if language == BASE:
        return standard.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


def translate(message: str, language: str) -> str:
    """A sentence in a language; as it is where the catalogue has none."""
    # the key of nothing is the head of the catalogue
    return _translations(language).gettext(message) if message else ""


@cache
def knows(message: str, language: str) -> bool:
    """Tell whether a sentence can be said in a language."""
    return language == BASE or read_catalogue(language).get(message) is not None


@cache
def _by_place(language: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Every message, its translation, and the files that it stands in."""
    return tuple(
        (str(message.id), str(message.string), frozenset(place for place, _ in message.locations))
        for message in read_catalogue(language)
        if message.id
    )


@lru_cache(maxsize=128)
def for_scripts(language: str, files: frozenset[str]) -> Mapping[str, str]:
    """The sentences of these modules by their English words; files go by their paths in the project."""
    if language == BASE:
        return {}
    return {english: words for english, words, places in _by_place(language) if places & files}
