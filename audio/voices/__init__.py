"""The port behind which every speech engine stands, and the list of voices that can be chosen.

An engine is one module in this folder. It offers

    voices() -> tuple[Voice, ...]     what can be chosen; cheap, starts nothing
    version() -> str                  part of the key under which clips are kept; cheap, starts nothing
    open_speaker(voice) -> Speaker    in a worker process, once; may be slow

A `Speaker` has one voice for its whole life, reads one sentence at a time, and is only ever used from one thread
of one process.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..errors import UnknownVoice

ENGINES = ("audio.voices.system",)


@dataclass(frozen=True)
class Voice:
    """A voice that can be chosen: `engine` is the module that speaks it, `variant` what that engine calls it."""

    id: str
    label: str
    engine: str
    language: str
    variant: str
    pitch: int = 50


@dataclass(frozen=True)
class Speech:
    """What an engine gave for one sentence: mono samples from -1 to 1, and their rate in hertz."""

    samples: np.ndarray
    rate_hz: int


class Speaker(Protocol):
    """One running engine, with one voice."""

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        """Read one sentence at `rate_wpm` words a minute as heard. Raises VoiceError."""
        ...

    def close(self) -> None:
        """Leave nothing behind; called once, when the process ends in order."""
        ...


def voice_list() -> tuple[Voice, ...]:
    """Every voice that can be chosen here, the default first."""
    return tuple(voice for engine in ENGINES for voice in importlib.import_module(engine).voices())


def engine_version(voice: Voice) -> str:
    """Name and version of what speaks a voice."""
    return importlib.import_module(voice.engine).version()


def find_voice(voice_id: str) -> Voice:
    """The voice with this id; raises UnknownVoice."""
    known = {voice.id: voice for voice in voice_list()}
    try:
        return known[voice_id]
    except KeyError:
        raise UnknownVoice(voice_id, list(known)) from None
