"""Engines that misbehave, loaded by worker processes by their module's name, as real ones are.

The variant of a voice says how: speaks, hangs, dies, empty, rubbish, raises, shut (it cannot be opened); "once:" before
it says that only the first call in all processes does, which a file named by STILL_HERE_TEST_MARK remembers.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from audio.errors import VoiceError
from audio.speech.engines import Speech, Voice

NAME = "tests.support.faulty_voice"


def voice(variant: str) -> Voice:
    """A voice that misbehaves in this way."""
    return Voice(f"test-{variant.replace(':', '-')}", variant, NAME, "en", variant)


def voices() -> tuple[Voice, ...]:
    return (voice("speaks"),)


def version() -> str:
    return "faulty 1"


def open_speaker(voice: Voice) -> FaultySpeaker:
    if voice.variant == "shut":
        with Path(os.environ["STILL_HERE_TEST_MARK"]).open("a") as mark:
            mark.write("tried\n")
        raise OSError("no such library")
    return FaultySpeaker(voice)


class FaultySpeaker:
    def __init__(self, voice: Voice):
        self.voice = voice

    def close(self) -> None:
        """Nothing to leave."""

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        how = self.voice.variant
        if how.startswith("once:"):
            mark = Path(os.environ["STILL_HERE_TEST_MARK"])
            how = "speaks" if mark.exists() else how.removeprefix("once:")
            mark.touch()
        if how == "hangs":
            time.sleep(3600)
        if how == "dies":
            os._exit(1)
        if how == "raises":
            raise RuntimeError("out of tune")
        if how == "refuses":
            raise VoiceError("The voice is tired.")
        if how == "empty":
            return Speech(np.zeros(0, np.float32), 22_050)
        if how == "silent":
            return Speech(np.zeros(22_050, np.float32), 22_050)
        if how == "rubbish":
            return Speech(np.full(1000, np.nan, np.float32), 22_050)
        if how == "absurd":
            return Speech(np.ones(10, np.float32), 4_000_000_000)
        count = int(22_050 * 0.3 * len(sentence.split()))
        tone = 0.2 * np.sin(2 * np.pi * 220 * np.arange(count) / 22_050)
        pad = np.zeros(4_410)
        return Speech(np.concatenate([pad, tone, pad]).astype(np.float32), 22_050)
