"""Bell, breath tones and beds: synthesised, deterministic, without a click at either end.

All functions return float32 of shape (samples,) at SAMPLE_RATE. Breath tones are heard, so they lie a few LU below
the voice; beds are hardly noticed, at 22 LU below it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from exercises.timeline import SAMPLE_RATE

BELL_S = 5.0
BED_LOOP_S = 24.0
BED_FADE_IN_S, BED_FADE_OUT_S = 6.0, 10.0

TONE_LUFS = -25.0
BED_LUFS = -41.5
"""Both within one LU of what a meter reads; the mix reckons with them."""

_BELL_PEAK = 0.08
_TONE_RMS = 0.058
_BED_RMS = {"air": 0.0095, "hum": 0.009}

# partials of a small bowl: ratio to the fundamental, weight, seconds to fall to 1/e
_BELL_HZ = 294.0
_BELL_PARTIALS = ((1.0, 1.0, 1.7), (2.71, 0.42, 1.0), (5.12, 0.14, 0.5), (1.003, 0.5, 1.8))

_LOW_HZ, _HIGH_HZ = 165.0, 247.0


def _time(count: int) -> np.ndarray:
    return np.arange(count) / SAMPLE_RATE


def _ends(count: int, attack_s: float, release_s: float) -> np.ndarray:
    """An envelope of ones with raised-cosine ends."""
    envelope = np.ones(count)
    for length, edge in ((attack_s, slice(None)), (release_s, slice(None, None, -1))):
        n = min(count // 2, round(length * SAMPLE_RATE))
        envelope[edge][:n] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(n) / n) if n else 1
    return envelope


@lru_cache(maxsize=1)
def bell() -> np.ndarray:
    """One soft strike of a small bowl, with an attack of 60 ms."""
    t = _time(round(BELL_S * SAMPLE_RATE))
    sound = np.zeros(len(t))
    for ratio, weight, fall_s in _BELL_PARTIALS:
        sound += weight * np.exp(-t / fall_s) * np.sin(2 * np.pi * _BELL_HZ * ratio * t)
    sound = sound * _ends(len(t), 0.06, 1.0)
    return (sound * _BELL_PEAK / np.abs(sound).max()).astype(np.float32)


@lru_cache(maxsize=8)
def breath_tone(direction: str, count: int) -> np.ndarray:
    """A tone for one half of a breath, `count` samples long: in rises and is thin, out falls and is full.

    With eyes closed the two differ by direction, by register of their overtones and by a little noise in the
    in-breath, so that neither can be taken for the other.
    """
    u = np.linspace(0, 1, count, endpoint=False)
    glide = u * u * (3 - 2 * u)
    rising = direction == "in"
    low, high = np.log(_LOW_HZ), np.log(_HIGH_HZ)
    pitch = np.exp(low + (high - low) * (glide if rising else 1 - glide))
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    if rising:
        sound = (
            0.6 * np.sin(phase) + 0.55 * np.sin(2 * phase) + 0.18 * np.sin(4 * phase) + 0.14 * _hiss(count)
        )
    else:
        sound = np.sin(phase) + 0.35 * np.sin(phase / 2) + 0.12 * np.sin(3 * phase)
    swell = np.sin(np.pi * u) ** 0.7
    sound = sound * swell * _ends(count, 0.15, 0.25)
    return (sound * _TONE_RMS / np.sqrt(np.mean(sound**2))).astype(np.float32)


def _hiss(count: int) -> np.ndarray:
    return _shaped_noise(count, seed=3, low_hz=1200, high_hz=4500, tilt=0.3)


def _shaped_noise(count: int, seed: int, low_hz: float, high_hz: float, tilt: float) -> np.ndarray:
    """Noise of unit RMS between two frequencies, falling with frequency to the power of `tilt`; it loops."""
    rng = np.random.default_rng(seed)
    hz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    with np.errstate(divide="ignore"):
        weight = np.where(hz > 0, hz, np.inf) ** -tilt
    weight /= (1 + (low_hz / np.maximum(hz, 1e-9)) ** 4) * (1 + (hz / high_hz) ** 4)
    noise = np.fft.irfft(weight * np.exp(2j * np.pi * rng.random(len(hz))), count)
    return noise / np.sqrt(np.mean(noise**2))


def warm() -> None:
    """Make the bell and the beds now, so that no listener waits for them."""
    bell()
    for name in _BED_RMS:
        bed(name)


@lru_cache(maxsize=2)
def bed(name: str) -> np.ndarray:
    """A loop of BED_LOOP_S seconds without a seam: "air" is soft noise, "hum" a low chord that breathes."""
    count = round(BED_LOOP_S * SAMPLE_RATE)
    t = _time(count)
    if name == "air":
        sound = _shaped_noise(count, seed=11, low_hz=90, high_hz=700, tilt=0.9)
        sound = sound * (1 + 0.25 * np.sin(2 * np.pi * 2 * t / BED_LOOP_S))
    else:
        # whole numbers of periods in the loop, so that its end meets its beginning
        turns = [round(hz * BED_LOOP_S) for hz in (110.0, 110.4, 164.8, 165.3, 220.3)]
        weights = (1.0, 0.8, 0.5, 0.4, 0.2)
        sound = np.zeros(count)
        for n, weight in zip(turns, weights, strict=True):
            sound += weight * np.sin(2 * np.pi * n * t / BED_LOOP_S)
    return (sound * _BED_RMS[name] / np.sqrt(np.mean(sound**2))).astype(np.float32)
