"""Tests of rows of figures: spread, ratios and verdicts."""

import pytest

from bench.lib.report import CannotMeasure, Row, Spread, ratios, table


def test_spread_needs_a_reading():
    with pytest.raises(CannotMeasure):
        Spread.of([])
    assert ratios([2, 9], [1, 3]).median == 2.5


def test_a_row_without_a_question_has_no_verdict():
    assert Row("a", "1").verdict == ""
    assert "MISSED" in table([Row("a", "1", ok=False)])
