"""Loudness and true peak after ITU-R BS.1770-4, for levelling voices and for saying how loud a file came out.

K-weighting is applied in the frequency domain from the two biquads of the recommendation, redesigned for the
sample rate at hand from their analogue prototypes (shelf 1681.97 Hz, +3.99984 dB, Q 0.70718; high-pass
38.1355 Hz, Q 0.50033). Gating: blocks of 400 ms, three quarters overlapping, absolute gate -70 LUFS, relative
gate 10 LU below the mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import soxr

SILENCE_LUFS = -70.0
_BLOCK_S, _HOP_S = 0.4, 0.1
_PIECE_HOPS = 100
_WARM_HOPS = 5


def _biquad_gain(b: tuple[float, ...], a: tuple[float, ...], w: np.ndarray) -> np.ndarray:
    z = np.exp(-1j * w)
    return (b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2)


@lru_cache(maxsize=8)
def _k_weighting(rate_hz: int, size: int) -> np.ndarray:
    """|response| of the K filter at the bins of a real FFT of `size` samples."""
    w = np.linspace(0, np.pi, size // 2 + 1)
    k = math.tan(math.pi * 1681.974450955533 / rate_hz)
    vh = 10 ** (3.999843853973347 / 20)
    vb, q = vh**0.4996667741545416, 0.7071752369554196
    a0 = 1 + k / q + k * k
    shelf = _biquad_gain(
        ((vh + vb * k / q + k * k) / a0, 2 * (k * k - vh) / a0, (vh - vb * k / q + k * k) / a0),
        (1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0),
        w,
    )
    k = math.tan(math.pi * 38.13547087602444 / rate_hz)
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    high_pass = _biquad_gain((1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0), w)
    return np.abs(shelf * high_pass)


class Meter:
    """Integrated loudness and true peak of a sound that arrives in blocks of shape (samples, channels)."""

    def __init__(self, rate_hz: int, channels: int = 1):
        self._hop = round(rate_hz * _HOP_S)
        self._piece = self._hop * _PIECE_HOPS
        self._rate, self._channels = rate_hz, channels
        self._pending = np.zeros((self._hop * _WARM_HOPS, channels))
        self._powers: list[np.ndarray] = []
        self._peak = 0.0
        self._over = [soxr.ResampleStream(rate_hz, rate_hz * 4, 1, dtype="float32") for _ in range(channels)]

    def add(self, block: np.ndarray) -> None:
        """Take the next samples."""
        block = np.asarray(block, np.float32).reshape(-1, self._channels)
        self._add_peak(block, last=False)
        self._pending = np.concatenate([self._pending, block])
        while len(self._pending) >= self._piece + self._hop * _WARM_HOPS:
            self._measure(self._piece)

    def _add_peak(self, block: np.ndarray, last: bool) -> None:
        for i, stream in enumerate(self._over):
            fine = stream.resample_chunk(np.ascontiguousarray(block[:, i]), last=last)
            if len(fine):
                self._peak = max(self._peak, float(np.abs(fine).max()))

    def _measure(self, count: int) -> None:
        """Weigh `count` samples; what precedes them warms the filter and is not counted."""
        warm = self._hop * _WARM_HOPS
        piece = self._pending[: warm + count]
        size = 1 << (len(piece) + self._rate // 2 - 1).bit_length()
        weighted = np.fft.irfft(
            np.fft.rfft(piece, size, axis=0) * _k_weighting(self._rate, size)[:, None], size, axis=0
        )
        whole = count // self._hop * self._hop
        hops = weighted[warm : warm + whole].reshape(-1, self._hop, self._channels)
        self._powers.append((hops**2).mean(axis=1).sum(axis=1))
        self._pending = self._pending[count:]

    def finish(self) -> tuple[float, float]:
        """(integrated loudness in LUFS, true peak in dBTP); -70 and -inf for silence."""
        self._add_peak(np.zeros((0, self._channels), np.float32), last=True)
        left = len(self._pending) - self._hop * _WARM_HOPS
        if left > 0:
            short = -left % self._hop
            self._pending = np.concatenate([self._pending, np.zeros((short, self._channels))])
            self._measure(left + short)
        peak = 20 * math.log10(self._peak) if self._peak > 0 else -math.inf
        return _gated(np.concatenate(self._powers) if self._powers else np.zeros(0)), peak


def _gated(powers: np.ndarray) -> float:
    per_block = round(_BLOCK_S / _HOP_S)
    if len(powers) < per_block:
        powers = np.pad(powers, (0, per_block - len(powers)))
    blocks = np.convolve(powers, np.full(per_block, 1 / per_block), "valid")
    loud = blocks[blocks > 10 ** ((SILENCE_LUFS + 0.691) / 10)]
    if not len(loud):
        return SILENCE_LUFS
    loud = loud[loud > loud.mean() / 10]
    return float(-0.691 + 10 * np.log10(loud.mean()))


def expected_lufs(stretches: Iterable[tuple[float, float]]) -> float:
    """The reading of a meter for stretches of (seconds, LUFS), each even in itself; gating as in BS.1770."""
    known = [(s, 10 ** (lufs / 10)) for s, lufs in stretches if s > 0 and lufs > SILENCE_LUFS]
    if not known:
        return SILENCE_LUFS
    gate = _mean(known) / 10
    return 10 * math.log10(_mean([(s, power) for s, power in known if power > gate]))


def _mean(weighted: list[tuple[float, float]]) -> float:
    return sum(s * power for s, power in weighted) / sum(s for s, _ in weighted)


def integrated_lufs(samples: np.ndarray, rate_hz: int) -> float:
    """Integrated loudness of a whole sound of shape (samples,) or (samples, channels), in LUFS."""
    samples = np.asarray(samples, np.float32)
    meter = Meter(rate_hz, 1 if samples.ndim == 1 else samples.shape[1])
    meter.add(samples)
    return meter.finish()[0]
