"""Longer or shorter in time at the same pitch: waveform-similarity overlap-add, pure.

W. Verhelst and M. Roelands, "An overlap-add technique based on waveform similarity (WSOLA) for high quality
time-scale modification of speech", ICASSP 1993. Good for a speech signal at factors near one, which is what a
voice needs that cannot be asked for the pace that is wanted.
"""

from __future__ import annotations

import numpy as np

_FRAME_S, _SEARCH_S = 0.030, 0.008
UNHEARD = 0.005
"""A factor this near to one changes nothing that anybody hears."""


def stretched(samples: np.ndarray, factor: float, rate_hz: int) -> np.ndarray:
    """Mono float samples, `factor` times as long; the same ones where the factor is as good as one."""
    hop = round(_FRAME_S * rate_hz) // 2
    reach = round(_SEARCH_S * rate_hz)
    length = round(len(samples) * factor)
    if abs(factor - 1) < UNHEARD or len(samples) < 4 * hop:
        return samples
    window = np.hanning(2 * hop + 1)[:-1].astype(np.float32)
    # silence around: the search may look beyond both ends
    source = np.pad(np.asarray(samples, np.float32), (reach + hop, reach + 4 * hop))
    out = np.zeros(length + 4 * hop, np.float32)
    following = reach
    for start in range(0, length + hop, hop):
        at = reach + min(round(start / factor), len(samples) + hop)
        if start:
            # the piece that continues best what was taken last
            wanted = source[following : following + 2 * hop]
            nearby = source[at - reach : at + reach + 2 * hop]
            at += int(np.argmax(np.correlate(nearby, wanted, "valid"))) - reach
        out[start : start + 2 * hop] += window * source[at : at + 2 * hop]
        following = min(at + hop, len(source) - 2 * hop)
    return out[hop : hop + length]
