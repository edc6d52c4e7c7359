"""What takes the edge off a synthetic voice: an equaliser, a small soft room, and a breath of a tail. Pure.

All of it is filters over a whole line, in the frequency domain and without delay, so nothing moves in time: the
dry sound keeps its place, and the room only fills some of the silence behind it. Levelling comes after it.
"""

from __future__ import annotations

import functools

import numpy as np

TAIL_S = 0.16
"""How long the room is heard after the last word."""

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


def softened(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    """Mono float samples with the edge taken off, longer by TAIL_S; float32."""
    length = len(samples) + round(TAIL_S * rate_hz) - 1
    size = _size(length)
    spectrum = np.fft.rfft(samples.astype(np.float32), size) * _filter(size, rate_hz)
    return np.fft.irfft(spectrum, size)[:length]
