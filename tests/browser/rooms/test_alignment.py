"""Two phones brought in step: chirps in a recording, ticks, a delay that is remembered, and the steps of hearing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Ask = Callable[[str], Any]

HELPERS = """
  const RATE = 16_000, FIRST = 1000;
  // The recording of `own`'s microphone: each phone `late` ms late, the other `air` ms away and quieter; walls give
  // all of it back, later; and the microphone itself is `skew` ms late.
  function recorded({own, late, air = 3, skew = 0, noise = 0, gain = 0.1, wall = 0.7, drop = []}) {
    const heard = new Float32Array(RATE * 14);
    let seed = 7;
    for (const who of ["circle", "square"]) {
      const wave = c.chirp(who, RATE), mine = who === own;
      c.chirpTimes(who, FIRST).forEach((due, round) => {
        if (drop.includes(`${who}:${round}`)) return;
        const at = Math.round(((due + late[who] + (mine ? 0 : air) + skew) * RATE) / 1000);
        wave.forEach((sample, i) => {
          heard[at + i] += (mine ? 1 : gain) * sample;
          heard[at + i + RATE / 200] += wall * (mine ? 1 : gain) * sample;
        });
      });
    }
    return heard.map((sample) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
      return sample + (noise * seed) / 2 ** 31;
    });
  }
  const apart = (told) => c.heardApart(recorded(told), RATE, FIRST, told.own);
  // A storage as a browser's.
  function store(kept = {}) {
    return {kept, getItem: (key) => kept[key] ?? null, setItem: (key, value) => { kept[key] = value; }};
  }
"""


MODULES = {
    "c": "room/alignment/chirp",
    "d": "room/alignment/own-delay",
    "s": "room/alignment/signals",
}


# --- chirps


@pytest.mark.parametrize("late_ms", [-250, 0, 80, 300])
def test_half_the_difference_is_the_offset_of_the_outputs(ask: Ask, late_ms: int) -> None:
    circle, square = ask(
        f"""
        const late = {{circle: 12, square: 12 + {late_ms}}};
        return [apart({{own: "circle", late, skew: 90, noise: 0.01}}),
          apart({{own: "square", late, skew: -40, noise: 0.01}})]"""
    )
    assert (circle - square) / 2 == pytest.approx(late_ms, abs=0.2)
    assert (circle + square) / 2 == pytest.approx(3, abs=0.2), "the way through the air is left in their sum"


def test_a_wall_that_is_louder_than_the_direct_way_is_no_phone(ask: Ask) -> None:
    assert ask('return apart({own: "circle", late: {circle: 0, square: 0}, wall: 1.1})') == pytest.approx(
        3, abs=0.2
    )


def test_a_chirp_that_was_lost_does_not_count(ask: Ask) -> None:
    assert ask(
        'return apart({own: "square", late: {circle: 0, square: 0}, drop: ["circle:1", "square:3"]})'
    ) == pytest.approx(3, abs=0.2)


@pytest.mark.parametrize(
    "told",
    [
        "gain: 0, noise: 0.02",
        "drop: ['circle:0', 'circle:1', 'circle:2', 'circle:3']",
        "drop: ['square:0', 'square:1', 'circle:2']",
    ],
    ids=["the other is not heard", "nor oneself", "one round is not enough"],
)
def test_what_is_not_clear_is_told_as_nothing(ask: Ask, told: str) -> None:
    assert ask(f'return apart({{own: "circle", late: {{circle: 0, square: 0}}, {told}}})') is None


def test_a_recording_that_is_too_short_is_nothing(ask: Ask) -> None:
    assert ask('return c.heardApart(new Float32Array(RATE), RATE, FIRST, "circle")') is None


# --- the delay of this device


def test_a_delay_is_remembered_on_the_device(ask: Ask) -> None:
    kept, again = ask(
        """
        const storage = store();
        d.createOwnDelay(() => storage).set(80.26);
        return [storage.kept, d.createOwnDelay(() => storage).ms]"""
    )
    assert list(kept.values()) == ["80.3"]
    assert again == 80.3


@pytest.mark.parametrize(
    ("given", "kept"), [("400", 300), ("-1e9", -300), ("'a word'", 0), ("NaN", 0), ("null", 0)]
)
def test_a_delay_stays_within_bounds(ask: Ask, given: str, kept: float) -> None:
    assert ask(f"const one = d.createOwnDelay(() => store()); one.set({given}); return one.ms") == kept


def test_a_browser_that_keeps_nothing_has_a_delay_all_the_same(ask: Ask) -> None:
    assert (
        ask(
            """
            const one = d.createOwnDelay(() => { throw new Error("refused"); });
            one.set(-20);
            return one.ms"""
        )
        == -20
    )


# --- signals


def test_ticks_are_at_even_seconds_of_the_shared_clock(ask: Ask) -> None:
    here, there = ask(
        """
        const clock = (offset) => ({toServer: (ms) => ms + offset, toLocal: (ms) => ms - offset});
        return [5000, -740].map((offset) => s.ticks(9000 - offset, clock(offset))
          .map(({event, at}) => [event.key, at + offset]))"""
    )
    assert here == there, "both phones tick at the same time, by the same names"
    assert [at % 2000 for _, at in here] == [0] * len(here)
    assert here[0][1] <= 9000 < here[-1][1]


def test_a_phone_without_the_shared_clock_does_not_tick(ask: Ask) -> None:
    assert ask("return s.ticks(0, {toServer: () => NaN, toLocal: () => NaN})") == []


def test_phones_chirp_in_turn(ask: Ask) -> None:
    circle, square = ask(
        "return ['circle', 'square'].map((seat) => s.chirps(seat, 500).map(({event, at}) => [event.sound, at]))"
    )
    assert {sound for sound, _ in circle} == {"chirp:circle"}
    order = sorted([(at, "circle") for _, at in circle] + [(at, "square") for _, at in square])
    assert [seat for _, seat in order] == ["circle", "square"] * 4
    assert order[0][0] == 500
