"""The mix: placed by sample, never overlapping, nothing that clicks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from audio.dsp.voice_effects import with_lead
from audio.levels import LEAD_S, MIN_GAP_S
from audio.recipe import Texture
from audio.render.mix import BLOCK, Mix, makeup
from exercises.library import load_library
from exercises.timeline import SAMPLE_RATE, Timeline, plan

LIBRARY = load_library()
SIDE_BY_SIDE = plan(LIBRARY.get("side-by-side"), 180)
QUIET = Texture(bell=False, bed="none")


def clips_of(length_s: float, value: int = 5000) -> Callable[[int, int], np.ndarray]:
    """Every clip is a flat pulse: easy to find to the sample."""
    return lambda index, channel: pulse(round(length_s * SAMPLE_RATE), value + 1000 * channel)


def pulse(length: int, value: int = 5000) -> np.ndarray:
    """A clip whose only word is flat."""
    return with_lead(np.full(length, value, np.int16), SAMPLE_RATE)


def mixed(
    timeline: Timeline, setting: str, texture: Texture, clips: Callable[[int, int], np.ndarray]
) -> np.ndarray:
    return np.concatenate(list(Mix(timeline, setting, texture, clips)))


def onsets(channel: np.ndarray, floor: float = 0.1) -> list[int]:
    loud = np.concatenate([[0], (np.abs(channel) > floor).astype(np.int8)])
    return list(np.flatnonzero(np.diff(loud) == 1))


@pytest.mark.parametrize(("setting", "channels"), [("together", 1), ("earbuds", 2)])
def test_the_mix_is_exactly_as_long_as_the_timeline(setting: str, channels: int) -> None:
    sound = mixed(SIDE_BY_SIDE, setting, Texture(True, "air"), clips_of(2))
    assert sound.shape == (SIDE_BY_SIDE.length, channels)


@pytest.mark.parametrize("exercise", LIBRARY, ids=lambda e: e.id)
def test_each_line_starts_at_its_sample(exercise: object) -> None:
    timeline = plan(exercise)  # type: ignore[arg-type]
    sound = mixed(timeline, "together", QUIET, clips_of(0.5, 20_000))
    assert onsets(sound[:, 0], 0.4) == [cue.start for cue in timeline.spoken()]


def test_an_overrun_eats_the_rest_and_delays_a_line_rather_than_overlap_it() -> None:
    slots = [cue.end - cue.start for cue in SIDE_BY_SIDE.spoken()]
    lengths = [slots[0] + 10 * SAMPLE_RATE, *[SAMPLE_RATE] * 50]
    spoken = iter(lengths)
    mix = Mix(SIDE_BY_SIDE, "together", QUIET, lambda i, c: pulse(next(spoken)))
    sound = np.concatenate(list(mix))[:, 0]
    first, second, third = SIDE_BY_SIDE.spoken()[:3]
    expected = first.start + lengths[0] + round(MIN_GAP_S * SAMPLE_RATE)
    assert onsets(sound)[1] == expected
    assert mix.late_samples == expected - second.start
    assert onsets(sound)[2] == third.start
    assert len(onsets(sound)) == len(slots)


@pytest.mark.parametrize(("ring", "is_late"), [(0, True), (SAMPLE_RATE // 2, False)])
def test_a_line_waits_for_words_and_not_for_what_rings_on(ring: int, is_late: bool) -> None:
    first, second = SIDE_BY_SIDE.spoken()[:2]
    lengths = iter([second.start - first.start + SAMPLE_RATE // 10, *[SAMPLE_RATE] * 50])
    mix = Mix(SIDE_BY_SIDE, "together", QUIET, lambda i, c: pulse(next(lengths)), ring)
    for _ in mix:
        pass
    assert (mix.late_samples > 0) == is_late


@pytest.mark.parametrize("lead_in_s", [4.0, 0.1])
def test_what_comes_before_the_first_word_sounds_before_its_time_and_the_word_at_it(lead_in_s: float) -> None:
    def clip(index: int, channel: int) -> np.ndarray:
        breath = pulse(SAMPLE_RATE, 20_000)
        breath[: round(LEAD_S * SAMPLE_RATE)] = 2000
        return breath

    timeline = plan(LIBRARY.get("side-by-side"), 180, lead_in_s)
    sound = mixed(timeline, "together", QUIET, clip)[:, 0]
    starts = [cue.start for cue in timeline.spoken()]
    assert onsets(sound, 0.4) == starts
    assert onsets(sound, 0.04) == [max(0, start - round(LEAD_S * SAMPLE_RATE)) for start in starts]


def test_each_earbud_hears_its_own_track() -> None:
    sound = mixed(SIDE_BY_SIDE, "earbuds", QUIET, clips_of(1))
    start = SIDE_BY_SIDE.spoken()[0].start + 100
    assert sound[start, 0] == pytest.approx(5000 / 32768, abs=1e-3)
    assert sound[start, 1] == pytest.approx(6000 / 32768, abs=1e-3)


def test_clips_are_asked_for_only_when_the_mix_comes_near() -> None:
    asked: list[int] = []

    def clip(index: int, channel: int) -> np.ndarray:
        asked.append(index)
        return pulse(1000)

    blocks = iter(Mix(SIDE_BY_SIDE, "together", QUIET, clip))
    first = SIDE_BY_SIDE.spoken()[0].start
    for _ in range(first // BLOCK - 1):
        next(blocks)
    assert asked == []
    for _ in range(3):
        next(blocks)
    assert len(asked) == 1


def test_without_bell_and_bed_the_rests_are_silent() -> None:
    sound = mixed(SIDE_BY_SIDE, "together", QUIET, clips_of(0.5))
    rests = [cue for cue in SIDE_BY_SIDE.cues if cue.kind == "rest"]
    assert all(not sound[cue.start : cue.end].any() for cue in rests)


@pytest.mark.parametrize("bed", ["air", "hum"])
def test_a_bed_fades_in_and_out_and_the_end_is_silent(bed: str) -> None:
    sound = mixed(SIDE_BY_SIDE, "together", Texture(True, bed), clips_of(0.1, 0))[:, 0]

    def level(at_s: float) -> float:
        start = round(at_s * SAMPLE_RATE)
        return float(np.sqrt(np.mean(sound[start : start + SAMPLE_RATE] ** 2)))

    middle = level(90)
    assert level(0) < 0.1 * middle
    assert level(2) < 0.7 * middle
    assert level(SIDE_BY_SIDE.length / SAMPLE_RATE - 9) < 1.3 * level(170) + middle
    assert np.abs(sound[-5:]).max() < 1e-4


def test_breath_tones_fill_their_phases() -> None:
    timeline = plan(LIBRARY.get("the-long-way-out"), 300)
    sound = mixed(timeline, "together", QUIET, clips_of(0.01, 0))[:, 0]
    phases = [phase for cue in timeline.cues for phase in cue.phases]
    assert len(phases) > 10
    for phase in phases:
        middle = (phase.start + phase.end) // 2
        assert np.abs(sound[middle - 1200 : middle + 1200]).max() > 0.01
        assert np.abs(sound[phase.start : phase.start + 20]).max() < 0.002


def test_only_where_tones_outlast_the_voice_the_whole_is_lifted() -> None:
    assert makeup(SIDE_BY_SIDE, Texture(True, "air")) == pytest.approx(1)
    breath = LIBRARY.get("the-long-way-out")
    short, long = (makeup(plan(breath, length), Texture(True, "air")) for length in (210, 600))
    assert 1 < short < long < 1.8


def test_an_error_of_the_voice_comes_out_of_the_mix() -> None:
    def clip(index: int, channel: int) -> np.ndarray:
        raise ValueError("no voice")

    with pytest.raises(ValueError, match="no voice"):
        mixed(SIDE_BY_SIDE, "together", QUIET, clip)
