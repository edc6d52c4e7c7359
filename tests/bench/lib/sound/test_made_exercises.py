"""Tests of made exercises: no line twice, the length that was asked for, and a service plays them."""

import pytest

from bench.lib.sound.made_exercises import distinct_lines, made_exercise, write_script
from exercises.loading.playable import load_script
from exercises.timeline import natural_length_s


def test_made_exercises_have_no_line_twice_and_take_their_length():
    assert len(set(distinct_lines(190))) == 190
    assert natural_length_s(made_exercise(60, 600)) == pytest.approx(600, abs=0.5)


@pytest.mark.parametrize(("lines", "length_s"), [(10, 180), (60, 600), (190, 3600)])
def test_a_service_plays_made_exercises(tmp_path, lines, length_s):
    made = made_exercise(lines, length_s)
    write_script(made, tmp_path)
    assert load_script(tmp_path / f"{made.id}.yaml").lengths == made.lengths
