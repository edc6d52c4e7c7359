"""The embedded voice: pyttsx3 over espeak-ng (Linux, from a wheel), nsss (macOS) or SAPI5 (Windows).

The engine's ways are kept in here: it must be warmed up once, it writes a WAV whatever it is told, it prints, it
passes over a voice that it does not know without a word, and a second one in the same process hangs. After a change
of voice it may read with a mixture of both, up to 0.7 LU and 1 % in length off, and one call in two hundred comes
back empty. A worker process therefore opens exactly one, with one voice, and this module checks what it did.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.metadata
import os
import sys
from pathlib import Path
from typing import Any

from audio.errors import VoiceError
from audio.speech.engine_support.folders import scratch_folder, short_path

from . import Speech, Voice

NAME = "audio.speech.engines.system"

# Softened in English, where a recogniser then mishears less of them (`make bench ARGS=finish`); nobody measured that
# in Spanish.
_CHARACTERS = (
    Voice("neutral", "Neutral voice", NAME, "en", "gmw/en-gb-x-rp", 42, soft=True),
    Voice("lower", "Lower voice", NAME, "en", "gmw/en-gb-x-rp+m3", 26, soft=True),
    Voice("higher", "Higher voice", NAME, "en", "gmw/en-gb-x-rp+f2", 48, soft=True),
    Voice("es-neutral", "Neutral voice", NAME, "es", "roa/es-419", 42),
    Voice("es-lower", "Lower voice", NAME, "es", "roa/es-419+m3", 26),
    Voice("es-higher", "Higher voice", NAME, "es", "roa/es-419+f2", 48),
)

# espeak-ng counts words a minute more generously than people do, and not below 80, which is 114 as heard
_HEARD_PER_ASKED = 1.33
_RATE_FLOOR = 80
_WARM_UP_TRIES = 5


def voices() -> tuple[Voice, ...]:
    """The three built-in characters in each language, neutral first."""
    return _CHARACTERS


def version() -> str:
    """The packages that speak, and the system they run on."""
    found = []
    for part in ("pyttsx3", "espeakng-loader"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(f"{part} {importlib.metadata.version(part)}")
    return ", ".join([*found, sys.platform])


def open_speaker(voice: Voice) -> SystemSpeaker:
    """Start the engine in this process with a voice, and warm it up."""
    return SystemSpeaker(voice)


class SystemSpeaker:
    """pyttsx3, held by its own rules. Not for two threads, and not twice in a process."""

    def __init__(self, voice: Voice) -> None:
        espeak = sys.platform.startswith("linux")
        self._voice = voice
        self._expected = voice.variant if espeak else None
        self._engine = _start_engine(espeak)
        self._folder = scratch_folder()
        self._count = 0
        self._rate = 0
        if espeak:
            self._engine.setProperty("voice", voice.variant)
            self._engine.setProperty("pitch", voice.pitch)
        self._warm_up()

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        """Read one sentence; see audio.voices.Speaker."""
        rate = max(_RATE_FLOOR, round(rate_wpm / _HEARD_PER_ASKED))
        if rate != self._rate:
            # a change of rate is passed over now and then; the second of two is not
            self._engine.setProperty("rate", rate + 1)
            self._engine.setProperty("rate", rate)
            self._rate = rate
        speech = self._say(sentence) or self._say(sentence)
        # properties wait in the engine's queue until it runs, so only now can they be seen
        if self._expected and self._engine.getProperty("voice") != self._expected:
            raise VoiceError(f'The engine does not know the voice "{self._voice.id}".')
        if speech is None:
            raise VoiceError("The voice wrote no sound for a line.")
        return speech

    def close(self) -> None:
        """Remove the folder of the sentences. The engine itself ends with its process."""
        self._folder.cleanup()

    def _say(self, sentence: str) -> Speech | None:
        # a new name each time: a file that comes late must not be taken for the next one
        self._count += 1
        file = Path(self._folder.name) / f"{self._count}.wav"
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            self._engine.save_to_file(sentence, str(file))
            self._engine.runAndWait()
        if not file.exists():
            return None
        speech = _read(file)
        file.unlink()
        return speech if len(speech.samples) else None

    def _warm_up(self) -> None:
        """Speak until sound comes: the first calls of an engine may come back before their files exist."""
        for _ in range(_WARM_UP_TRIES):
            with contextlib.suppress(VoiceError):
                self.speak("Here.", 105)
                return
        raise VoiceError("The voice does not start.")


def _start_engine(espeak: bool) -> Any:
    if espeak:
        import espeakng_loader

        # without the data path the library ends the process; it must also be loaded before pyttsx3 looks for it
        os.environ["ESPEAK_DATA_PATH"] = str(short_path(Path(espeakng_loader.get_data_path()).parent))
        ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    import pyttsx3

    return pyttsx3.init("espeak" if espeak else None)


def _read(path: Path) -> Speech:
    import numpy as np

    from audio.dsp.segments import AudioSegment

    try:
        sound = AudioSegment.from_wav(str(path)).set_channels(1).set_sample_width(2)
    except Exception as error:
        raise VoiceError("The voice wrote a file that is not sound.") from error
    values = np.frombuffer(sound.raw_data, np.int16).astype(np.float32) / 32768
    return Speech(values, sound.frame_rate)
