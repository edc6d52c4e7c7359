"""The set: which exercises may be files, and one row of choices for all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.speech.engines import voice_list
from exercises.errors import ChoiceError
from exercises.library import load_library
from exercises.variety import READINGS, episode_reading
from server.services.export.export_set import SPREAD, entries, may_be_taken_along, parse_set, set_fields
from server.services.sound.choices import parse

LIBRARY, VOICES = load_library(), voice_list()


def test_what_asks_for_consent_or_for_a_therapist_is_not_in_the_set() -> None:
    left_out = {exercise.id for exercise in LIBRARY if not may_be_taken_along(exercise)}
    assert left_out == {exercise.id for exercise in LIBRARY if exercise.asks}
    assert {"a-glance-and-a-rest", "halfway", "im-still-here"} <= left_out
    assert {entry.exercise.id for entry in entries(LIBRARY, VOICES, parse_set(VOICES, {}))} == {
        exercise.id for exercise in LIBRARY
    } - left_out


@pytest.mark.parametrize(("length", "place"), [("shortest", 0), ("usual", 1), ("longest", 2)])
def test_a_length_is_a_place_among_each_exercises_own(length: str, place: int) -> None:
    for entry in entries(LIBRARY, VOICES, parse_set(VOICES, {"length": length})):
        assert entry.choices.length == entry.exercise.lengths[place]


def test_without_a_choice_each_exercise_is_as_on_its_own_page() -> None:
    for entry in entries(LIBRARY, VOICES, parse_set(VOICES, {})):
        assert entry.choices == parse(entry.exercise, VOICES, {})


def test_a_reading_is_for_the_whole_set_and_an_episode_has_its_own() -> None:
    chosen = parse_set(VOICES, {"reading": "15"})
    assert {entry.choices.reading for entry in entries(LIBRARY, VOICES, chosen)} == {3}
    episodes = list(entries(LIBRARY, VOICES, replace(chosen, reading=SPREAD)))
    assert {e.exercise.id: e.choices.reading for e in episodes} == {
        e.exercise.id: episode_reading(e.exercise.order) for e in episodes
    }
    assert len({e.choices.reading for e in episodes}) > READINGS // 2


def test_a_bad_reading_is_one_sentence() -> None:
    for typed in ("-1", SPREAD, "100000"):
        with pytest.raises(ChoiceError, match="A reading is a whole number from 0 to 99999"):
            parse_set(VOICES, {"reading": typed})


def test_fewer_words_are_for_the_whole_set() -> None:
    chosen = parse_set(VOICES, {"words": "fewer"})
    assert {entry.choices.words for entry in entries(LIBRARY, VOICES, chosen)} == {"fewer"}


@given(st.sampled_from([f.name for f in set_fields(VOICES)]), st.text(max_size=20))
def test_a_wrong_choice_is_one_sentence_that_names_the_right_ones(name: str, value: str) -> None:
    options = [o.value for f in set_fields(VOICES) if f.name == name for o in f.options]
    if value in options:
        assert parse_set(VOICES, {name: value}).plain()[name] == value
    else:
        with pytest.raises(ChoiceError) as caught:
            parse_set(VOICES, {name: value})
        assert str(caught.value) == f'For "{name}" choose one of: {", ".join(options)}.'
