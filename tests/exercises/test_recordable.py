"""An exercise as lines to be read: every wording once, by its words, with the room that it has."""

from __future__ import annotations

import pytest

from exercises.library import load_library, parse_script
from exercises.model import Exercise, wordings
from exercises.recordable import line_digest, read_lines
from exercises.timeline import plan, seconds
from tests.support.scripts import TOUCHING

EXERCISES = [*load_library(), parse_script(TOUCHING)]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_every_wording_that_can_be_heard_is_a_line_once(exercise: Exercise) -> None:
    lines = read_lines(exercise)
    heard = {
        words
        for two_phones in (False, True)
        for cue in plan(exercise, reading=None, two_phones=two_phones).spoken()
        if cue.text is not None
        for words in wordings(cue.text)
    }
    assert {line.words for line in lines} == heard
    assert len({line.digest for line in lines}) == len({line.place for line in lines}) == len(lines)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_a_line_has_room_until_the_next_one_at_the_shortest_length(exercise: Exercise) -> None:
    for line in read_lines(exercise):
        assert line.room_s >= line.slot_s > 0
    total = seconds(plan(exercise, exercise.lengths[0]).length)
    first = {line.place.split(".")[0]: line.room_s for line in reversed(read_lines(exercise))}
    assert sum(first.values()) < total


def test_whose_a_wording_is_stands_beside_it() -> None:
    lines = read_lines(load_library().get("halfway"))
    assert {(line.turn, line.state) for line in lines} >= {
        ("first", "guarded"),
        ("second", "heavy"),
        ("", ""),
    }
    by_place = {line.place: line for line in lines}
    assert all(place.split(".")[1] == line.turn for place, line in by_place.items() if line.turn)


def test_spacing_is_no_other_line_and_a_word_is() -> None:
    assert line_digest("Stay  a\nlittle. ") == line_digest("Stay a little.")
    assert line_digest("Stay a little.") != line_digest("Stay a while.")
