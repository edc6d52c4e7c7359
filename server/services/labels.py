"""Labels: what a therapist calls a plan, a link, a card, a feed or a room by, so that they are told apart.

A label is plain text of her own choosing. The pages ask for anything but a name.
"""

from __future__ import annotations

import unicodedata

MOST_LETTERS = 40
MOST_SENTENCE = 300


def clean_label(typed: str) -> str:
    """A label as it is kept: one line, without what nobody can see, 40 letters at most."""
    return _plain(typed)[:MOST_LETTERS].strip()


def is_same_label(one: str, other: str) -> bool:
    """Tell whether two labels mean the same couple: what is large or small in them makes no difference."""
    return bool(one) and one.casefold() == other.casefold()


def clean_note(typed: str, most: int = MOST_SENTENCE) -> str:
    """A sentence or two as it is kept: one line of so many letters at most."""
    return _plain(typed)[:most].strip()


def _plain(typed: str) -> str:
    # control signs and those that turn the direction of writing could make a label read as something else
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in typed)
    return " ".join(unicodedata.normalize("NFC", seen).split())
