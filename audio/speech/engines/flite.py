"""flite, where its program is installed: small, quick, and easier to understand than the embedded voice.

It reads ASCII alone and leaves every other letter out, so accents are taken off before ("café" was "caf").

The sentence goes in through a pipe, since arguments can be read by anybody on the machine; the sound comes out
through a file in memory, since the program goes back to its start to write the length.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
from pathlib import Path

from audio.errors import VoiceError
from audio.speech.engine_support.folders import scratch_folder
from exercises.text import in_ascii

from . import Speech, Voice

NAME = "audio.speech.engines.flite"
PROGRAM = "flite"
SENTENCE_LIMIT_S = 8.0

_VOICES = (
    # the lower one first: a recogniser mishears half as much of it (`make bench ARGS=finish`)
    Voice("flite-lower", "Clearer lower voice", NAME, "en-US", "rms", rank=1),
    Voice("flite-higher", "Clearer higher voice", NAME, "en-US", "slt", rank=1),
)

_HEARD_UNSTRETCHED_WPM = {"slt": 213.0, "rms": 199.0}


@functools.cache
def _program() -> str | None:
    return shutil.which(PROGRAM)


def voices() -> tuple[Voice, ...]:
    """Two characters, where the program is there."""
    return _VOICES if _program() else ()


@functools.cache
def version() -> str:
    """The program's place, size and date: it can only be asked for its version by starting it."""
    program = _program()
    if not program:
        return "none"
    found = Path(program).resolve().stat()
    return f"{PROGRAM} {found.st_size} {found.st_mtime_ns}"


def open_speaker(voice: Voice) -> FliteSpeaker:
    """See that the program has this voice."""
    return FliteSpeaker(voice)


class FliteSpeaker:
    """One run of the program for each sentence."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice.variant
        self._folder = scratch_folder()
        if voice.variant not in self._run("-lv").split():
            raise VoiceError(f'The engine does not know the voice "{voice.id}".')

    def speak(self, sentence: str, rate_wpm: float) -> Speech:
        """Read one sentence; see audio.voices.Speaker."""
        import soundfile

        out = Path(self._folder.name) / "sentence.wav"
        out.unlink(missing_ok=True)
        stretch = _HEARD_UNSTRETCHED_WPM[self._voice] / rate_wpm
        self._run(
            "-voice", self._voice, "--setf", f"duration_stretch={stretch:.4f}", "-f", "/dev/stdin", "-o", str(out),
            text=in_ascii(sentence),
        )  # fmt: skip
        try:
            samples, rate_hz = soundfile.read(out, dtype="float32")
        except (soundfile.SoundFileError, OSError) as error:
            raise VoiceError("The voice wrote a file that is not sound.") from error
        return Speech(samples, rate_hz)

    def close(self) -> None:
        """Remove the folder of the sentences."""
        self._folder.cleanup()

    def _run(self, *arguments: str, text: str = "") -> str:
        try:
            done = subprocess.run(
                [PROGRAM, *arguments],
                input=text,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=SENTENCE_LIMIT_S,
            )
        except subprocess.TimeoutExpired as error:
            raise VoiceError("The voice gave no sound in time.") from error
        except OSError as error:
            raise VoiceError(f"The voice could not be started ({error.strerror}).") from error
        return done.stdout
