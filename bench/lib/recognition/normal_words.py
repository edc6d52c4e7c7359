"""Words as an ear can tell them: a text without case, punctuation, spelling and other things that nobody hears. Pure.

A recogniser writes "7" for seven, "color" for colour and "it's" for it is; none of that is misheard. What an ear can
tell stays apart: "our" and "are", "esta" and "está". The rules are applied to what was said and to what was heard
alike, so a rule that writes a word oddly does no harm as long as it makes no two words that sound different equal.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from num2words import num2words

HOMOPHONES = Path(__file__).parent / "texts" / "homophones.txt"

YEARS = range(1100, 2100)
"""Numbers of four digits without a comma that people read as a year; 1,250 is a number."""

_NOISES = re.compile(r"\[[^\]]*\]|\([^)]*\)|[♪*_]")
"""Marks that a recogniser writes for sounds that are no words: [Music], (sighs), *coughs*."""


@dataclass(frozen=True)
class Word:
    """One word as it is spelled, and a spelling that it shares with all that sound like it."""

    spelled: str
    sound: str


def words_of(text: str, language: str = "en") -> list[Word]:
    """The words of `text`; `language` is "en", "es" or a tag that begins so."""
    plain = unicodedata.normalize("NFKC", _NOISES.sub(" ", text)).lower().replace("’", "'")
    normal = _spanish if language.split("-")[0] == "es" else _english
    return list(normal(plain))


def _numbers(text: str, language: str, more: Callable[[str], str] = lambda text: text) -> str:
    """Digits as words; `more` does first what only one language has."""

    def spelled(number: float, to: str = "cardinal") -> str:
        return f" {num2words(number, lang=language, to=to)} "

    def plain(found: re.Match[str]) -> str:
        digits = found[0]
        as_year = len(digits) == 4 and int(digits) in YEARS and language == "en"
        return spelled(int(digits), "year" if as_year else "cardinal")

    text = more(re.sub(r"(?<=\d),(?=\d{3}\b)", "_", text))
    text = re.sub(r"\d+(?:_\d{3})+", lambda found: spelled(int(found[0].replace("_", ""))), text)
    text = re.sub(r"\d+\.\d+", lambda found: spelled(float(found[0])), text)
    return re.sub(r"\d{1,15}", plain, text)


# English

_ABBREVIATIONS = {
    "mr": "mister", "mrs": "missus", "ms": "miss", "dr": "doctor", "vs": "versus", "etc": "et cetera",
    "alright": "all right",
    "till": "until", "til": "until", "mum": "mom", "pyjamas": "pajamas", "grey": "gray", "cheque": "check",
    "licence": "license", "defence": "defense", "sofa's": "sofas", "ok": "okay",
}  # fmt: skip
_SHORT = {
    r"(i) am": r"\1'm", r"(you|we|they) are": r"\1're",
    r"(he|she|it|that|there|here|what|who|where|how) (?:is|has)": r"\1's",
    r"(i|you|we|they) have": r"\1've", r"(i|you|he|she|it|we|they|that|there) will": r"\1'll",
    r"(i|you|he|she|it|we|they) (?:would|had)": r"\1'd", r"let us": "let's",
    r"can ?not": "can't", r"will not": "won't",
    r"(do|does|did|is|are|was|were|have|has|had|could|would|should|need|must) not": r"\1n't",
}  # fmt: skip
"""Long forms and the short ones that they are compared as; the short ones then lose their apostrophe."""

_SPELLINGS = (
    (r"(?<=[a-z][bcdfghjklmnpqrstvwxyz])our(?=s?$|ed$|ing$|ful$|ite$|able$|hood$)", "or"),
    (r"(?<=[a-z]{3})is(?=e$|es$|ed$|ing$|ation$)", "iz"),
    (r"^(cent|met|theat|fib|lit)re(?=s?$)", r"\1er"),
    (r"^(travel|cancel|model|label|signal)l(?=ed$|ing$|er$)", r"\1"),
)
_MONEY = {"$": "dollars", "£": "pounds", "€": "euros"}
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|" + "|".join(num2words(n) for n in range(20))


def _english(text: str) -> Iterator[Word]:
    text = _numbers(text, "en", _english_figures)
    text = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", text)
    text = re.sub(r"[^a-z0-9à-ÿ' ]+", " ", text)
    text = re.sub(rf"\b(hundred|thousand) and (?=(?:{_TENS})\b)", r"\1 ", " ".join(text.split()))
    text = " ".join(_ABBREVIATIONS.get(word, word) for word in text.split())
    for long, short in _SHORT.items():
        text = re.sub(rf"\b{long}\b", short, text)
    for word in _without_accents(text.replace("'", "")).split():
        sound = _homophones().get(word, word)
        for pattern, spelled in _SPELLINGS if sound == word else ():
            sound = re.sub(pattern, spelled, sound)
        yield Word(word, sound)


def _english_figures(text: str) -> str:
    """Times, money, shares, ordinals and halves as words."""
    text = re.sub(r"\b(\d{1,2}):00\b", r"\1 o'clock", text)
    text = re.sub(r"\b(\d{1,2}):0(\d)\b", r"\1 oh \2", text)
    text = re.sub(r"\b(\d{1,2}):(\d{2})\b", r"\1 \2", text)
    text = re.sub(r"([$£€])([\d_.]*\d)", lambda found: f"{found[2]} {_MONEY[found[1]]}", text)
    text = (
        text.replace("%", " percent ")
        .replace("&", " and ")
        .replace("½", " one half ")
        .replace("¼", " one quarter ")
    )
    text = re.sub(r"\b1[/⁄]2\b", "one half", text)
    return re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", lambda found: num2words(int(found[1]), to="ordinal"), text)


@functools.cache
def _homophones() -> dict[str, str]:
    """Each word of the list and the one that stands for all that sound like it."""
    lines = [line.split() for line in HOMOPHONES.read_text().splitlines() if not line.startswith("#")]
    return {word: words[0] for words in lines for word in words}


# Spanish

_SAME = {
    "cómo": "como", "dónde": "donde", "cuándo": "cuando", "sólo": "solo", "aún": "aun", "veintiuna": "veintiuno",
    "veintiún": "veintiuno",
}  # fmt: skip
_BY_SOUND = (
    (r"(?<!c)h", ""), (r"v", "b"), (r"w", "gu"), (r"z", "s"), (r"c(?=[eiéí])", "s"), (r"ll", "y"),
    (r"qu(?=[eiéí])", "k"),
    (r"c(?!h)", "k"), (r"g(?=[eiéí])", "j"), (r"gu(?=[eiéí])", "g"), (r"^y$", "i"), (r"ü", "u"),
    (r"x(?=[bcdfgklmnpqrst])", "s"),
    (r"^ps", "s"), (r"rr$", "r"),
)  # fmt: skip
"""Letters that Latin American speech makes no difference between."""


def _spanish(text: str) -> Iterator[Word]:
    text = _numbers(text.replace("%", " por ciento "), "es")
    for word in re.sub(r"[^a-zñáéíóúü ]+", " ", unicodedata.normalize("NFC", text)).split():
        sound = _SAME.get(word, word)
        if len(re.findall(r"[aeiouáéíóú]+", sound)) == 1:
            sound = _without_accents(sound)
        for letters, written in _BY_SOUND:
            sound = re.sub(letters, written, sound)
        yield Word(word, sound)


def _without_accents(word: str) -> str:
    """Vowels without their marks; ñ is a letter of its own."""
    apart = unicodedata.normalize("NFD", word)
    return (
        unicodedata.normalize("NFC", re.sub(r"(?<=[aeiou])\u0301", "", apart)) if "\u0301" in apart else word
    )
