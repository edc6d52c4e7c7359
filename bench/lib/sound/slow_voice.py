"""A voice that is slow on purpose: the embedded one, that takes so many times as long as what it says.

The variant of a voice is that factor. Worker processes load this module by its name, as they load real engines.
"""

from __future__ import annotations

import time

from audio.speech.engines import Speech, Voice, find_voice, system

NAME = "bench.lib.sound.slow_voice"
FAST, SLOW = "0", "2"


def voice(factor: str) -> Voice:
    """The voice of this factor."""
    return Voice(f"slow-{factor}", f"{factor} × real time", NAME, "en", factor)


def voices() -> tuple[Voice, ...]:
    """One that does not wait, and one that does."""
    return voice(FAST), voice(SLOW)


def version() -> str:
    """The voice list of the engine inside."""
    return system.version()


def open_speaker(voice: Voice) -> SlowSpeaker:
    """Start the embedded engine."""
    return SlowSpeaker(float(voice.variant))


class SlowSpeaker:
    """The embedded engine, and then a wait."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._speaker = system.open_speaker(find_voice("neutral"))

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        """Read one sentence, in `factor` times its own length at the least."""
        started = time.perf_counter()
        speech = self._speaker.speak(sentence, rate_wpm)
        due_s = self._factor * len(speech.samples) / speech.rate_hz
        time.sleep(max(0.0, due_s - (time.perf_counter() - started)))
        return speech

    def close(self) -> None:
        """End the engine."""
        self._speaker.close()
