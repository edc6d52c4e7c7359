"""An exercise as whoever reads it aloud sees it: each wording a line of its own, and how long it may take."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from .model import STATES, ByTurn, Exercise, InLanguages, PartName, wordings
from .text import one_line
from .timeline import Cue, Timeline, plan, seconds
from .traversal import wordings_with_path


@dataclass(frozen=True)
class ReadLine:
    """One wording to be read.

    digest  of its words, under which a recording of it is kept
    place   which spoken text of the exercise it is, and which of its wordings, such as "7.first.guarded"; what is said
            on two phones in place of one is "7.two"
    turn    whose turn it is for, and `state` how they are today; empty where the words are everybody's
    slot_s  seconds that the timeline keeps for it
    room_s  seconds until the next line is due, at the exercise's shortest length
    """

    digest: str
    words: str
    place: str
    part: PartName
    turn: str
    state: str
    slot_s: float
    room_s: float


def line_digest(words: str) -> str:
    """The name of a line: other words are another line, other spacing and another form of letters is not."""
    return hashlib.sha256(one_line(words).encode()).hexdigest()


def heard_lines(timeline: Timeline) -> tuple[str, ...]:
    """The digests of all lines that somebody may hear of a timeline."""
    texts = (cue.text for cue in timeline.spoken() if cue.text is not None)
    return tuple(dict.fromkeys(line_digest(words) for text in texts for words in wordings(text)))


@lru_cache(maxsize=1024)
def read_lines(exercise: Exercise, reading: int | None = None) -> tuple[ReadLine, ...]:
    """Every wording of an exercise once, in the order in which it is heard; those of one reading, if it is given."""
    on_one, on_two = (
        plan(exercise, exercise.lengths[0], reading=reading, two_phones=two) for two in (False, True)
    )
    lines: dict[str, ReadLine] = {}
    for line in _each_wording(on_one, on_two):
        known = lines.setdefault(line.digest, line)
        if line.room_s < known.room_s:
            lines[line.digest] = replace(known, slot_s=line.slot_s, room_s=line.room_s)
    return tuple(lines.values())


def _each_wording(on_one: Timeline, on_two: Timeline) -> Iterator[ReadLine]:
    cues = on_one.spoken()
    ends = [*(cue.start for cue in cues[1:]), on_one.length]
    for number, (cue, other, end) in enumerate(zip(cues, on_two.spoken(), ends, strict=True), 1):
        yield from _wordings_of(cue, str(number), end)
        if other.text != cue.text:
            yield from _wordings_of(other, f"{number}.two", end)


def _wordings_of(cue: Cue, place: str, end: int) -> Iterator[ReadLine]:
    assert cue.text is not None
    assert not isinstance(cue.text, InLanguages), "an exercise is read in one language"
    for path, words in wordings_with_path(cue.text, ()):
        keys = [str(key) for key in path]
        turn = keys[0] if isinstance(cue.text, ByTurn) else ""
        state = next((key for key in keys[1 if turn else 0 :] if key in STATES), "")
        yield ReadLine(
            digest=line_digest(words),
            words=words,
            place=".".join([place, *keys]),
            part=cue.part,
            turn=turn,
            state=state,
            slot_s=seconds(cue.end - cue.start),
            room_s=seconds(end - cue.start),
        )
