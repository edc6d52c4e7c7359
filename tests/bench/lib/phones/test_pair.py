"""The listener to two phones must read a known recording as what it is, and miss what is not in it."""

import random

import numpy as np
import pytest

from bench.figures.phones.restart import _ran_dry, _shifts_ms
from bench.figures.phones.stops import Ear, Tap
from bench.figures.phones.together import Asked, row, slipped
from bench.lib.phones.network import delay_ms
from bench.lib.phones.pair import Heard, Window, anchor, hear, windows_of
from bench.lib.report import CannotMeasure
from tests.support.sound_card import RATE_HZ, Take


@pytest.fixture
def line():
    """Two seconds of noise as smooth as speech."""
    noise = np.random.default_rng(11).standard_normal(2 * RATE_HZ)
    return np.convolve(noise, np.hanning(41) / 20, "same") * 0.1


def take_of(*placed, seconds=8):
    """A recording with a sound on each channel at each (channel, sample, sound)."""
    sound = np.zeros((seconds * RATE_HZ, 2), np.float32)
    for channel, at, wave in placed:
        sound[at : at + len(wave), channel] += wave
    return Take(sound=sound)


def test_windows_are_where_speech_is_and_nowhere_else(line):
    quiet = line.copy()
    quiet[: round(0.6 * RATE_HZ)] = 0
    assert [w.at_s for w in windows_of(10.0, line)] == pytest.approx([10.0, 10.6, 11.2])
    assert [w.at_s for w in windows_of(10.0, quiet)] == pytest.approx([10.6, 11.2])


def test_one_phone_that_is_late_is_read_so(line):
    windows = windows_of(3.0, line)
    heard = hear(take_of((0, RATE_HZ, line), (1, RATE_HZ + round(0.002 * RATE_HZ), line)), windows)
    assert [one.offset_ms for one in heard] == pytest.approx([2.0] * 3, abs=0.05)
    assert not any(one.missed for one in heard)


def test_what_one_phone_did_not_play_is_missed_and_fails_the_figure(line):
    broken = line.copy()
    broken[round(0.6 * RATE_HZ) : round(1.2 * RATE_HZ)] = 0
    heard = hear(take_of((0, RATE_HZ, line), (1, RATE_HZ, broken)), windows_of(3.0, line))
    assert [one.missed for one in heard] == [False, True, False]
    assert row("", heard, Asked(2.0, 5.0)).ok is False


def test_what_both_did_not_play_is_missed_as_well(line):
    cut = line[: round(1.2 * RATE_HZ)]
    heard = hear(take_of((0, RATE_HZ, cut), (1, RATE_HZ, cut)), windows_of(3.0, line))
    assert [one.missed for one in heard] == [False, False, True]


def test_fewer_windows_than_asked_fail_the_figure(line):
    heard = hear(take_of((0, RATE_HZ, line), (1, RATE_HZ, line)), windows_of(3.0, line))
    assert row("", heard, Asked(2.0, 5.0)).ok is True
    missing = row("", heard, Asked(2.0, 5.0), enough=200)
    assert missing.ok is False
    assert "fewer than the 200 asked" in missing.seen


def heard_of(*offsets_ms):
    """Two windows a line, one in time and one as far off as given."""
    return [
        Heard(Window(0.0, np.zeros(1), line), 0.0, ms * RATE_HZ / 1000, 1.0)
        for line, off in enumerate(offsets_ms)
        for ms in (0.5, off)
    ]


def test_a_slip_may_last_one_line_and_no_longer():
    assert slipped(heard_of(1, 84, 2, -31), 15) == 1
    assert slipped(heard_of(1, 84, 31, 2), 15) == 2
    asked = Asked(100.0, slip_ms=15.0)
    assert row("", heard_of(1, 84, 2), asked).ok is True
    assert row("", heard_of(1, 84, 31), asked).ok is False


def test_a_recording_without_the_line_is_no_measurement(line):
    with pytest.raises(CannotMeasure):
        anchor(take_of(), [Window(0.0, line[:RATE_HZ])])


@pytest.mark.parametrize("into_ms", [700, 1100])
def test_the_time_from_a_tap_to_silence(line, into_ms):
    at, placed_s = 2 * RATE_HZ, 5.0
    kept = round(into_ms * RATE_HZ / 1000)
    stopped = line.copy()
    stopped[kept:] = 0
    # the page's sound is 30 s behind its wall clock; the line was placed 5 s into it
    log = {"starts": [[0.0, placed_s, 2.0]], "alignment": [[ms, ms / 1000 - 30.0] for ms in (34_000, 35_000)]}
    ear = Ear(take_of((1, at, stopped)).sound[:, 1], log, {2.0: line}, began_s=33.0)
    tapped_ms = (30.0 + placed_s) * 1000 + into_ms - 45
    assert ear.silent_ms(Tap(tapped_ms, 2.0, 0.6)) == pytest.approx(45, abs=2)


def test_a_line_that_was_not_stopped_is_not_read_as_silence(line):
    log = {"starts": [[0.0, 5.0, 2.0]], "alignment": [[35_000, 5.0]]}
    ear = Ear(take_of((0, 2 * RATE_HZ, line)).sound[:, 0], log, {2.0: line}, began_s=33.0)
    assert ear.silent_ms(Tap(35_700, 2.0, 0.6)) is None


@pytest.mark.parametrize("rtt", [40, 120])
def test_the_mean_round_trip_is_the_one_asked_for(rtt):
    chance = random.Random(3)
    calm = [d for d in (delay_ms(rtt, chance) for _ in range(20_000)) if d < rtt]
    assert 2 * np.mean(calm) == pytest.approx(rtt, rel=0.05)
    assert min(calm) >= 0.4 * rtt


def test_one_piece_in_a_hundred_waits_longer():
    chance = random.Random(4)
    late = sum(delay_ms(40, chance) > 16 + 50 for _ in range(20_000))
    assert late == pytest.approx(200, abs=60)


def test_the_same_seed_gives_the_same_network():
    assert [delay_ms(200, random.Random(9)) for _ in range(3)] == [delay_ms(200, random.Random(9))] * 3


def bridge_of(*steps, seconds=20):
    """A phone's readings of its sound, every 20 ms, that lose `ms` at each (second, ms), and drift by 200 ppm."""
    at = np.arange(0, seconds, 0.02)
    lost = sum(np.where(at >= when, ms, 0.0) for when, ms in steps) if steps else 0.0
    return np.stack([at * 1000, at * 1.0002 - lost / 1000], axis=1)


def test_an_output_that_ran_dry_is_told_with_what_it_lost():
    assert _ran_dry(bridge_of()) == []
    found = _ran_dry(bridge_of((5.0, 30.0), (12.0, 8.0)))
    assert [at for at, _ in found] == pytest.approx([5.0, 12.0], abs=0.2)
    assert [ms for _, ms in found] == pytest.approx([30.0, 8.0], abs=0.1)


def test_only_what_ran_dry_is_taken_off_a_shift(line):
    windows = [Window(float(second), line[:RATE_HZ]) for second in range(0, 100, 10)]
    late = [0.04 if window.at_s == 50 else 0.0 for window in windows]
    heard = [
        Heard(window, window.at_s * RATE_HZ, (window.at_s + by) * RATE_HZ, 1.0)
        for window, by in zip(windows, late, strict=True)
    ]
    assert max(_shifts_ms(heard, [[], []])) == pytest.approx(40, abs=0.1)
    assert max(_shifts_ms(heard, [[], [(49.0, 30.0)]])) == pytest.approx(10, abs=0.1)
    assert max(_shifts_ms(heard, [[(49.0, 30.0)], [(80.0, 30.0)]])) == pytest.approx(40, abs=0.1)
