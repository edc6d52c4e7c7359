"""Words for the ear: signs as words or left out, so that no engine reads "asterisk" or falls silent.

Captions keep what is written. What an engine cannot say beyond that is its own to rewrite (`in_ascii`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from exercises.languages import BASE, LANGUAGES
from exercises.languages.base import Signs

from .characters import has_words, is_our_letter, typed_line
from .sentences import sentences

_EMOTICON = re.compile(r"(?<![\w:])(?:[:;=]-?[()DPp/|*]|<3)(?!\w)")
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ‘`´′", "'"))
_HEARD = frozenset(" .,?!:;'-¿¡")
_DASHES = "‒–—―"
_POWERS = {"²": 2, "³": 3}
NO_SPACE = re.compile(r"(?<=[^\W\d_][^\W\d_])([.?!])(?=[A-ZÀ-ÖØ-Þ¿¡])|(?<=[^\W\d_])([,;:?!])(?=[^\W\d_¿¡])")
"""Ends of sentences and pauses that a word follows at once ("Rest.Then"), which voices read as one word or by name."""
_RUN = re.compile(r"\s*[.,?!:;](?:\s*[.,?!:;])*")
_PLAIN_LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "þ": "th",
    "ı": "i",
}


def _with_signs(text: str, signs: Signs) -> str:
    """Replace signs that stand for words: money, fractions, numbers, then single characters."""
    for sign, word in signs.shorthand.items():
        edge = r"(?<!\w)" if sign[0].isalpha() else ""
        text = re.sub(rf"{edge}{re.escape(sign)}(?!\w)\s?|{edge}{re.escape(sign)}\b", f" {word} ", text)
    for sign, word in signs.money.items():
        sign = re.escape(sign)
        text = re.sub(rf"{sign}\s?(\d[\d.,]*\d|\d)|(\d)\s?{sign}", rf"\1\2 {word}", text)
        text = re.sub(sign, f" {word} ", text)
    for sign, word in signs.fractions.items():
        slashed = unicodedata.normalize("NFKD", sign).replace("\u2044", "/")
        text = re.sub(rf"(?<![\d/]){slashed}(?![\d/])", sign, text)
        text = re.sub(rf"(\d)\s?{sign}", rf"\1 {signs.and_} {word}", text)
        text = text.replace(sign, f" {word} ")
    text = re.sub(rf"(?<=\d)\s?[{_DASHES}-]\s?(?=\d)", f" {signs.to} ", text)
    text = re.sub(r"(?<=\d)\s?[x×*]\s?(?=\d)", f" {signs.times} ", text)
    text = re.sub(r"#\s?(?=\d)|№\s?", f"{signs.number} ", text)
    text = re.sub(r"~\s?(?=\d)", f"{signs.about} ", text)
    text = re.sub(r"(?:(?<=^)|(?<=\s))[-−](?=\d)", f"{signs.minus} ", text)
    for sign, power in _POWERS.items():
        text = re.sub(rf"(?<=[^\W_]){sign}", f" {signs.powers[power]} ", text)
    text = re.sub(r"(?<![\d.,])\.(?=\d)", "0.", text)
    # "and/or" is heard as it is read
    text = re.sub(
        rf"\b(\w+)/({signs.or_})\b|\b({signs.or_})/(\w+)\b", r"\1\3 \2\4", text, flags=re.IGNORECASE
    )
    text = re.sub(r"(?<=[^\W\d_])\s?/\s?(?=[^\W\d_])", f" {signs.or_} ", text)
    for sign, word in signs.words.items():
        text = text.replace(sign, f" {word} ")
    return text


def _heard(character: str) -> str:
    """A single character as voices can read it; nothing where it has no sound."""
    if character in _HEARD or character.isspace() or is_our_letter(character):
        return character
    category = unicodedata.category(character)
    if category[0] in "LN":
        plain = unicodedata.normalize("NFKD", character)
        return "".join(c for c in plain if c.isascii() and c.isalnum())
    return "" if category[0] == "M" else " "


def _one_sign(run: re.Match[str]) -> str:
    """The strongest of several punctuation marks in a row."""
    return next(sign for sign in "?!.,:;" if sign in run[0])


@lru_cache(maxsize=4096)
def spoken(sentence: str, language: str = BASE) -> str:
    """A sentence as every engine gets it: letters, digits and plain punctuation; empty where there is no word."""
    signs = LANGUAGES.get(language, LANGUAGES[BASE]).signs
    text = _EMOTICON.sub(" ", sentence.translate(_APOSTROPHES))
    text = _with_signs(typed_line(text) if _is_marked_up(text) else text, signs)
    text = re.sub(r"\.{2,}|…", ",", re.sub(r"(?:\.{2,}|…)[\s.]*$", ".", text.rstrip("\"”»' ")))
    text = re.sub(r"\bhttps?://", "", text)
    text = re.sub(rf"\s-+\s|--+|[{_DASHES}()\[\]|•→⇒⟶➔]|->", ", ", text)
    text = "".join(map(_heard, text.translate({ord(c): None for c in '"“”«»'})))
    text = re.sub(r"(?<!\w)['-]+|['-]+(?!\w)", " ", text)
    text = NO_SPACE.sub(r"\1\2 ", _RUN.sub(_one_sign, " ".join(text.split())))
    text = text.lstrip(".,?!:; ").rstrip(",:; ")
    if not has_words(text):
        return ""
    return text if text[-1] in ".?!" else f"{text}."


def _is_marked_up(text: str) -> bool:
    return re.search(r"[*_`^|\\<>{}\[\]&]|#\s", text) is not None


@lru_cache(maxsize=4096)
def utterances(words: str, language: str = BASE) -> tuple[str, ...]:
    """The sentences of a line as they are spoken, in order; an empty one is a pause."""
    return tuple(spoken(sentence, language) for sentence in sentences(words, language))


def in_ascii(text: str) -> str:
    """Text for an engine that knows no other letters: each accented one as its plain one."""
    plain = "".join(_PLAIN_LETTERS.get(c.lower(), c) if not c.isascii() else c for c in text)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isascii())
