"""Wordings of equal worth: how a script writes them, and which one a reading has."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.errors import ChoiceError, ScriptError
from exercises.library import load_library, parse_script
from exercises.model import LOUDSPEAKER, STATES, Exercise, Listener, wordings, words_for
from exercises.timeline import plan
from exercises.variety import (
    MAX_READING,
    READINGS,
    episode_reading,
    in_reading,
    place,
    reading_of,
    typed_reading,
)
from tests.support.scripts import FILE, LOOKING, QUIET, changed, fitted, line_with, problems_of, saying

THREE = '["Look round the room.", "Let your eyes go around the room.", "Find one thing you like to look at."]'
VARIED = fitted(changed(QUIET, '"Look round the room."', THREE))
counts = st.integers(3, 5)
ids = st.from_regex(r"[a-z]{1,12}(-[a-z]{1,8})?", fullmatch=True)


def heard(exercise: Exercise, reading: int, listener: Listener = LOUDSPEAKER) -> list[str]:
    """The lines of one reading, in order."""
    return [words_for(cue.text, listener) for cue in plan(exercise, reading=reading).spoken() if cue.text]


@given(ids, st.integers(0, 400), counts)
def test_neighbouring_readings_never_share_a_wording(exercise_id: str, step: int, count: int) -> None:
    cycle = [place(exercise_id, step, count, reading) for reading in range(READINGS)]
    assert all(one != next_one for one, next_one in pairwise([*cycle, cycle[0]]))


@given(ids, st.integers(0, 400), counts)
def test_every_wording_is_reached_and_none_much_more_often(exercise_id: str, step: int, count: int) -> None:
    often = Counter(place(exercise_id, step, count, reading) for reading in range(READINGS))
    assert set(often) == set(range(count))
    assert max(often.values()) - min(often.values()) <= 2


def test_the_choice_is_what_it_was() -> None:
    # phones, kept files and feeds hold a number alone; other choices for it would be other words in all of them
    assert [place("side-by-side", 8, 3, reading) for reading in range(READINGS)] == [
        1,
        0,
        2,
        1,
        2,
        0,
        2,
        0,
        1,
        2,
        0,
        2,
    ]


def test_lines_of_an_exercise_do_not_go_round_in_step() -> None:
    cycles = {
        tuple(place("side-by-side", step, 3, reading) for reading in range(READINGS)) for step in range(20)
    }
    assert len(cycles) > 10


def test_a_number_beyond_the_cycle_is_its_place_in_it() -> None:
    assert [reading_of(n) for n in (0, READINGS - 1, READINGS, MAX_READING)] == [
        0, READINGS - 1, 0, MAX_READING % READINGS,
    ]  # fmt: skip


@pytest.mark.parametrize("number", [-1, MAX_READING + 1, 10**30])
def test_a_number_out_of_bounds_is_refused_with_the_bounds(number: int) -> None:
    with pytest.raises(ChoiceError, match=f"from 0 to {MAX_READING}"):
        reading_of(number)


@pytest.mark.parametrize(
    ("typed", "reading"), [("0", 0), ("7", 7), ("13", 1), ("099999", MAX_READING % READINGS)]
)
def test_a_number_in_an_address_is_its_place_in_the_cycle(typed: str, reading: int) -> None:
    assert typed_reading(typed) == reading


@pytest.mark.parametrize(
    "typed",
    ["", " 3", "3 ", "-1", "+3", "3.0", "1e3", "three", "\u0663", "\uff13", "0x3", "100000", "9" * 5000],
)
def test_what_is_no_reading_is_refused(typed: str) -> None:
    with pytest.raises(ChoiceError, match=f"from 0 to {MAX_READING}"):
        typed_reading(typed)


def test_the_exercises_of_a_feed_have_all_readings_among_them() -> None:
    found = Counter(episode_reading(exercise.order) for exercise in load_library())
    assert set(found) == set(range(READINGS))
    assert max(found.values()) - min(found.values()) <= 1


def test_a_line_of_several_wordings_gets_no_remark() -> None:
    assert problems_of(VARIED) == []


def test_each_reading_has_one_of_them() -> None:
    exercise = parse_script(VARIED, FILE)
    lines = [heard(exercise, reading)[4] for reading in range(READINGS)]
    assert set(lines) == set(wordings(exercise.steps[14].say))  # type: ignore[union-attr]
    assert all(heard(exercise, 0)[:4] == heard(exercise, reading)[:4] for reading in range(READINGS))


def test_whoever_hears_as_many_wordings_is_at_the_same_one() -> None:
    sides = {state: [f"{state} {n}." for n in ("one", "two", "three", "four")] for state in STATES}
    exercise = parse_script(VARIED, FILE)
    steps = [step.model_dump(by_alias=True) for step in exercise.steps]
    steps[14] = {"say": sides}
    varied = Exercise.model_validate({**exercise.model_dump(by_alias=True), "steps": steps})
    text = varied.steps[14].say  # type: ignore[union-attr]
    for reading in range(READINGS):
        read = in_reading(text, varied.id, 14, reading)
        assert len({words_for(read, Listener(state=state)).split()[1] for state in STATES}) == 1


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('["Look up."]', "one wording stands without a list; write it after the colon, between quotes"),
        ('["Look up.", "Look on."]', "this one has 2; write three, or one without a list"),
        ("[]", "this one has 0; write three, or one without a list"),
        (str(list("abcdef")), "this one has 6; keep the best five, or one without a list"),
        ('["Look up.", "Look on.", "Look  up."]', 'the wording "Look up." stands twice in this list'),
        ('{guarded: ["a", "b"], heavy: c, plain: d, shared: e}', "this one has 2; write three"),
        ('{first: {guarded: ["a"], heavy: c, plain: d, shared: e}, second: f, shared: g}', "without a list"),
        ('["Look up.", "Look on.", {shared: "Look."}]', '"say" takes text; put it in quotes'),
    ],
)  # fmt: skip
def test_a_list_that_is_none_is_refused_where_it_stands(written: str, says: str) -> None:
    text = changed(QUIET, '"Look round the room."', written)
    with pytest.raises(ScriptError) as refused:
        parse_script(text, FILE)
    [problem] = refused.value.problems
    assert says in problem.message
    assert problem.line == line_with(text, written)


def test_a_variant_that_is_mistyped_gets_the_nearest_name() -> None:
    text = changed(QUIET, "guarded:", "gaurded:")
    with pytest.raises(ScriptError, match='"gaurded" is not a key here; did you mean "guarded"'):
        parse_script(text, FILE)


@pytest.mark.parametrize(
    ("text", "old", "says"),
    [
        (LOOKING, '"Do you both want one glance?"', "a question has one wording, so that a yes always means the same"),
        (QUIET, '"Floor, or sound"', "words on the screen have one wording"),
    ],
    ids=["a question", "a cue"],
)  # fmt: skip
def test_what_is_decided_or_read_at_a_glance_has_one_wording(text: str, old: str, says: str) -> None:
    with pytest.raises(ScriptError, match=says):
        parse_script(changed(text, old, '["One of it", "Two of it", "Three of it"]'), FILE)


@pytest.mark.parametrize(
    ("old", "named"), [("Sit down, or stand.", "an opening"), ("That's all of it.", "an end")]
)
def test_openings_and_ends_have_one_wording(old: str, named: str) -> None:
    several = f'["{old}", "{old} Stay.", "{old} Look."]'
    text = fitted(changed(QUIET, f'"{old}"', several))
    [problem] = problems_of(text)
    assert (
        problem.message
        == f"{named} has one wording, the same each time; keep the best of these, without a list"
    )
    assert problem.line == line_with(text, several)


def test_every_wording_is_checked_on_its_own_line() -> None:
    text = saying("Look round the room.")
    text = changed(
        text,
        '"Look round the room."',
        '\n      - "Look round."\n      - "You must rest."\n      - "Look on."',
    )
    [problem] = problems_of(fitted(text))
    assert (problem.line, problem.message.split(" is ")[0]) == (line_with(text, "You must"), '"must"')
