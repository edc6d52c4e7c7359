"""Loudness, limiter and tones, against an independent meter and their own promises."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from audio.dsp import tones
from audio.dsp.limiter import Limiter
from audio.dsp.loudness import SILENCE_LUFS, Meter, expected_lufs, integrated_lufs
from exercises.timeline import SAMPLE_RATE

RNG = np.random.default_rng(7)


def speechlike(duration_s: float, channels: int = 1) -> np.ndarray:
    """Bursts of low-passed noise with gaps: gated as speech is."""
    count = int(duration_s * SAMPLE_RATE)
    noise = np.convolve(RNG.standard_normal(count), np.hanning(25) / 12, "same") * 0.1
    noise *= (np.arange(count) // (SAMPLE_RATE * 2)) % 2
    return np.column_stack([noise] * channels).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 2])
def test_loudness_agrees_with_an_independent_meter(channels: int) -> None:
    sound = speechlike(20, channels)
    theirs = pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(sound.astype(float))
    assert integrated_lufs(sound, SAMPLE_RATE) == pytest.approx(theirs, abs=0.2)


def test_a_full_band_sine_reads_what_the_recommendation_says() -> None:
    # BS.1770: a 997 Hz sine at 0 dBFS in one channel reads -3.01 LUFS
    t = np.arange(48_000 * 5) / 48_000
    assert integrated_lufs(0.1 * np.sin(2 * np.pi * 997 * t), 48_000) == pytest.approx(-23.01, abs=0.05)


def test_the_meter_does_not_care_how_sound_is_cut_into_blocks() -> None:
    sound = speechlike(25)
    meter = Meter(SAMPLE_RATE)
    for start in range(0, len(sound), 777):
        meter.add(sound[start : start + 777])
    assert meter.finish()[0] == pytest.approx(integrated_lufs(sound, SAMPLE_RATE), abs=0.01)


def test_expected_loudness_gates_as_a_meter_does() -> None:
    loud, soft, faint = (10 ** (lufs / 20) * RNG.standard_normal(8 * SAMPLE_RATE) for lufs in (-20, -26, -45))
    parts = [(8.0, integrated_lufs(part, SAMPLE_RATE)) for part in (loud, soft, faint)]
    whole = integrated_lufs(np.concatenate([loud, soft, faint]), SAMPLE_RATE)
    assert expected_lufs(parts) == pytest.approx(whole, abs=0.3)
    assert expected_lufs([]) == expected_lufs([(5, -90.0)]) == SILENCE_LUFS


def test_silence_has_a_loudness_and_no_peak() -> None:
    meter = Meter(SAMPLE_RATE)
    meter.add(np.zeros(SAMPLE_RATE, np.float32))
    assert meter.finish() == (SILENCE_LUFS, -np.inf)


def test_true_peak_sees_between_the_samples() -> None:
    # a quarter-rate sine sampled at 45 degrees: samples reach 0.707 of the peak
    t = np.arange(SAMPLE_RATE)
    fade = np.minimum(1, np.minimum(t, t[::-1]) / 2000)
    sound = 0.5 * fade * np.sin(np.pi / 2 * t + np.pi / 4)
    meter = Meter(SAMPLE_RATE)
    meter.add(sound)
    assert np.abs(sound).max() < 0.36
    assert meter.finish()[1] == pytest.approx(20 * np.log10(0.5), abs=0.1)


def limited(sound: np.ndarray, block: int) -> np.ndarray:
    limiter = Limiter(-2.0, sound.shape[1])
    padded = np.concatenate([sound, np.zeros((limiter.DELAY, sound.shape[1]), np.float32)])
    out = [limiter.process(padded[i : i + block]) for i in range(0, len(padded), block)]
    return np.concatenate(out)[limiter.DELAY :]


@pytest.mark.parametrize("channels", [1, 2])
def test_the_limiter_keeps_true_peaks_below_its_ceiling(channels: int) -> None:
    sound = (speechlike(6, channels) * 14).astype(np.float32)
    meter = Meter(SAMPLE_RATE, channels)
    meter.add(limited(sound, 4608))
    assert np.abs(sound).max() > 1
    assert meter.finish()[1] <= -1.8


def test_the_limiter_leaves_quiet_sound_untouched_and_aligned() -> None:
    sound = speechlike(3)
    assert np.array_equal(limited(sound, 4608), sound)


def test_the_limiter_does_not_care_how_sound_is_cut_into_blocks() -> None:
    sound = (speechlike(3) * 14).astype(np.float32)
    assert np.allclose(limited(sound, 4608), limited(sound, 1999), atol=1e-4)


@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_breath_tone_fills_its_phase_without_a_click(direction: str) -> None:
    tone = tones.breath_tone(direction, 4 * SAMPLE_RATE)
    assert len(tone) == 4 * SAMPLE_RATE
    edge = SAMPLE_RATE // 100
    assert np.abs(tone[:edge]).max() < 1e-3
    assert np.abs(tone[-edge:]).max() < 1e-3
    quarters = [np.abs(part).max() for part in np.array_split(tone, 4)]
    assert min(quarters) > 0.3 * max(quarters)


def pitch_hz(sound: np.ndarray) -> float:
    """The strongest frequency below 400 Hz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 17))
    hz = np.fft.rfftfreq(1 << 17, 1 / SAMPLE_RATE)
    return float(hz[np.argmax(np.where((hz > 60) & (hz < 290), spectrum, 0))])


def test_in_rises_and_out_falls() -> None:
    third = 4 * SAMPLE_RATE // 3
    rising, falling = (tones.breath_tone(d, 4 * SAMPLE_RATE) for d in ("in", "out"))
    assert pitch_hz(rising[-third:]) > pitch_hz(rising[:third]) + 20
    assert pitch_hz(falling[-third:]) < pitch_hz(falling[:third]) - 20


def test_in_and_out_differ_in_timbre_with_eyes_closed() -> None:
    def centroid(sound: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(sound)) ** 2
        return float((np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) * power).sum() / power.sum())

    rising, falling = (centroid(tones.breath_tone(d, 4 * SAMPLE_RATE)) for d in ("in", "out"))
    assert rising > 1.5 * falling


@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_breath_tone_is_as_loud_as_the_mix_reckons(direction: str) -> None:
    tone = tones.breath_tone(direction, 4 * SAMPLE_RATE)
    assert integrated_lufs(tone, SAMPLE_RATE) == pytest.approx(tones.TONE_LUFS, abs=1)


def test_the_bell_strikes_softly_and_dies_away() -> None:
    bell = tones.bell()
    assert np.abs(bell[: SAMPLE_RATE // 50]).max() < 0.5 * np.abs(bell).max()
    assert np.abs(bell[-10:]).max() < 1e-3


@pytest.mark.parametrize("name", ["air", "hum"])
def test_a_bed_loops_without_a_seam_far_below_the_voice(name: str) -> None:
    bed = tones.bed(name)
    inside = np.abs(np.diff(bed)).max()
    assert abs(bed[0] - bed[-1]) <= inside * 1.2
    assert integrated_lufs(bed, SAMPLE_RATE) == pytest.approx(tones.BED_LUFS, abs=1)


def test_tones_are_the_same_each_time() -> None:
    before = tones.breath_tone("in", 48_000).copy()
    tones.breath_tone.cache_clear()
    assert np.array_equal(before, tones.breath_tone("in", 48_000))
