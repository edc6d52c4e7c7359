"""The guard of a phone's sound: what is expected against what is heard, in simulated time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Ask = Callable[[str], Any]

HELPERS = """
  // A phone that is looked at 20 times a second. `seen` says how it is; gives [ms, fault, act] at each change.
  function watched(untilMs, seen, guard = g.createOutputGuard()) {
    const told = [];
    let before = null;
    guard.opened(0);
    for (let now = 0; now <= untilMs; now += 50) {
      const {fault, act} = guard.look({
        now, state: "running", stalled: false, ran: true, expected: 0, heard: 0, lacking: false, ...seen(now, guard)});
      if (act || fault !== before) told.push([now, fault, act]);
      before = fault;
    }
    return told;
  }
  // A line of three seconds every ten, from the first second on.
  const line = (now) => now % 10_000 >= 1000 && now % 10_000 < 4000 ? 0.08 : 0;
  const steady = (rate, seconds, level) => new Float32Array(rate * seconds).fill(level);
"""


MODULES = {
    "g": "room/sound/output-guard",
    "l": "room/sound/loudness",
}


# --- silence by design


@pytest.mark.parametrize(
    "seen",
    [
        "{}",
        "{expected: line(now), heard: line(now)}",
        "{expected: line(now), heard: line(now) * 0.4}",
        "{expected: 0, heard: line(now)}",
        "{expected: line(now) / 20, heard: 0}",
        "{state: 'none', stalled: true, expected: 1}",
    ],
    ids=["rests", "lines", "a quiet line", "another's line", "next to nothing", "before any tap"],
)
def test_silence_by_design_is_no_fault(ask: Ask, seen: str) -> None:
    assert ask(f"return watched(60_000, (now) => ({seen}))") == []


def test_a_rest_after_silence_forgets_nothing_and_a_sound_all(ask: Ask) -> None:
    """Short words: 0.4 s each. Two in a row that are not heard are a fault; one that is heard takes all of it back."""
    deaf, mixed = ask(
        """
        const word = (now) => now % 3000 < 400 ? 0.08 : 0;
        return [watched(9000, (now) => ({expected: word(now)})),
          watched(30_000, (now) => ({expected: word(now), heard: now % 6000 < 3000 ? 0 : word(now)}))]"""
    )
    assert deaf[0][1] == "silent"
    assert deaf[0][0] < 6400
    assert mixed == []


# --- what is a fault, and how soon


@pytest.mark.parametrize(
    ("broken", "fault", "within_ms"),
    [
        ("{state: 'closed'}", "stopped", 50),
        ("{state: 'suspended'}", "waiting", 50),
        ("{state: 'interrupted'}", "interrupted", 50),
        ("{stalled: true}", "stopped", 50),
        ("{expected: 0.08, heard: 0}", "silent", 700),
        ("{expected: 0.08, heard: 0.01}", "silent", 700),
        ("{lacking: true}", "voice", 50),
    ],
)
def test_each_fault_is_told_at_once_and_ends_when_it_is_over(
    ask: Ask, broken: str, fault: str, within_ms: int
) -> None:
    told = ask(
        f"return watched(30_000, (now) => now >= 10_000 && now < 20_000 ? ({broken}) : {{expected: 0.08, heard: 0.08}})"
    )
    assert told[0][1] == fault
    assert told[0][0] - 10_000 <= within_ms
    assert told[-1][1] is None
    assert told[-1][0] <= 24_000


def test_a_line_that_cannot_be_heard_is_told_of_within_that_line(ask: Ask) -> None:
    told = ask("return watched(20_000, (now) => ({expected: line(now), heard: 0}))")
    assert told[0][1] == "silent"
    assert 1000 <= told[0][0] < 2000


def test_the_fault_stands_through_the_rest_after_the_line(ask: Ask) -> None:
    told = ask("return watched(15_000, (now) => ({expected: line(now), heard: now > 9000 ? line(now) : 0}))")
    assert [fault for _, fault, _ in told if fault != "silent"] == [None]
    assert told[-1][0] == 11_000, "at the first sound of the next line"


def test_a_context_has_time_to_open(ask: Ask) -> None:
    """Firefox takes a second and a half, and Chromium's clock stands at its first block for a while."""
    told = ask(
        """
        const opening = (now) => ({state: now < 1500 ? "suspended" : "running", stalled: now > 2300, ran: false});
        return watched(10_000, (now) => now < 2500 ? opening(now) : {})"""
    )
    assert told == []


def test_one_that_does_not_open_is_told_of(ask: Ask) -> None:
    told = ask("return watched(10_000, (now) => ({state: 'suspended', ran: false}))")
    assert told[0][:2] == [3000, "waiting"]


def test_a_page_that_was_held_up_heard_nothing_meanwhile(ask: Ask) -> None:
    """Ten seconds without a look are not ten seconds of silence."""
    assert (
        ask(
            """
            const guard = g.createOutputGuard();
            guard.opened(0);
            const told = [];
            for (const now of [5000, 5050, 15_000, 15_050, 15_100]) {
              const heard = now === 5000 ? 0.08 : 0;
              const seen = {now, state: "running", stalled: false, ran: true, expected: 0.08, heard, lacking: false};
              told.push(guard.look(seen).fault);
            }
            return told.filter(Boolean).length"""
        )
        == 0
    )


# --- what is done


def test_silence_is_mended_by_gentler_acts_first(ask: Ask) -> None:
    told = ask("return watched(6000, (now) => ({expected: 0.08, heard: 0}))")
    assert [act for _, _, act in told] == ["reroute", "rebuild", "redecode", "rebuild"]
    assert told[-1][0] < 3000, "all of it within one line"


def test_tries_grow_further_apart(ask: Ask) -> None:
    at = ask(
        """
        const told = watched(200_000, (now) => now < 5000 ? {} : {stalled: true});
        return told.filter(([, , act]) => act).map(([now]) => now)"""
    )
    assert at[:4] == [5000, 9000, 17_000, 33_000]
    assert at[-1] - at[-2] == 60_000


def test_what_was_mended_is_begun_anew_with_the_gentlest(ask: Ask) -> None:
    acts = ask(
        """
        let mended = -1;
        return watched(30_000, (now, guard) => {
          const deaf = now % 15_000 > 5000 && mended < now - 5000;
          return {expected: 0.08, heard: deaf && now % 15_000 < 5800 ? 0 : 0.08};
        }).map(([, , act]) => act).filter(Boolean)"""
    )
    assert acts == ["reroute", "reroute"]


def test_a_context_that_was_opened_anew_has_time_before_the_next_try(ask: Ask) -> None:
    told = ask(
        """
        let openedAt = NaN;
        return watched(9000, (now, guard) => {
          if (now === 5050) guard.opened(openedAt = now);
          if (now < 5000 || now >= 7000) return {};
          return {ran: now < 5050, state: now < 5050 || now > 6000 ? "running" : "suspended", stalled: now < 5050};
        })"""
    )
    assert told == [[5000, "stopped", "rebuild"], [7000, None, None]]


# --- what is expected


def test_a_level_is_expected_well_within_a_sound(ask: Ask) -> None:
    levels = ask(
        """
        const envelope = l.envelopeOf(steady(1000, 2, 0.1), 1000);
        const one = {envelope, began: 10, offset: 0, level: 1, ends: Infinity};
        return [9.9, 10.05, 10.2, 11, 11.9, 11.97, 12.1].map((at) => l.expectedLevel([one], at))"""
    )
    assert levels == pytest.approx([0, 0, 0.1, 0.1, 0.1, 0, 0], abs=1e-6)


def test_what_is_left_out_or_silenced_is_not_expected(ask: Ask) -> None:
    levels = ask(
        """
        const quiet = new Float32Array(2000).fill(0.1, 0, 1000), envelope = l.envelopeOf(quiet, 1000);
        const one = {envelope, began: 10, offset: 0, level: 1, ends: Infinity};
        return [[one], [{...one, offset: 0.9}], [{...one, level: 0}], [{...one, ends: 10.4}], []]
          .map((list) => l.expectedLevel(list, 10.5))"""
    )
    assert levels == pytest.approx([0.1, 0, 0, 0, 0], abs=1e-6)


def test_the_louder_of_two_sounds_is_expected(ask: Ask) -> None:
    assert ask(
        """
        const one = (level) => ({envelope: l.envelopeOf(steady(1000, 2, level), 1000), began: 10, offset: 0, level: 1,
          ends: Infinity});
        return l.expectedLevel([one(0.02), one(0.1)], 11)"""
    ) == pytest.approx(0.1, abs=1e-6)
