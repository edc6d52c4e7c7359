"""Effects that take the edge off a synthetic voice: an equaliser, a small soft room, a breath before and a tail. Pure.

All of it is filters over a whole line, in the frequency domain and without delay, so nothing moves in time: the
dry sound keeps its place, the room only fills some of the silence behind it, and the breath some of that before it.
Levelling comes after it.
"""

from __future__ import annotations

import functools

import numpy as np

from audio.levels import LEAD_S, TAIL_S

# Points of the equaliser (hertz, decibels), straight lines between them over the logarithm of frequency. A voice
# that is made of formants buzzes between 3 and 6 kHz and says nothing above 8; a little is given back below 300.
_CURVE = (
    (60, -9.0),
    (110, 0.0),
    (220, 1.5),
    (500, 0.5),
    (1500, 0.0),
    (3200, -1.0),
    (5000, -4.0),
    (9000, -10.0),
)

_ROOM_DB = -24.0
_ROOM_FIRST_S = 0.007
_ROOM_SEED = 20

_BREATH_DB = -36.0
"""Of the breath at its fullest, against the line as a whole: then about -55 dBFS, and an onset is looked for at -45."""
_BREATH_HZ = (300.0, 3000.0)
_BREATH_SEED = 21


def _room(rate_hz: int) -> np.ndarray:
    """The room: the dry sound, then soft noise that dies away and darkens, the same each time."""
    count = round(TAIL_S * rate_hz)
    noise = np.random.default_rng(_ROOM_SEED).standard_normal(count)
    noise = np.convolve(noise, np.hanning(9) / np.hanning(9).sum(), "same")
    noise *= np.exp(-np.arange(count) / (TAIL_S / 6 * rate_hz))
    noise *= np.linspace(1, 0, count)
    noise[: round(_ROOM_FIRST_S * rate_hz)] = 0
    room = noise * 10 ** (_ROOM_DB / 20) / np.sqrt(np.sum(noise**2))
    room[0] = 1.0
    return room.astype(np.float32)


def _gains(size: int, rate_hz: int) -> np.ndarray:
    """The equaliser's factors for each bin of a real transform of `size` samples."""
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / rate_hz), 1.0)
    places, decibels = np.array(_CURVE).T
    return 10 ** (np.interp(np.log(hertz), np.log(places), decibels) / 20)


@functools.lru_cache(maxsize=16)
def _filter(size: int, rate_hz: int) -> np.ndarray:
    """Room and equaliser as one, for a real transform of `size` samples."""
    return (np.fft.rfft(_room(rate_hz), size) * _gains(size, rate_hz)).astype(np.complex64)


def _size(length: int) -> int:
    """The least that is not below `length` of few sizes, two to an octave, all quick to transform."""
    power = 1 << (length - 1).bit_length()
    return 3 * power // 4 if length <= 3 * power // 4 else power


@functools.lru_cache(maxsize=2)
def _breath(rate_hz: int) -> np.ndarray:
    """Air of LEAD_S that swells towards the first word and makes way for it; its fullest 50 ms have a power of 1."""
    count = round(LEAD_S * rate_hz)
    spectrum = np.fft.rfft(np.random.default_rng(_BREATH_SEED).standard_normal(count))
    low, high = _BREATH_HZ
    hertz = np.fft.rfftfreq(count, 1 / rate_hz)
    air = np.fft.irfft(spectrum * np.exp(-hertz / high) * hertz / (hertz + low), count)
    place = np.arange(count) / count
    air *= np.sin(np.pi * place**1.6) ** 2
    window = round(0.05 * rate_hz)
    fullest = np.convolve(air**2, np.full(window, 1 / window), "same").max()
    return (air / np.sqrt(fullest)).astype(np.float32)


def softened(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    """Mono float samples with the edge taken off, longer by LEAD_S before and TAIL_S behind; float32."""
    length = len(samples) + round(TAIL_S * rate_hz) - 1
    size = _size(length)
    spectrum = np.fft.rfft(samples.astype(np.float32), size) * _filter(size, rate_hz)
    words = np.fft.irfft(spectrum, size)[:length].astype(np.float32, copy=False)
    level = np.sqrt(np.dot(words, words) / length) * 10 ** (_BREATH_DB / 20)
    return np.concatenate([_breath(rate_hz) * np.float32(level), words])


def with_lead(samples: np.ndarray, rate_hz: int, own_s: float = 0.0) -> np.ndarray:
    """Samples as they are, and silence before them: their words, which begin `own_s` in, are then LEAD_S in."""
    return np.concatenate([np.zeros(round((LEAD_S - own_s) * rate_hz), samples.dtype), samples])
