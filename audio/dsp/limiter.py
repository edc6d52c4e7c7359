"""A look-ahead true-peak limiter for sound that arrives in blocks.

The gain that each sample needs is found on a four times oversampled copy (BS.1770-4, annex 2, measures true peak
so), held over the look-ahead on both sides and smoothed, so that the level bends instead of breaking. Blocks that
stay below the ceiling pass untouched, at the cost of one comparison.
"""

from __future__ import annotations

import numpy as np

from exercises.timeline import SAMPLE_RATE

LOOK_AHEAD = round(0.005 * SAMPLE_RATE)
_TAPS = 24
_OVERSAMPLING = 4
# the true peak of speech has not been seen more than this above its highest sample
_HEADROOM = 10 ** (-3 / 20)


def _interpolator() -> np.ndarray:
    """Polyphase windowed sinc: row p gives the value p/4 of a sample after the middle one."""
    n = np.arange(_TAPS) - _TAPS // 2 + 1
    rows = [np.sinc(n - p / _OVERSAMPLING) * np.hanning(_TAPS + 2)[1:-1] for p in range(_OVERSAMPLING)]
    return np.array([row / row.sum() for row in rows])


_FIR = _interpolator()


def true_peaks(block: np.ndarray, floor: float) -> np.ndarray:
    """The highest oversampled value at or right after each sample of a block (samples, channels), over all channels.

    Values between samples are worked out only next to a sample above `floor`; elsewhere the sample stands for itself.
    """
    sizes = np.abs(block).max(axis=1)
    peaks = sizes.copy()
    loud = sizes > floor
    near = np.flatnonzero(loud | np.append(loud[1:], False))
    before, after = _TAPS // 2 - 1, _TAPS // 2
    for channel in block.T:
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(channel, (before, after)), _TAPS)[near]
        peaks[near] = np.maximum(peaks[near], np.abs(windows @ _FIR[1:].T).max(axis=1))
    return peaks


class Limiter:
    """Keeps true peaks at or below `ceiling_db` (dBTP). Output lags input by 2 x LOOK_AHEAD samples."""

    DELAY = 2 * LOOK_AHEAD

    def __init__(self, ceiling_db: float, channels: int):
        self._ceiling = 10 ** (ceiling_db / 20)
        self._held = np.zeros((2 * self.DELAY, channels), np.float32)

    def process(self, block: np.ndarray) -> np.ndarray:
        """The next samples, as many as came in, DELAY samples late."""
        whole = np.concatenate([self._held, block])
        out = whole[self.DELAY : self.DELAY + len(block)]
        self._held = whole[-2 * self.DELAY :]
        if np.abs(whole).max(initial=0) <= self._ceiling * _HEADROOM:
            return out
        peaks = true_peaks(whole, self._ceiling * _HEADROOM)
        need = np.minimum(1.0, self._ceiling / np.maximum(peaks, 1e-9))
        if need.min() >= 1.0:
            return out
        gain = self._smooth(need)
        return (out * gain[self.DELAY : self.DELAY + len(block), None]).astype(np.float32)

    @staticmethod
    def _smooth(need: np.ndarray) -> np.ndarray:
        """The lowest need within LOOK_AHEAD on either side, averaged over the same width: never above the need."""
        width = 2 * LOOK_AHEAD + 1
        padded = np.pad(need, LOOK_AHEAD, constant_values=1.0)
        lowest = np.lib.stride_tricks.sliding_window_view(padded, width).min(axis=1)
        window = np.hanning(width + 2)[1:-1]
        return np.convolve(np.pad(lowest, LOOK_AHEAD, mode="edge"), window / window.sum(), "valid")
