"""The bench's own eyes and ears: a known input must be read as what it is."""

import numpy as np
import pytest

from bench.figures.audio.captions import read_vtt
from bench.figures.web.prompt import line_through
from bench.lib.made import distinct_lines, made_exercise, write_script
from bench.lib.report import CannotMeasure, Row, Spread, ratios, table
from bench.lib.sound import RATE_HZ, nearest, onsets
from bench.lib.trace import Trace
from exercises.playable import load_script
from exercises.timeline import natural_length_s
from tests.support.sound_card import locate


@pytest.fixture
def noise():
    return np.random.default_rng(5).standard_normal(RATE_HZ)


def test_locate_reads_a_shift_between_two_samples(noise):
    late = np.interp(np.arange(len(noise)) - 0.25, np.arange(len(noise)), noise)
    smooth = np.convolve(noise, np.hanning(9), "same")
    smooth_late = np.convolve(late, np.hanning(9), "same")
    at, likeness = locate(smooth[9_000:12_000], smooth_late, 8_900, 9_100)
    assert at == pytest.approx(9_000.25, abs=0.1)
    assert likeness > 0.95


def test_locate_does_not_find_what_is_not_there(noise):
    other = np.random.default_rng(6).standard_normal(3_000)
    assert locate(other, noise, 0, 10_000)[1] < 0.2


def test_locate_past_the_end_is_unlike(noise):
    assert locate(noise[:3_000], noise, len(noise) - 100, len(noise) + 100)[1] == 0


def test_onset_within_one_window(noise):
    sound = np.zeros(RATE_HZ * 2)
    sound[RATE_HZ : RATE_HZ + 4_800] = noise[:4_800] * 0.1
    assert onsets(sound, 0.2) == pytest.approx([1.0], abs=0.005)


def test_a_short_gap_is_no_onset(noise):
    sound = noise[:RATE_HZ] * 0.1
    sound[10_000:12_400] = 0
    assert list(onsets(sound, 0.2)) == [0.0]


def test_nearest_is_none_out_of_reach():
    assert nearest(np.array([1.0, 4.0]), 2.0, 0.5) is None
    assert nearest(np.array([1.0, 2.1]), 2.0, 0.5) == pytest.approx(2.1)


def test_a_line_stays_where_most_points_are():
    x = np.arange(40.0)
    y = 3 * x + 7
    y[::5] += 60
    assert line_through(x, y) == pytest.approx((3, 7))


def test_captions_are_read_with_both_their_lines():
    text = (
        "WEBVTT\n\n00:01:02.500 --> 00:01:04.000\nCircle: a\nSquare: b\n\n01:00:00.000 --> 01:00:01.000\nc\n"
    )
    assert read_vtt(text) == [(62.5, "Circle: a\nSquare: b"), (3600.0, "c")]


def test_a_trace_gives_the_frame_that_carried_a_mark():
    def event(name, phase, ts, frame, state=None):
        args = {"frame_reporter": {"state": state}} if state else {}
        return {"name": name, "ph": phase, "ts": ts, "pid": 1, "id2": {"local": frame}, "args": args}

    trace = Trace()
    trace.read(
        [
            {"name": "m", "cat": "blink.user_timing", "ts": 1_010_000},
            event("PipelineReporter", "b", 980_000, "0x1", "STATE_PRESENTED_ALL"),
            event("SendBeginMainFrameToCommit", "b", 985_000, "0x1"),
            event("SendBeginMainFrameToCommit", "e", 990_000, "0x1"),
            event("PipelineReporter", "b", 1_000_000, "0x2", "STATE_PRESENTED_ALL"),
            event("SendBeginMainFrameToCommit", "b", 1_005_000, "0x2"),
            event("SendBeginMainFrameToCommit", "e", 1_012_000, "0x2"),
            event("PipelineReporter", "e", 1_013_000, "0x1"),
            event("PipelineReporter", "e", 1_020_000, "0x2"),
        ]
    )
    assert trace.presented("m") == pytest.approx(1.02)
    assert trace.presented("another") is None


def test_made_exercises_have_no_line_twice_and_take_their_length():
    assert len(set(distinct_lines(190))) == 190
    assert natural_length_s(made_exercise(60, 600)) == pytest.approx(600, abs=0.5)


@pytest.mark.parametrize(("lines", "length_s"), [(10, 180), (60, 600), (190, 3600)])
def test_a_service_plays_made_exercises(tmp_path, lines, length_s):
    made = made_exercise(lines, length_s)
    write_script(made, tmp_path)
    assert load_script(tmp_path / f"{made.id}.yaml").lengths == made.lengths


def test_spread_needs_a_reading():
    with pytest.raises(CannotMeasure):
        Spread.of([])
    assert ratios([2, 9], [1, 3]).median == 2.5


def test_a_row_without_a_question_has_no_verdict():
    assert Row("a", "1").verdict == ""
    assert "MISSED" in table([Row("a", "1", ok=False)])
