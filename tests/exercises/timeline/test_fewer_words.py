"""Fewer words: what is still said, and that nothing moves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.library import load_library
from exercises.model import Exercise
from exercises.timeline import Cue, Timeline, plan
from exercises.timeline.fewer_words import with_words
from tests.exercises.timeline.test_timeline import exercises, planned, some_length

LIBRARY = load_library()


def edges(timeline: Timeline) -> list[tuple[int, int, str]]:
    """The times of cues, but for the words of breaths, which lie over the breath itself."""
    return [(cue.start, cue.end, cue.part) for cue in timeline.cues if cue.kind != "word"]


@settings(max_examples=80, deadline=None)
@given(st.data(), exercises())
def test_nothing_moves_and_what_is_said_was_said_before(data: st.DataObject, exercise: Exercise) -> None:
    whole = planned(exercise, some_length(data, exercise))
    fewer = with_words(whole, "fewer")
    assert edges(fewer) == edges(whole)
    assert (fewer.length, fewer.parts) == (whole.length, whole.parts)
    assert set(fewer.spoken()) <= set(whole.spoken())


@settings(max_examples=60, deadline=None)
@given(st.data(), exercises())
def test_no_question_look_or_reach_comes_without_its_words(data: st.DataObject, exercise: Exercise) -> None:
    fewer = with_words(planned(exercise, some_length(data, exercise)), "fewer")
    for before, cue in zip(fewer.cues, fewer.cues[1:], strict=False):
        if cue.kind in ("hold", "decision"):
            assert before.kind == "line"


@pytest.mark.parametrize("exercise", list(LIBRARY), ids=lambda e: e.id)
def test_beginning_and_end_are_as_ever_and_the_middle_is_quieter(exercise: Exercise) -> None:
    whole = plan(exercise)
    fewer = with_words(whole, "fewer")

    def lines(timeline: Timeline, *parts: str) -> list[Cue]:
        return [cue for cue in timeline.cues if cue.kind == "line" and cue.part in parts]

    assert lines(fewer, "arrive", "close") == lines(whole, "arrive", "close")
    assert len(lines(fewer, "practice")) < len(lines(whole, "practice"))
    assert lines(fewer, "return") == lines(whole, "return")[:1]
    assert not [cue for cue in fewer.cues if cue.kind == "word"]


def test_all_words_is_the_timeline_itself() -> None:
    whole = plan(LIBRARY.get("halfway"))
    assert with_words(whole, "all") is whole


def test_turns_stay() -> None:
    fewer = with_words(plan(LIBRARY.get("passing-the-cup")), "fewer")
    assert any(type(cue.text).__name__ == "ByTurn" for cue in fewer.cues if cue.kind == "line")
