"""Tests of Chromium's trace: which frame carried a mark."""

import pytest

from bench.lib.browsers.trace import Trace


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
