"""The languages that scripts can be in: one module each. Adding one is a module here, a line below, and scripts."""

from __future__ import annotations

from .base import Language
from .en import ENGLISH
from .es import SPANISH

BASE = ENGLISH.code
"""The language of the scripts that all others are translations of."""

LANGUAGES: dict[str, Language] = {language.code: language for language in (ENGLISH, SPANISH)}

__all__ = ["BASE", "LANGUAGES", "Language"]
