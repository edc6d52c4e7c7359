"""The parts that a language has to bring along so that scripts in it can be read, spoken, timed and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from exercises.errors import Severity

from .touch import Touch


@dataclass(frozen=True)
class Banned:
    """Something scripts never say: how it is named, what finds it, and what to write instead.

    once  whether a script may say it a single time
    """

    name: str
    pattern: str
    instead: str
    severity: Severity = "error"
    once: bool = False

    def found_in(self, words: str) -> str | None:
        """The words that were found, or None. Whole words only: "default" holds no fault."""
        pattern = self.pattern.replace(" ", r"\s+")
        match = re.search(rf"\b(?:{pattern})\b", words.replace("’", "'"), re.IGNORECASE)
        return match[0] if match else None


@dataclass(frozen=True)
class Phrase:
    """Something that some part of a script has to say: what finds it (a pattern), and how it can be written."""

    pattern: str
    example: str

    def is_in(self, words: str) -> bool:
        """Tell whether these words say it."""
        return re.search(self.pattern, words, re.IGNORECASE) is not None


@dataclass(frozen=True)
class Signs:
    """The words that a voice says for signs, and which words end in a full stop without ending a sentence.

    fractions      by sign, such as "½"; `money` by sign, said after the amount
    words          what single other signs are read as
    shorthand      what several signs in a row are read as; `powers` by exponent, said after the number
    titles         before a name, in lower case with the stop; `abbreviations` elsewhere (where sentencex lacks them)
    """

    and_: str
    or_: str
    to: str
    times: str
    number: str
    about: str
    minus: str
    fractions: Mapping[str, str]
    money: Mapping[str, str]
    words: Mapping[str, str]
    shorthand: Mapping[str, str]
    powers: Mapping[int, str]
    titles: frozenset[str]
    abbreviations: frozenset[str]


@dataclass(frozen=True)
class Language:
    """One language, whole.

    code, iso_639_2  "en" names folders and addresses; "eng" stands in the tags of files
    parts            the five parts as people read them, on the page and as chapters
    breath           the spoken words of a paced breath, in and out
    seats            what a line is marked with where circle and square hear different words
    silent_e         whether an e at the end of a word is not spoken
    drawn_out        how much longer than in English the same syllables and words take a tuned voice
    way_out, lesser_wish, distance, over    what scripts have to say (see exercises/lint)
    marker           a line that breaks a long silence
    signs            how signs are spoken
    touch            what asks for a touch, by which levels are known
    numbers          words that count, and how much each is; breath_noun finds what is counted
    """

    code: str
    iso_639_2: str
    name: str
    parts: Mapping[str, str]
    breath: tuple[str, str]
    seats: Mapping[str, str]
    silent_e: bool
    drawn_out: float
    banned: tuple[Banned, ...]
    way_out: Phrase
    lesser_wish: Phrase
    distance: Phrase
    over: Phrase
    marker: str
    signs: Signs
    touch: Touch
    numbers: Mapping[str, int]
    breath_noun: str

    def counted_breaths(self, words: str) -> int:
        """The most breaths that these words count, as in "three slow breaths"; 0 where they count none."""
        pattern = rf"\b({'|'.join(self.numbers)})\s+(?:\w+\s+){{0,2}}?(?:{self.breath_noun})\b"
        found = re.findall(pattern, words, re.IGNORECASE)
        return max((self.numbers[number.lower()] for number in found), default=0)
