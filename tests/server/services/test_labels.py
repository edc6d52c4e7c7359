"""Labels as they are kept."""

from __future__ import annotations

import pytest

from server.services.labels import MOST_LETTERS, clean_label, clean_note


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  blue   door ", "blue door"),
        ("two\nlines\t", "two lines"),
        ("turned\u202ename", "turned name"),
        ("\u200b", ""),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
    ],
)
def test_a_label_is_one_line_of_what_can_be_seen(typed: str, kept: str) -> None:
    assert clean_label(typed) == kept


def test_a_label_and_a_note_are_bounded() -> None:
    assert len(clean_label("a" * 500)) == MOST_LETTERS
    assert len(clean_note("a" * 500, 100)) == 100
