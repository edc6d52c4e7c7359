"""The course: one vector at a time, and what is worked out of a timeline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.timeline import plan
from server.rooms.core.transport import (
    Course,
    Fork,
    Layout,
    Vector,
    going,
    hold,
    interject,
    leap,
    line_end,
    still,
    unfold,
)
from tests.support.room_world import exercises, score_of

LAYOUT = score_of().layout
FROM_ZERO = Course((Vector(0.0, 1, 100.0),))

times = st.floats(0, 200).map(lambda t: round(t, 3))
positions = st.floats(0, 100).map(lambda p: round(p, 3))


def test_a_vector_says_where_it_is_from_its_time_on() -> None:
    vector = Vector(5.0, 1, 100.0)
    assert [vector.position_at(t) for t in (99.0, 100.0, 103.5)] == [5.0, 5.0, 8.5]


def test_a_course_stands_at_its_beginning_before_it_begins() -> None:
    assert FROM_ZERO.position_at(42.0) == 0.0


def test_a_change_replaces_what_was_planned_after_it() -> None:
    course = going(still(FROM_ZERO, 110.0), 120.0)
    assert [v.at for v in still(course, 115.0).vectors] == [100.0, 110.0, 115.0]
    assert still(course, 115.0).position_at(500.0) == 10.0


def test_when_a_position_is_come_to() -> None:
    course = leap(still(FROM_ZERO, 110.0), 50.0, 120.0, moving=True)
    assert course.when(4.0, 0.0) == 104.0
    assert course.when(4.0, 105.0) is None
    assert course.when(30.0, 0.0) is None
    assert course.when(52.0, 0.0) == 122.0


@st.composite
def courses(draw: st.DrawFn) -> Course:
    course = FROM_ZERO
    for at in sorted(draw(st.lists(times, max_size=5, unique=True))):
        change = draw(st.sampled_from(["still", "going", "leap"]))
        if change == "leap":
            course = leap(course, draw(positions), 100 + at, draw(st.booleans()))
        else:
            course = (still if change == "still" else going)(course, 100 + at)
    return course


@given(courses(), times)
def test_forgetting_what_is_over_changes_nothing_to_come(course: Course, elapsed: float) -> None:
    now = 100 + elapsed
    rest = course.since(now)
    for ahead in (0.0, 0.5, 7.0, 90.0):
        assert rest.position_at(now + ahead) == pytest.approx(course.position_at(now + ahead), abs=1e-5)
    assert len(rest.vectors) <= len(course.vectors)


@given(courses(), times)
def test_rest_is_where_it_was_and_moves_no_more(course: Course, elapsed: float) -> None:
    at = 100 + elapsed
    rested = still(course, at)
    assert rested.position_at(at + 50) == pytest.approx(course.position_at(at), abs=1e-5)


@given(courses(), st.floats(-1000, 1000), times)
def test_another_clock_shows_the_same_place(course: Course, shift: float, elapsed: float) -> None:
    now = 100.0005 + elapsed
    assert course.shifted(shift).position_at(now + shift) == pytest.approx(course.position_at(now), abs=1e-2)


@given(courses(), st.lists(st.tuples(positions, positions), max_size=3))
def test_a_course_with_leaps_never_stands_still_at_a_fork(
    course: Course, pairs: list[tuple[float, float]]
) -> None:
    forks = [Fork(min(p), 100.0) for p in pairs]
    unfolded = unfold(course, forks)
    assert unfold(unfolded, forks).vectors[-1] == unfolded.vectors[-1], "leaps are taken once"
    ats = [v.at for v in unfolded.vectors]
    assert ats == sorted(ats)


def test_a_fork_is_taken_where_the_course_comes_to_it_and_not_before() -> None:
    unfolded = unfold(FROM_ZERO, [Fork(30.0, 80.0)])
    assert unfolded.position_at(129.9) == pytest.approx(29.9)
    assert unfolded.position_at(130.0) == pytest.approx(80.0)
    assert unfold(still(FROM_ZERO, 110.0), [Fork(30.0, 80.0)]) == still(FROM_ZERO, 110.0)


def test_a_rest_at_the_very_fork_leaps_on_going_on() -> None:
    course = going(still(FROM_ZERO, 130.0), 140.0)
    unfolded = unfold(course, [Fork(30.0, 80.0)])
    assert unfolded.position_at(135.0) == pytest.approx(30.0)
    assert unfolded.position_at(140.0) == pytest.approx(80.0)


@pytest.mark.parametrize("exercise_id", [e for e in exercises() if e != "short"])
def test_every_exercise_can_be_measured(exercise_id: str) -> None:
    timeline = plan(exercises()[exercise_id])
    layout = Layout.of(timeline)
    assert 0 < layout.return_at < layout.length
    assert all(span.start < span.end for span in (*layout.lines, *layout.moves))
    assert len(layout.beats) == sum(cue.kind == "decision" for cue in timeline.cues)
    for beat in layout.beats:
        assert any(line.start == beat.asked for line in layout.lines), "a question begins with its line"


def test_no_answer_leads_to_the_return() -> None:
    (beat,) = LAYOUT.beats
    assert LAYOUT.forks((), None) == (Fork(beat.until, LAYOUT.return_at),)
    assert LAYOUT.forks({beat.cue}, None) == ()
    assert LAYOUT.forks((), 0.0) == (Fork(beat.asked, LAYOUT.return_at),)
    assert LAYOUT.forks((), beat.asked + 1) == (Fork(beat.until, LAYOUT.return_at),), (
        "it is being asked already"
    )


@given(positions)
def test_a_hold_begins_where_no_voice_is_heard(position: float) -> None:
    course = leap(FROM_ZERO, position, 200.0, moving=True)
    held, until = hold(course, LAYOUT, 200.0, 10)
    assert until is not None
    resting = held.position_at(until - 1)
    assert held.position_at(until - 9) == pytest.approx(resting)
    assert LAYOUT.spoken_at(resting) is None or LAYOUT.spoken_at(resting - 1e-3) != LAYOUT.spoken_at(resting)
    assert held.position_at(until + 1) == pytest.approx(resting + 1)


def test_a_rest_in_a_line_has_no_end_to_wait_for() -> None:
    line = LAYOUT.lines[0]
    resting = still(FROM_ZERO, 100 + line.start + 0.5)
    assert line_end(resting, LAYOUT, 500.0) == 500.0


@given(positions)
def test_a_line_between_is_never_laid_over_another(position: float) -> None:
    course = leap(FROM_ZERO, position, 200.0, moving=True)
    made = interject(course, LAYOUT, 200.0, 3.0, go_on=True)
    assert made.position_at(201.0) == made.position_at(202.9)
    span = LAYOUT.spoken_at(position)
    assert made.position_at(200.5) == pytest.approx(span.start if span else position)


def test_the_first_line_is_not_repeated_before_it_was_heard() -> None:
    assert LAYOUT.line_start(1.0) == 0.0
    assert LAYOUT.line_start(LAYOUT.lines[0].end + 1) == LAYOUT.lines[0].start
