"""The port behind which every speech engine stands, and the list of voices that can be chosen.

An engine is one module in this folder, and every module in this folder is an engine. It offers

    voices() -> tuple[Voice, ...]     what can be chosen here and now, empty where its parts are missing;
                                      cheap, starts nothing
    version() -> str                  part of the key under which clips are kept; cheap, starts nothing
    open_speaker(voice) -> Speaker    in a worker process, once; may be slow

A `Speaker` has one voice for its whole life, reads one sentence at a time, and is only ever used from one thread
of one process. docs/voices.md says how to add one.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from audio.errors import UnknownVoice

if TYPE_CHECKING:
    import numpy as np

ENGINES = tuple(f"{__name__}.{module.name}" for module in pkgutil.iter_modules(__path__))

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Voice:
    """A voice that can be chosen: `engine` is the module that speaks it, `variant` what that engine calls it.

    language  a language tag such as "en" or "de-DE"
    pitch     the engine's own, where it has one
    edition   tells two sets of files under the same variant apart
    rank      how well it is liked: the highest of the default language is the default voice
    soft      whether `audio.dsp.voice_effects` takes the edge off it; only where a recogniser mishears less for it
    holds     words a minute, as heard, at which its engine reads by itself, in rising order; one that has none is read
              at one pace, and the rest is stretched
    gain      the factor that brings it to the level of all voices, where that was measured beforehand
    processes  how many processes at most speak all voices of its engine with the same variant, where each takes much
              memory; with 0 a process has this voice alone, and there may be as many as there are workers
    slow      it takes about as long as what it says, so that what will be asked for first is made ahead
    """

    id: str
    label: str
    engine: str
    language: str
    variant: str
    pitch: int = 50
    edition: str = ""
    rank: int = 0
    soft: bool = False
    holds: tuple[float, ...] = ()
    gain: float | None = None
    processes: int = 0
    slow: bool = False

    def speaks(self, language: str) -> bool:
        """Tell whether it speaks a language, in whatever country's way."""
        return self.language.split("-")[0] == language


@dataclass(frozen=True)
class Speech:
    """The sound that an engine gave for one sentence: mono samples from -1 to 1, and their rate in hertz."""

    samples: np.ndarray
    rate_hz: int


class Speaker(Protocol):
    """One running engine, with one voice."""

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        """Read one sentence at about `rate_wpm` words a minute as heard. Raises VoiceError.

        The sentence is letters, digits and plain punctuation, and ends in a full stop or the like (`exercises.text`).

        About is enough, since each voice is tuned (`audio.speech.calibration`); but to ask for more must give more, in
        proportion, as far as the engine can.
        """
        ...

    def close(self) -> None:
        """Leave nothing behind; called once, when the process ends in order."""
        ...


_home = Path("data/voices")
_finish = True
_first = ""


def use_home(folder: Path) -> None:
    """Say where installed voices are; each process says so once, at its start."""
    global _home
    _home = folder


def home() -> Path:
    """The folder of the voices that were installed."""
    return _home


def use_finish(on: bool) -> None:
    """Say whether voices that gain by it are softened, or all are heard as their engines give them."""
    global _finish
    _finish = on


def use_first(voice_id: str) -> None:
    """Say which voice is the default, whatever its rank; "" leaves it to that. Raises UnknownVoice."""
    global _first
    if voice_id:
        find_voice(voice_id)
    _first = voice_id


def first() -> str:
    """The id of the voice that a setting made the default; "" where that is left to rank."""
    return _first


def voice_list() -> tuple[Voice, ...]:
    """Every voice that can be chosen here: the default, then those of the default language, best first."""
    found = [voice for engine in ENGINES for voice in importlib.import_module(engine).voices()]
    if not _finish:
        found = [dataclasses.replace(voice, soft=False) for voice in found]
    return tuple(sorted(found, key=lambda v: (v.id != _first, not v.speaks(DEFAULT_LANGUAGE), -v.rank)))


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
