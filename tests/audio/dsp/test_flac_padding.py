"""Padding of FLAC files: the length that was asked for, and the same sound."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from audio.dsp.flac_padding import padded
from audio.speech.clips.store import flac_bytes

SAMPLES = (np.sin(np.arange(5000) / 9) * 9000).astype(np.int16)


@pytest.mark.parametrize("more", [4, 5, 7, 8, 100, 65_536, 2**24 + 2, 2**24 + 9])
def test_a_padded_file_has_that_length_and_the_same_sound(more: int) -> None:
    flac = flac_bytes(SAMPLES)
    longer = padded(flac, len(flac) + more)
    assert len(longer) == len(flac) + more
    samples, rate = soundfile.read(io.BytesIO(longer), dtype="int16")
    assert rate == 24_000
    assert np.array_equal(samples, SAMPLES)


def test_padding_takes_nothing_away() -> None:
    flac = flac_bytes(SAMPLES)
    assert padded(flac, 10) == flac
    assert padded(b"no sound", 100) == b"no sound"
