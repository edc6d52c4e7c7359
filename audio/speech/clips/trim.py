"""One sentence out of the silence that an engine puts around it, from its first sound on, with its soft end.

A voice ends softly: its breath, and the last of an "s" or a "t", lie below what is taken for sound. So a sentence is
let fade for AFTER_S behind the place where it counts as over. That time belongs to the pause after it: where a sentence
ends, and so its pace and every pause, are told without it.
"""

from __future__ import annotations

import numpy as np
import soxr

from audio.errors import VoiceError
from audio.levels import AFTER_S
from audio.speech.engines import Speech
from exercises.timeline import SAMPLE_RATE

AFTER = round(AFTER_S * SAMPLE_RATE)

_QUIET_DBFS, _WINDOW_S = -50.0, 0.004
_BELOW_PEAK_DB = 39.0
"""The distance below the loudest sample at which it is no voice yet: some engines put before a first "k" an
eighth of a second of faint noise, and words on a screen have to change with what is heard."""
_FADE_IN_S = 0.004
_MAX_SENTENCE_S = 60.0


def trimmed(speech: Speech) -> np.ndarray:
    """A sentence at SAMPLE_RATE, from its first sound to AFTER samples behind its last; float32 of shape (samples,).

    Raises VoiceError for what is no sound.
    """
    values = np.asarray(speech.samples, np.float32)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise VoiceError("The voice wrote a file that is not sound.")
    if not 8_000 <= speech.rate_hz <= 96_000 or len(values) > _MAX_SENTENCE_S * speech.rate_hz:
        raise VoiceError("The voice wrote a sound that no sentence can be.")
    start, end = _heard(values, speech.rate_hz)
    after = round(AFTER_S * speech.rate_hz)
    sound = np.zeros(end - start + after, np.float32)
    kept = values[start : end + after]
    sound[: len(kept)] = kept
    fade_in = min(round(_FADE_IN_S * speech.rate_hz), end - start)
    sound[:fade_in] *= np.linspace(0, 1, fade_in, endpoint=False, dtype=np.float32)
    sound[-after:] *= np.cos(np.linspace(0, np.pi / 2, after, dtype=np.float32)) ** 2
    if speech.rate_hz != SAMPLE_RATE:
        sound = soxr.resample(sound, speech.rate_hz, SAMPLE_RATE).astype(np.float32)
    return fitted(sound, round((end - start) * SAMPLE_RATE / speech.rate_hz))


def fitted(sound: np.ndarray, spoken: int) -> np.ndarray:
    """A sentence of so many samples up to its last sound, with AFTER samples behind them."""
    whole = sound[: spoken + AFTER]
    return np.pad(whole, (0, spoken + AFTER - len(whole)))


def spoken_samples(sentence: np.ndarray) -> int:
    """Samples of a trimmed sentence from its first sound to its last."""
    return max(0, len(sentence) - AFTER)


def _heard(values: np.ndarray, rate_hz: int) -> tuple[int, int]:
    """The samples between which there is a voice. Raises VoiceError where there is none."""
    size = round(_WINDOW_S * rate_hz)
    windows = np.pad(values, (0, -len(values) % size)).reshape(-1, size)
    power = np.einsum("ij,ij->i", windows, windows) / size
    quiet = 10 ** (_QUIET_DBFS / 10)
    begins = np.flatnonzero(power > max(quiet, np.abs(values).max() ** 2 * 10 ** (-_BELOW_PEAK_DB / 10)))
    ends = np.flatnonzero(power > quiet)
    if not len(begins):
        raise VoiceError("The voice gave silence for a line.")
    return int(begins[0]) * size, min(len(values), (int(ends[-1]) + 1) * size)
