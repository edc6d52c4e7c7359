"""The measures of writing: what is counted, and that the library is within what is asked."""

from __future__ import annotations

import pytest

from exercises.library import load_library, parse_script
from exercises.lint.measures import BOUNDS, Measures, has_verb, measure, table
from exercises.model import Exercise
from tests.support.scripts import FILE, QUIET, changed

LIBRARY = load_library()
SCRIPTS = [*LIBRARY, *(e for found in LIBRARY.translations.values() for e in found.values())]


def test_what_is_counted() -> None:
    found = measure(parse_script(changed(QUIET, "Sit down, or stand.", "It's a chair. Don't move."), FILE))
    assert (found.lines, found.sentences, found.verbless) == (9, 10, 0)
    assert found.with_or == 3
    assert found.contractions == 3
    assert found.words == 48
    assert 0 < found.spoken_percent < 100


@pytest.mark.parametrize(
    ("sentence", "language", "has"),
    [
        ("Plain as a spoon.", "en", False),
        ("A longer way out, for two clocks in one room.", "en", False),
        ("Sit down.", "en", True),
        ("The window's there, too.", "en", True),
        ("A coat on a chair.", "en", False),
        ("Siente el suelo.", "es", True),
        ("Tetera y piedra.", "es", False),
        ("Eso es todo.", "es", True),
    ],
)
def test_a_sentence_has_a_verb_or_none(sentence: str, language: str, has: bool) -> None:
    assert has_verb(sentence, language) is has


@pytest.mark.parametrize("exercise", SCRIPTS, ids=lambda e: f"{e.language}-{e.id}")
def test_each_script_is_within_what_is_asked(exercise: Exercise) -> None:
    found = measure(exercise)
    outside = [bound.name for bound in BOUNDS if not bound.holds(found, exercise.language)]
    assert outside == []


def test_measures_add_up() -> None:
    one = Measures(
        lines=2, with_or=1, words=10, contractions=1, sentences=2, verbless=1, spoken_s=3, length_s=10
    )
    both = one + one
    assert both.or_percent == one.or_percent == 50
    assert both.contractions_percent == 10
    assert both.verbless_percent == 50
    assert both.words_a_sentence == 5
    assert both.spoken_percent == 30


def test_the_table_has_a_row_for_each_and_one_for_all() -> None:
    rows = list(table(LIBRARY))
    assert len(rows) == len(LIBRARY.exercises) + 3
    assert rows[0].split()[0] == "[en]"
    assert rows[-1].startswith("all of them")
    bad = Measures(lines=4, with_or=2, words=100, sentences=10, verbless=1)
    assert [bound.holds(bad, "en") for bound in BOUNDS] == [False, False, False, True, True]
    assert BOUNDS[1].holds(bad, "es")
