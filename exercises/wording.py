"""What may be said and how: banned words, the length of lines and sentences, signs that voices stumble over.

Every check takes words and yields `Remark`s; where the words stand in a script is for lint.py to know.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .model import sentences

MAX_LINE_WORDS = 30
MAX_SENTENCE_WORDS = 18
GOOD_SENTENCE_WORDS = 14
MAX_CUE_WORDS = 6
MIN_SHARE_OF_LONGEST = 0.75


@dataclass(frozen=True)
class Remark:
    """One plain sentence about some words: what is wrong, and what to write instead."""

    message: str
    is_error: bool = True


@dataclass(frozen=True)
class Banned:
    """Something scripts never say: how it is named, what finds it, and what to write instead."""

    name: str
    pattern: str
    instead: str

    def found_in(self, words: str) -> str | None:
        """The words that were found, or None. Whole words only: "default" holds no fault."""
        pattern = self.pattern.replace(" ", r"\s+")
        match = re.search(rf"\b(?:{pattern})\b", words.replace("’", "'"), re.IGNORECASE)
        return match[0] if match else None


_LEAVE_OUT = "leave it out"
_SAY_WHAT_IS_SO = "say what is so, such as where they are and that they can stop"
_NO_STORY = "write to how someone is today, not to what happened"
_NO_PART = 'say "the first of you", "the other" or "each of you"'

BANNED: tuple[Banned, ...] = (
    Banned("relax", r"relax\w*", 'write "rest"'),
    Banned("let go", r"let(?:s|ting)? go", 'write "leave that there"'),
    Banned("surrender", r"surrender\w*", 'write "stay" or "rest"'),
    Banned("open your heart", r"open\w* (?:your|their|our) hearts?", _SAY_WHAT_IS_SO),
    Banned("forgive", r"forgiv\w*|forgave", _NO_STORY),
    Banned("deserve", r"deserv\w*", 'write "allowed" or leave it out'),
    Banned("should", r"should(?:n't)?", 'write "you can", with an alternative'),
    Banned("must", r"must(?:n't)?", 'write "you can", with an alternative'),
    Banned("heal", r"heal(?:s|ed|ing)?", _SAY_WHAT_IS_SO),
    Banned("safe", r"(?:un)?safe(?:r|st|ly|ty)?", _SAY_WHAT_IS_SO),
    Banned("trust", r"(?:dis|mis)?trust(?:s|ed|ing)?", "ask for nothing more than noticing"),
    Banned("trigger", r"trigger(?:s|ed|ing)?", _NO_STORY),
    Banned("trauma", r"trauma\w*", _NO_STORY),
    Banned("victim", r"victim\w*", _NO_STORY),
    Banned("betray", r"betray\w*", _NO_STORY),
    Banned("cheat", r"cheat\w*", _NO_STORY),
    Banned("abuse", r"abus(?:e\w*|ing|ive\w*)", _NO_STORY),
    Banned("blame", r"blam(?:e|es|ed|ing)", _NO_STORY),
    Banned("fault", r"faults?", _NO_STORY),
    Banned("guilty", r"guilt(?:y|ily)?", _NO_STORY),
    Banned("perpetrator", r"perpetrat\w*", _NO_PART),
    Banned("the injured", r"the injured", _NO_PART),
    Banned("the offending", r"the offending", _NO_PART),
    Banned("husband", r"husbands?", _NO_PART),
    Banned("wife", r"wife|wives", _NO_PART),
    Banned("he", r"he|him|his|himself", _NO_PART),
    Banned("she", r"she|her|hers|herself", _NO_PART),
    Banned("deep breath", r"deep(?:er)? breath\w*|breath\w* deep\w*", 'write "your own breath"'),
    Banned("hold your breath", r"hold\w* (?:your|the|their|that) breaths?", "no breath is held here"),
    Banned("hold the gaze", r"hold\w* (?:the|your|their|that) gazes?", 'write "look away whenever you like"'),
    Banned("don't look away", r"(?:don't|do not|never) look away", 'write "look away whenever you like"'),
    Banned("close your eyes", r"clos\w* (?:your|the|both) eyes", 'write "eyes open, lowered or closed"'),
    Banned("melt", r"melt(?:s|ed|ing)?", _LEAVE_OUT),
    Banned("energy", r"energ(?:y|ies|etic)", "name a thing in the room"),
    Banned("vibration", r"vibrat\w*", "name a thing in the room"),
    Banned("sacred", r"sacred\w*", 'write "ordinary"'),
    Banned("perfect", r"perfect(?:s|ed|ly|ion)?", 'write "enough"'),
    Banned("good job", r"good job", "nothing is marked here; " + _LEAVE_OUT),
    Banned("well done", r"well done", "nothing is marked here; " + _LEAVE_OUT),
    Banned("just", r"just", _LEAVE_OUT),
    Banned("simply", r"simply", _LEAVE_OUT),
    Banned("try to", r"(?:try|tries|tried|trying) to", "name the thing itself, with an alternative"),
    Banned("let's", r"let's|let us", 'write "you can"'),
    Banned("amazing", r"amazing(?:ly)?", _LEAVE_OUT),
)

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BRACKETS = re.compile(r"[()\[\]{}<>]")


def count_words(words: str) -> int:
    """Words as a reader counts them: "don't" and "side-on" are one each."""
    return len(_WORD.findall(words))


def banned_words(words: str) -> Iterator[Remark]:
    """Words that are never used, spoken or printed."""
    for banned in BANNED:
        found = banned.found_in(words)
        if found:
            yield Remark(f'"{" ".join(found.split())}" is a word these scripts never use; {banned.instead}')


def signs(words: str) -> Iterator[Remark]:
    """Signs that a voice reads badly or not at all."""
    if any(c.isdigit() for c in words):
        yield Remark('there are digits in this line; spell numbers out, such as "three"')
    if _BRACKETS.search(words):
        yield Remark("there are brackets in this line; make what they hold a sentence of its own")
    if ";" in words:
        yield Remark("there is a semicolon in this line; write two sentences")


def spoken(words: str) -> Iterator[Remark]:
    """Everything that can be wrong with one spoken line."""
    yield from banned_words(words)
    yield from signs(words)
    count = count_words(words)
    if count > MAX_LINE_WORDS:
        yield Remark(f"this line has {count} words; write at most {MAX_LINE_WORDS}, or make it two")
    for sentence in sentences(words):
        count = count_words(sentence)
        if count > GOOD_SENTENCE_WORDS:
            start = " ".join(sentence.split()[:4])
            message = f'the sentence "{start} …" has {count} words; write at most {GOOD_SENTENCE_WORDS}'
            yield Remark(message, is_error=count > MAX_SENTENCE_WORDS)


def shown(words: str) -> Iterator[Remark]:
    """Everything that can be wrong with a silent text on the screen."""
    yield from banned_words(words)
    yield from signs(words)
    count = count_words(words)
    if count > MAX_CUE_WORDS:
        yield Remark(f"this cue has {count} words; write at most {MAX_CUE_WORDS}, to be read at a glance")


def too_short(all_wordings: Sequence[str]) -> Iterator[tuple[int, Remark]]:
    """The wordings of one line that are much shorter than its longest, by their place in the sequence."""
    counts = [count_words(words) for words in all_wordings]
    longest = max(counts)
    least = math.ceil(longest * MIN_SHARE_OF_LONGEST)
    for i, count in enumerate(counts):
        if count < least:
            yield (
                i,
                Remark(
                    f"this wording has {count} words and the longest of this line has {longest}; "
                    f"write {least} to {longest}, so that both have something to hear for as long"
                ),
            )
