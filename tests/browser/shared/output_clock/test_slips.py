"""An output that ran dry: told by the context's own time, within a second, and by how much."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

RECORDED = json.loads((Path(__file__).parent / "output_readings.json").read_text())

Ask = Callable[[str], Any]

HELPERS = """
  // A context in blocks that a page looks at every 50 ms or so; dry says from when on it stands for how long, in ms.
  function looks({forMs = 60_000, block = 3, dry = [], gaps = [], every = 50}) {
    const list = [];
    let seed = 5;
    for (let at = 0; at < forMs; at += every) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const now = at + 6 * seed / 2 ** 32;
      if (gaps.some(([from, to]) => now > from && now < to)) continue;
      const stood = dry.reduce((sum, [from, ms]) => sum + Math.max(0, Math.min(ms, now - from)), 0);
      list.push({now, currentTime: Math.floor((now - stood + 500) / block) * block / 1000, baseLatency: block / 1000});
    }
    return list;
  }
  function slipsOf(list) {
    const slips = s.createSlips();
    return list.map((reading) => [reading.now, slips.read(reading)?.slip]).filter(([, ms]) => ms);
  }
"""


MODULES = {
    "s": "shared/output-clock/slips",
    "o": "shared/output-clock/output-clock",
}


@pytest.mark.parametrize("block", [3, 10, 20])
@pytest.mark.parametrize("stood", [35, 80, 300])
def test_a_sound_that_ran_dry_is_told_within_a_second(ask: Ask, block: int, stood: int) -> None:
    told = ask(f"return slipsOf(looks({{block: {block}, dry: [[20_000, {stood}]]}}))")
    assert len(told) == 1
    at, ms = told[0]
    assert 20_000 < at < 21_200 + stood
    assert ms == pytest.approx(-stood, abs=max(2, block / 2))


def test_each_of_two_in_a_row_is_told(ask: Ask) -> None:
    told = ask("return slipsOf(looks({dry: [[20_000, 33], [21_500, 47]]}))")
    assert sum(ms for _, ms in told) == pytest.approx(-80, abs=3)


@pytest.mark.parametrize(
    "told",
    [
        "forMs: 3_600_000",
        "forMs: 600_000, block: 10",
        "forMs: 600_000, block: 23.2",
        "forMs: 600_000, block: 52",
        "forMs: 600_000, every: 1000",
        "gaps: [[10_000, 10_400], [12_000, 14_000], [20_000, 20_250]]",
        "dry: [[20_000, 4]]",
    ],
    ids=[
        "an hour",
        "blocks of 10 ms",
        "blocks of 23 ms",
        "long blocks",
        "a page behind",
        "held up",
        "a little",
    ],
)
def test_what_is_none_is_not_told(ask: Ask, told: str) -> None:
    assert ask(f"return slipsOf(looks({{{told}}}))") == []


@pytest.mark.parametrize("engine", ["chromium", "webkit", "firefox"])
def test_no_engine_slips_in_its_recorded_readings(ask: Ask, engine: str) -> None:
    assert (
        ask(f"return slipsOf(RECORDED.{engine}.readings.map(([now, currentTime]) => ({{now, currentTime}})))")
        == []
    )


def test_of_each_piece_the_reading_counts_that_leads_most(ask: Ask) -> None:
    pieces = ask(
        """
        const slips = s.createSlips();
        const leads = [3, 9, 4, 1, 8, 2, 5, 5, 6, 7, 5, 5];
        return leads.map((lead, i) => slips.read({now: 50 * i, currentTime: i / 20 + lead / 1000}))
          .map((piece) => piece && Math.round(piece.reading.currentTime * 1000 - piece.reading.now))"""
    )
    assert pieces == [None] * 5 + [9] + [None] * 5 + [7]


def test_a_context_that_slept_did_not_slip(ask: Ask) -> None:
    assert ask("return slipsOf(looks({dry: [[20_000, 9000]]}))") == []


def test_the_clock_is_right_again_within_a_second_though_the_stamps_are_not(ask: Ask) -> None:
    """They are off by 17 ms at first, as PulseAudio's were seen to be."""
    slipped, jumped, worst, source = ask(
        """
        const clock = o.createOutputClock({usualMs: 40, unstatedMs: 0});
        let jumped = false, worst = 0;
        for (const {now, currentTime} of looks({dry: [[20_000, 60]]})) {
          const since = now - 20_000, stood = Math.max(0, Math.min(60, since)), stamp = now - 5;
          const off = since > 0 ? 17 * Math.exp(-since / 3000) : 0;
          const contextTime = (stamp + 500 - stood - 30 + off) / 1000;
          const told = {contextTime, performanceTime: stamp, outputLatency: 0.03, sampleRate: 48000};
          jumped = clock.read({now, currentTime, ...told}) || jumped;
          if (since > 1000) worst = Math.max(worst, Math.abs(clock.toContext(now) * 1000 - (now + 500 - 60 - 30)));
        }
        return [clock.slipped, jumped, worst, clock.source]"""
    )
    assert slipped == 1
    assert not jumped
    assert worst < 3
    assert source == "timestamp"
