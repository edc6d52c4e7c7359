"""Characters of a text: composed (NFC), in one form each, on one line, and none that a reader cannot see."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_WHITESPACE = "\t\n\r"
"""Control characters that are nothing but space."""

_BLANK = (
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0xFFFD}
    | set(range(0x180B, 0x1810))
    | set(range(0xFE00, 0xFE10))
    | set(range(0xE0100, 0xE01F0))
)
"""Letters and signs that show nothing, or a box: fillers, joiners and variation selectors outside category Cf."""

_FORMS = str.maketrans(
    {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
    | {"‐": "-", "‑": "-", "‥": "…", "⋯": "…", "。": ". ", "、": ", ", "，": ", "}
)
"""Other forms of signs and letters that look the same, and that no voice and no list of words knows."""
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])[‘‛ʼʹ`´′](?=[^\W\d_])")
"""Signs that stand within a word for want of the right one."""
_STRAIGHT = re.compile(r"(?<=[^\W\d_])'")

_KINDS = {"Cc": "control character", "Cs": "half of a character", "Co": "private-use character"}

_LAST_LETTER = 0x17F
"""The last letter of Latin Extended-A: what names and words of our languages are written with."""


class Unseen(NamedTuple):
    """A character that nobody sees: where it stands in its text, and what it is called."""

    at: int
    name: str


def _is_unseen(character: str) -> bool:
    if character.isascii():
        return (character < " " or character == "\x7f") and character not in _WHITESPACE
    category = unicodedata.category(character)
    return category in ("Cc", "Cf", "Cs", "Co", "Cn") or ord(character) in _BLANK


def unseen(text: str) -> Iterator[Unseen]:
    """Every invisible, control, private-use or unassigned character, in order."""
    for at, character in enumerate(text):
        if _is_unseen(character):
            kind = _KINDS.get(unicodedata.category(character), "unassigned character")
            name = unicodedata.name(character, kind).lower()
            yield Unseen(at, f"{name} (U+{ord(character):04X})")


def one_line(text: str) -> str:
    """Text in composed form, without characters that nobody sees, each gap and line break one space."""
    seen = "".join(c for c in text if not _is_unseen(c))
    if not seen.isascii():
        seen = unicodedata.normalize("NFC", seen.translate(_FORMS))
    return _APOSTROPHE.sub("’", " ".join(seen.split()))


def as_print(text: str) -> str:
    """Text as print has it: an apostrophe that was typed straight is round. Not for voices, nor for digests."""
    return _STRAIGHT.sub("’", text)


def is_our_letter(character: str) -> bool:
    """Tell whether scripts are written with this letter: Latin, as far as European names need it."""
    return character.isalpha() and ord(character) <= _LAST_LETTER


def has_words(text: str) -> bool:
    """Tell whether there is anything to say: a letter that our voices know, or a digit."""
    return any(is_our_letter(c) or (c.isascii() and c.isdigit()) for c in text)


_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-z]+\d*|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_ARROW = re.compile(r"<?[=-]+>|<[=-]+(?![\d-])")
_EMPHASIS_WITHIN = re.compile(r"(?<=[^\W\d_])\*+(?=[^\W\d_])")
"""Stars within a word, which emphasise a part of it."""
_MARKUP = re.compile(r"~~|<(?!3\b)|[*_`|\\>{}\[\]]+|(?:^|(?<=\s))#+\s")
_PRODUCT = re.compile(r"(?<=\d)(\s?)\*(?=\s?\d)")


def typed_line(text: str) -> str:
    """A line as somebody typed it, as it is shown: on one line, without markup; other signs stay for the voice."""
    # twice, since what an entity stands for may be invisible or a tag
    for _ in range(2):
        text = _TAG.sub(" ", _ENTITY.sub(lambda found: html.unescape(found[0]), one_line(text)))
    text = _EMPHASIS_WITHIN.sub("", _ARROW.sub(" → ", _PRODUCT.sub(r"\1×", one_line(text))))
    text = _MARKUP.sub(" ", text)
    return re.sub(r" +(?=[.,?!])(?![.]{2})", "", " ".join(text.split()))
