"""The audit's report, on recorded transcripts: what is listed, in which order, and the totals."""

from __future__ import annotations

import pytest

from bench.lib.recognition.audit_report import LEAST, MISHEARD, Audited, listing, rows, totals
from bench.lib.recognition.word_errors import compare
from bench.lib.report import CannotMeasure


def audited(where: str, said: str, heard: str, naturalness: float = 4.4) -> Audited:
    return Audited(where, "neutral", said, compare(said, heard), naturalness)


KEYS = (
    audited("keys", "Put the keys by the door.", "Put the keys by the door."),
    audited("keys", "Wind down.", "Wend down.", 4.1),
    audited("keys", "A light was left on.", "Alight was laughed on.", 4.0),
)
DOORWAY = (audited("doorway", "You're both here.", "you're both here", LEAST - 0.1),)


def test_totals_are_over_all_words_and_all_lines() -> None:
    seen = totals([*KEYS, *DOORWAY])
    assert (seen.lines, seen.words) == (4, 16)
    assert seen.misheard == pytest.approx(2 / 16)
    assert seen.mean == pytest.approx((4.4 + 4.1 + 4.0 + 3.1) / 4)
    assert seen.least == pytest.approx(3.1)


def test_no_line_is_no_audit() -> None:
    with pytest.raises(CannotMeasure):
        totals([])


def test_what_was_misheard_is_listed_with_its_words_and_its_naturalness() -> None:
    told = "\n".join(listing(KEYS))
    assert "wind → wend" in told
    assert "4.10" in told
    assert "Wind down." in told
    assert "Put the keys by the door." not in told


def test_a_line_that_sounds_unnatural_is_listed_though_every_word_was_heard() -> None:
    assert any("sounds unnatural" in line for line in listing(DOORWAY))


def test_exercises_without_a_finding_are_not_named() -> None:
    assert listing([audited("keys", "Stay.", "Stay.")]) == []


def test_each_exercise_heads_its_own_findings() -> None:
    heads = [line for line in listing([*KEYS, *DOORWAY]) if not line.startswith(" ")]
    assert [head.partition(":")[0] for head in heads] == ["keys", "doorway"]


def test_rows_hold_to_both_limits() -> None:
    well = [audited("keys", "Stay with the floor.", "stay with the floor")] * 40
    assert [row.ok for row in rows(well, "neutral")] == [True, True]
    assert [row.ok for row in rows([*well, *KEYS], "neutral")] == [MISHEARD >= 2 / 173, True]
    assert [row.ok for row in rows([*well, *KEYS, *KEYS], "neutral")] == [MISHEARD >= 4 / 186, True]
    assert [row.ok for row in rows([*well, *DOORWAY], "neutral")] == [True, False]


def test_a_voice_that_stands_in_is_held_to_being_understood() -> None:
    heard = [audited("keys", "Stay with the floor.", "stay with the floor", LEAST - 1)] * 40
    assert [row.ok for row in rows([*heard, *KEYS], "es-clearer", "es")] == [True, None]
    assert [row.ok for row in rows(KEYS, "es-clearer", "es")] == [False, None]


def test_rows_carry_every_line_for_other_programs() -> None:
    (first, _) = rows(KEYS, "neutral")
    assert first.values["lines"][1] == {
        "where": "keys", "text": "Wind down.", "words": 2, "wrong": 1, "mistakes": ["wind → wend"], "naturalness": 4.1,
    }  # fmt: skip
