"""Variety: which of its wordings a line has in a reading of its exercise.

A reading is a number. Readings come in a cycle of `READINGS`, so that what is made for one is met again; a number
beyond it stands for its place in the cycle. Everything here follows from the exercise's id, the place of the step
and the number, so two phones, two languages and two days agree without a word between them.

From one reading to the next every line with several wordings gets another one, also from the last to the first.
Within a cycle each wording of a line is heard about as often as any other.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from .errors import ChoiceError
from .model import AnyText, ByState, ByTurn, InLanguages, Text

READINGS = 12
"""The number of readings that differ. Each is a file of its own, so more of them would be shared less."""

MAX_READING = 99_999
"""The greatest number that is taken: days since 1970 fit for two centuries, and no number is a long one."""


def reading_of(number: int) -> int:
    """The place of a number in the cycle, 0 to READINGS - 1; raises ChoiceError."""
    if not 0 <= number <= MAX_READING:
        raise ChoiceError(f"A reading is a whole number from 0 to {MAX_READING}.")
    return number % READINGS


def typed_reading(typed: str) -> int:
    """The place in the cycle of a number as it stands in an address or a command; raises ChoiceError."""
    # no more digits than a reading has, so that nobody makes a number of a megabyte of them
    number = int(typed) if re.fullmatch(r"[0-9]{1,6}", typed) else -1
    return reading_of(number)


def episode_reading(order: int) -> int:
    """The reading of an exercise in a feed, where one file is heard for good: spread over exercises by their order."""
    return order * 5 % READINGS


def in_reading(text: AnyText, exercise_id: str, step: int, reading: int) -> AnyText:
    """A text with the wordings of one reading; `step` is its step's place in the script, from 0."""
    if isinstance(text, InLanguages):
        return InLanguages(
            tuple((code, _chosen(each, exercise_id, step, reading)) for code, each in text.texts)
        )
    return _chosen(text, exercise_id, step, reading)


def _chosen(text: Text, exercise_id: str, step: int, reading: int) -> Text:
    if isinstance(text, (ByTurn, ByState)):
        sides = {key: getattr(text, key) for key in type(text).model_fields}
        read = {key: _chosen(side, exercise_id, step, reading) for key, side in sides.items()}
        return text.model_copy(update=read)
    if isinstance(text, tuple):
        return text[place(exercise_id, step, len(text), reading)]
    return text


def place(exercise_id: str, step: int, count: int, reading: int) -> int:
    """The place of the wording that is heard, among `count` of them."""
    return _cycle(exercise_id, step, count)[reading % READINGS]


@lru_cache(maxsize=4096)
def _cycle(exercise_id: str, step: int, count: int) -> tuple[int, ...]:
    """The places of all readings: each time the one that was heard least, never that of a neighbour."""
    heard: list[int] = []
    for reading in range(READINGS):
        neighbours = {*heard[-1:], *(heard[:1] if reading == READINGS - 1 else [])}
        free = [wording for wording in range(count) if wording not in neighbours]

        def least(wording: int, reading: int = reading) -> tuple[int, bytes]:
            drawn = f"{exercise_id}/{step}/{reading}/{wording}"
            return heard.count(wording), hashlib.sha256(drawn.encode()).digest()

        heard.append(min(free, key=least))
    return tuple(heard)
