"""Exercises built for measuring: as many lines as asked for, all of them different, at a length of choice.

The lines are sentences of the library's own scripts, of a usual length. Were they repeated word for word, most
of a "cold" run would come from the store of clips; so each round after the first turns its lines by a word.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from exercises.library import load_library
from exercises.model import Exercise, spoken_texts, wordings
from exercises.text import sentences
from exercises.timeline import natural_length_s

_BEFORE, _AFTER = 2, 2
_WORDS = range(4, 13)
"""How many words a line has: with more, sixty of them leave no rests in ten minutes."""


def distinct_lines(count: int) -> list[str]:
    """`count` different lines in the manner of the scripts."""
    said = (line for e in load_library() for text in spoken_texts(e) for line in wordings(text))
    known = list(dict.fromkeys(s for line in said for s in sentences(line) if len(s.split()) in _WORDS))
    lines: list[str] = []
    turn = 0
    while len(lines) < count:
        for line in known[: count - len(lines)]:
            words = line.split()
            lines.append(" ".join(words[turn % len(words) :] + words[: turn % len(words)]))
        turn += 1
    return lines


def made_exercise(lines: int, length_s: int) -> Exercise:
    """An exercise of `lines` lines whose longest length is `length_s`, with rests that make that natural."""
    plain = _plain(distinct_lines(lines), length_s, 10.0)
    short, rests = natural_length_s(Exercise.model_validate(plain)), lines + 1
    return Exercise.model_validate(_plain(distinct_lines(lines), length_s, 10.0 + (length_s - short) / rests))


def write_script(exercise: Exercise, folder: Path) -> None:
    """Write an exercise as a script that the service can load."""
    plain = exercise.model_dump(mode="json", by_alias=True, exclude_none=True)
    plain["reviewed"] = None
    (folder / f"{exercise.id}.yaml").write_text(yaml.safe_dump(plain, sort_keys=False))


def _plain(lines: list[str], length_s: int, rest_s: float) -> dict[str, Any]:
    words, rest = "Built for measuring.", {"rest": round(rest_s, 3)}
    practice = [step for line in lines[_BEFORE:-_AFTER] for step in ({"say": line}, rest)]
    return {
        "id": f"made-{len(lines)}-lines",
        "title": "Made for measuring",
        "family": "breathing",
        "level": 0,
        "order": 1,
        "lengths": [length_s - 20, length_s - 10, length_s],
        "aim": words, "when": words, "place": words, "care": words,
        "reviewed": None,
        "therapist": {"rung": words, "watch_for": [words], "what_to_do": [words]},
        "steps": [
            {"part": "arrive"}, {"bell": "soft"}, rest, {"say": lines[0]}, rest,
            {"part": "consent"}, {"say": lines[1]}, rest,
            {"part": "practice"}, *practice,
            {"part": "return"}, {"say": lines[-2]}, rest,
            {"part": "close"}, {"say": lines[-1]}, rest, {"bell": "soft"},
        ],
    }  # fmt: skip
