"""Tests of the line through points."""

import numpy as np
import pytest

from bench.figures.web.prompt import line_through


def test_a_line_stays_where_most_points_are():
    x = np.arange(40.0)
    y = 3 * x + 7
    y[::5] += 60
    assert line_through(x, y) == pytest.approx((3, 7))
