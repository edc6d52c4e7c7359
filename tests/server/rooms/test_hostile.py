"""A few thousand hostile frames beside honest rooms. `python -m tests.support.hostile.siege` sends 100,000."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.hostile.siege import besiege

FRAMES = 4_000


@pytest.mark.skipif(sys.platform != "linux", reason="threads and descriptors are read from /proc")
def test_the_service_outlives_hostile_frames_and_honest_rooms_hardly_notice(tmp_path: Path) -> None:
    report = besiege(tmp_path, FRAMES, rooms=8)
    assert sum(report.sent.values()) >= FRAMES
    assert len(report.sent) >= 10
    assert report.waits >= 20
    assert report.p50_ms < 50, report  # the bench, on a quiet machine, holds p99 to that
    assert report.threads[1] <= report.threads[0]
    assert report.descriptors[1] <= report.descriptors[0]
    assert report.answered["500"] == 0
    assert "Traceback" not in report.errors
