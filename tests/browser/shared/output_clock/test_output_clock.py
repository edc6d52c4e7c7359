"""The judge of the sound's clock: readings of three engines as they were recorded, and readings that cannot be true."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

RECORDED = json.loads((Path(__file__).parent / "output_readings.json").read_text())

ORDER = ["timestamp", "latency", "usual"]

Ask = Callable[[str], Any]

HELPERS = """
  const FIELDS = ["now", "currentTime", "contextTime", "performanceTime", "outputLatency", "baseLatency"];
  const recorded = (name, change = (reading) => reading) => RECORDED[name].readings.map((row) => change(
    {sampleRate: RECORDED[name].sampleRate, ...Object.fromEntries(row.map((value, i) => [FIELDS[i], value]))}));
  const clockOf = (name) => o.createOutputClock(p.outputDelays(RECORDED[name].agent));
  // Feeds readings; gives when which source was gone by, in ms since the first.
  function feed(clock, readings) {
    const seen = [];
    for (const reading of readings) {
      clock.read(reading);
      if (seen.at(-1)?.[1] !== clock.source) seen.push([Math.round(reading.now - readings[0].now), clock.source]);
    }
    return seen;
  }
  // An honest output: made 30 ms before it is heard, in blocks of 10 ms, with a page that looks every 50 ms.
  function honest(forMs, change = (reading) => reading, from = 1000) {
    const list = [];
    for (let now = from; now < from + forMs; now += 50) {
      const currentTime = Math.floor((now - 500) / 10) / 100, stamp = now - (now * 7 % 13);
      list.push(change({now, currentTime, contextTime: (stamp - 530) / 1000, performanceTime: stamp,
        outputLatency: 0.032, baseLatency: 0.003, sampleRate: 48000}));
    }
    return list;
  }
  const fresh = () => o.createOutputClock({usualMs: 40, unstatedMs: 0});
"""


MODULES = {
    "o": "shared/output-clock/output-clock",
    "p": "shared/output-clock/platforms",
    "r": "shared/output-clock/readings",
}


# --- recorded readings


@pytest.mark.parametrize(
    ("engine", "source"), [("chromium", "timestamp"), ("webkit", "usual"), ("firefox", "latency")]
)
def test_each_engine_is_gone_by_what_is_true_of_it(ask: Ask, engine: str, source: str) -> None:
    seen, ready, stalled = ask(
        f"const clock = clockOf('{engine}'), seen = feed(clock, recorded('{engine}'));"
        "return [seen, clock.ready, clock.stalled]"
    )
    assert seen[-1][1] == source
    better = ORDER[: ORDER.index(source)]
    assert not [name for _, name in seen if name in better], "no better one was ever believed"
    assert seen[-1][0] < 4000
    assert ready
    assert not stalled


@pytest.mark.parametrize(
    ("engine", "least", "most"), [("chromium", 20, 45), ("webkit", 55, 80), ("firefox", 15, 45)]
)
def test_a_sound_is_heard_after_it_is_made(ask: Ask, engine: str, least: float, most: float) -> None:
    """By the clock, what is heard at the last reading was made so many ms before."""
    lag = ask(
        f"const clock = clockOf('{engine}'), list = recorded('{engine}');"
        "feed(clock, list);"
        "const tail = list.slice(-40).map(({now, currentTime}) => currentTime - clock.toContext(now));"
        "return 1000 * tail.sort((a, b) => a - b)[20]"
    )
    assert least < lag < most


def test_the_stamps_of_webkit_are_refused_for_their_rate(ask: Ask) -> None:
    """They say two seconds of the page for one of sound, so that even a later, better one would not count at once."""
    assert ask(
        "const clock = clockOf('webkit'), list = recorded('webkit');"
        "feed(clock, list.slice(0, 30));"
        "return clock.reasons.timestamp"
    ) in ("rate", "restless", "refused")


def test_the_stamps_of_firefox_leave_the_latency_out(ask: Ask) -> None:
    assert (
        ask("const c = clockOf('firefox'); feed(c, recorded('firefox')); return c.reasons.timestamp")
        == "latency"
    )


def test_what_a_stated_latency_leaves_out_is_added(ask: Ask) -> None:
    lag = "c.toContext(list.at(-1).now)"
    stated, whole = ask(
        "const list = recorded('firefox'), place = (unstatedMs) => {"
        f"const c = o.createOutputClock({{usualMs: 40, unstatedMs}}); feed(c, list); return {lag}; }};"
        "return [place(0), place(5)]"
    )
    assert 1000 * (stated - whole) == pytest.approx(5)


@pytest.mark.parametrize(
    ("agent", "usual"),
    [
        ("Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36", 60),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1",
            25,
        ),
    ],
)
def test_nothing_is_added_where_it_was_never_measured(ask: Ask, agent: str, usual: int) -> None:
    assert ask(f"return [p.outputDelays('{agent}'), p.elementLeadMs('{agent}')]") == [
        {"usualMs": usual, "unstatedMs": 0},
        0,
    ]


# --- what cannot be true


LIES = {
    "offset by the context's time": "{...x, performanceTime: x.now + x.currentTime * 1000}",
    "zero": "{...x, contextTime: 0, performanceTime: 0}",
    "not a number": "{...x, contextTime: NaN, performanceTime: NaN}",
    "frozen": "{...x, contextTime: 1, performanceTime: 1530}",
    "frozen in the page's time alone": "{...x, performanceTime: 1530}",
    "going backwards": "{...x, contextTime: 20 - x.contextTime, performanceTime: x.performanceTime}",
    "backwards in both": "{...x, contextTime: 9 - x.now / 1e4, performanceTime: 9500 - x.now / 10}",
    "one per cent fast": "{...x, contextTime: x.contextTime + (x.now - 1000) * 1e-5}",
    "one per cent slow": "{...x, contextTime: x.contextTime - (x.now - 1000) * 1e-5}",
    "ten seconds old": "{...x, performanceTime: Math.max(1, x.performanceTime - 10000)}",
    "in seconds": "{...x, performanceTime: x.performanceTime / 1000}",
    "since 1970": "{...x, performanceTime: x.performanceTime + 1.7e12}",
    "heard before it is made": "{...x, contextTime: x.contextTime + 0.2}",
    "endless": "{...x, contextTime: Infinity}",
    "negative": "{...x, contextTime: -x.contextTime}",
    "missing": "{...x, contextTime: undefined, performanceTime: undefined}",
    "at random": "{...x, contextTime: (x.now * 7919 % 5000) / 1000}",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_never_believed_and_the_stated_latency_is(ask: Ask, lie: str) -> None:
    sources, error, steady = ask(
        f"const clock = fresh(), seen = feed(clock, honest(9000, (x) => ({LIES[lie]})));"
        "return [seen.map(([at, name]) => name), clock.toContext(12_000) - 11.468, clock.steady]"
    )
    assert "timestamp" not in sources or lie.startswith("one per cent")
    assert sources[-1] == "latency"
    assert abs(error) < 0.012
    assert steady


def test_a_rate_that_is_one_per_cent_off_is_refused_before_it_calls_itself_steady(ask: Ask) -> None:
    lasting, steady = ask(
        """
        const clock = fresh(), seen = [], list = honest(9000, (x) => ({...x, contextTime: x.contextTime * 1.01}));
        let steady = false;
        for (const reading of list) {
          clock.read(reading);
          if (clock.source === "timestamp") { seen.push(reading.now); steady ||= clock.steady; }
        }
        return [seen.length ? seen.at(-1) - seen[0] : 0, steady]"""
    )
    assert lasting < 5000
    assert not steady


@pytest.mark.parametrize("latency", ["0", "undefined", "NaN", "-1", "9", "Infinity"])
def test_a_latency_that_cannot_be_leaves_the_usual_one(ask: Ask, latency: str) -> None:
    source, lag = ask(
        f"const clock = fresh(), list = honest(4000, (x) => ({{...x, performanceTime: 0, outputLatency: {latency}}}));"
        "feed(clock, list);"
        "return [clock.source, 9500 - clock.toContext(10_000) * 1000]"
    )
    assert source == "usual"
    assert lag == pytest.approx(44, abs=6), "forty, and half of what currentTime is rounded to"


def test_a_base_latency_counts_where_it_is_more_than_a_block(ask: Ask) -> None:
    sources = ask(
        """
        const by = (baseLatency) => {
          const clock = fresh();
          feed(clock, honest(3000, (x) => ({...x, performanceTime: 0, outputLatency: undefined, baseLatency})));
          return clock.source;
        };
        return [by(0.003), by(0.045)]"""
    )
    assert sources == ["usual", "latency"]


@pytest.mark.parametrize(
    "clock_of_all",
    ["{...x, currentTime: 1.5}", "{...x, currentTime: NaN}", "{...x, currentTime: x.now / 500}"],
)
def test_where_the_context_itself_lies_nothing_is_ready(ask: Ask, clock_of_all: str) -> None:
    source, ready, steady = ask(
        f"const clock = fresh(); feed(clock, honest(30_000, (x) => ({{...({clock_of_all}), performanceTime: 0}})));"
        "return [clock.source, clock.ready, clock.steady]"
    )
    assert (source, ready, steady) == (None, False, False)


# --- over time


def test_a_step_after_a_change_of_route_is_a_jump_and_not_a_lie(ask: Ask) -> None:
    """Headphones with 180 ms of their own: stamps and latency move together, and the stamps stay believed."""
    jumps, seen, error = ask(
        """
        const clock = fresh(), list = honest(20_000, (x) => x.now < 9000 ? x
          : {...x, contextTime: x.contextTime - 0.18, outputLatency: 0.216});
        const jumps = [], seen = new Set();
        for (const reading of list) {
          if (clock.read(reading)) jumps.push(reading.now);
          if (reading.now > 3000) seen.add(clock.source);
        }
        return [jumps, [...seen], clock.toContext(30_000) - 29.29]"""
    )
    assert len(jumps) == 1
    assert 9000 <= jumps[0] <= 10_000
    assert seen == ["timestamp"]
    assert abs(error) < 0.002


def test_stamps_that_go_bad_are_left_once_and_for_a_while(ask: Ask) -> None:
    """Good, then frozen, then good: one step down, and one up when they have been good for long."""
    seen = ask(
        """
        const bad = ({now}) => now > 10_000 && now < 14_000;
        return feed(fresh(), honest(60_000, (x) => bad(x) ? {...x, contextTime: 9.4, performanceTime: 9930} : x))
          .filter(([at]) => at > 3000)"""
    )
    assert [name for _, name in seen] == ["latency", "timestamp"]
    assert seen[0][0] < 11_500
    assert seen[1][0] - seen[0][0] >= 15_000


def test_a_change_of_step_is_no_jump(ask: Ask) -> None:
    """Sounding cues go on; those placed for later are moved by the next look at it, and by a few ms only."""
    jumped, moved = ask(
        """
        const clock = fresh();
        let jumped = false, moved = 0, before = NaN;
        for (const x of honest(20_000, (x) => x.now > 9000 ? {...x, contextTime: NaN} : x)) {
          jumped = clock.read(x) || jumped;
          const at = clock.toContext(50_000);
          if (x.now > 3000) moved = Math.max(moved, Math.abs(at - before));
          before = at;
        }
        return [jumped, moved * 1000]"""
    )
    assert not jumped
    assert moved < 15


def test_before_a_second_has_passed_a_first_reading_has_to_do(ask: Ask) -> None:
    """So that a page that was loaded again can sound; it does not call that ready."""
    nan, first, ready = ask(
        "const clock = fresh(), nan = Number.isNaN(clock.toContext(1));"
        "clock.read(honest(50)[0]);"
        "return [nan, clock.toContext(1000), clock.ready]"
    )
    assert nan
    assert first == pytest.approx(0.46, abs=0.02)
    assert not ready


def test_another_sample_rate_is_another_output(ask: Ask) -> None:
    before, after = ask(
        "const clock = fresh(); feed(clock, honest(5000));"
        "const before = clock.ready;"
        "clock.read({...honest(50, (x) => x, 6000)[0], sampleRate: 16000});"
        "return [before, clock.ready]"
    )
    assert before
    assert not after


def test_a_clock_that_stands_still_is_noticed_within_a_second(ask: Ask) -> None:
    at = ask(
        """
        const clock = fresh();
        for (const x of honest(9000, (x) => x.now < 5000 ? x : {...x, currentTime: 4.49, contextTime: 4.46,
          performanceTime: 4990})) {
          clock.read(x);
          if (clock.stalled) return x.now - 5000;
        }"""
    )
    assert 500 < at < 1000


def test_a_page_that_was_held_up_knows_nothing_of_a_standing_clock(ask: Ask) -> None:
    """It comes back and sees the same time twice; that is not a second of looking."""
    assert not ask(
        """
        const clock = fresh();
        feed(clock, honest(3000));
        let stalled = false;
        for (const now of [8000, 8050, 8100]) {
          clock.read({...honest(50, (x) => x, 7900)[0], now});
          stalled ||= clock.stalled;
        }
        return stalled"""
    )


def test_an_hour_of_honest_readings_stays_with_the_stamps(ask: Ask) -> None:
    seen, worst = ask(
        """
        const clock = fresh(), list = honest(3_600_000);
        const seen = new Set();
        let worst = 0;
        for (const reading of list) {
          clock.read(reading);
          if (reading.now > 3000) {
            seen.add(clock.source);
            worst = Math.max(worst, Math.abs(clock.toContext(reading.now) * 1000 - reading.now + 530));
          }
        }
        return [[...seen], worst]"""
    )
    assert seen == ["timestamp"]
    assert worst < 1
