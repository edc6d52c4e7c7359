"""Tests of the mark of review: bound to words, and to nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.lint import lint
from exercises.loading.loader import parse_source
from exercises.loading.playable import playable
from exercises.review import digest, with_mark
from tests.support.scripts import QUIET, changed


def signed(text: str = QUIET) -> str:
    _, source, _ = parse_source(text, "quiet.yaml")
    return with_mark(text, "AB", "2030-01-31", digest(source.value))


def test_a_mark_on_these_words_is_one() -> None:
    exercise, source, problems = parse_source(signed(), "quiet.yaml")
    assert problems == []
    assert exercise
    assert exercise.reviewed
    assert (exercise.reviewed.initials, exercise.reviewed.date) == ("AB", "2030-01-31")
    assert not [one for one in lint(exercise, source) if "reviewed" in one.message]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Look round the room.", "Look around the room."),
        ("Look round the room.", "Look round the room"),
        ("order: ", "order: 1"),
    ],
)
def test_it_goes_when_a_word_changes_and_the_script_plays_on(old: str, new: str) -> None:
    text = changed(signed(), old, new)
    exercise, source, problems = parse_source(text, "quiet.yaml")
    assert exercise
    assert exercise.reviewed is None
    assert problems == []
    told = [one for one in lint(exercise, source) if "reviewed" in one.message]
    assert [one.severity for one in told] == ["clumsy"]
    assert told[0].line == text[: text.index("\nreviewed:") + 1].count("\n") + 1
    assert playable(text, "quiet.yaml").reviewed is None


def test_a_comment_and_the_way_it_is_written_change_nothing() -> None:
    text = changed(signed(), "reviewed:", "# read in the autumn\nreviewed:")
    exercise, _, _ = parse_source(text.replace("\n", "\r\n"), "quiet.yaml")
    assert exercise
    assert exercise.reviewed


@pytest.mark.parametrize(
    "before",
    ["reviewed: null", 'reviewed: {initials: XY, date: "2029-01-01", words: "0123456789abcdef"}',
     'reviewed:\n  initials: XY\n  date: "2029-01-01"\n  words: "0123456789abcdef"'],
)  # fmt: skip
def test_a_new_mark_stands_in_the_place_of_the_one_before(before: str) -> None:
    text = signed(changed(QUIET, "reviewed: null", before))
    assert text.count("reviewed:") == 1
    assert "XY" not in text
    exercise, _, _ = parse_source(text, "quiet.yaml")
    assert exercise
    assert exercise.reviewed


def test_a_mark_from_before_there_were_digests_plays_and_says_nothing_of_these_words() -> None:
    text = changed(QUIET, "reviewed: null", 'reviewed: {initials: AB, date: "2029-01-01"}')
    assert playable(text, "quiet.yaml").reviewed is None


VALUES = st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(), max_size=4)


@given(VALUES, VALUES)
def test_other_values_have_another_digest(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = {k: v for k, v in one.items() if k != "reviewed"} == {
        k: v for k, v in other.items() if k != "reviewed"
    }
    assert (digest(one) == digest(other)) is same
