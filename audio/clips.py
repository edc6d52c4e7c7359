"""One line in one voice as a Clip: spoken sentence by sentence, trimmed, levelled, kept under its content.

The pauses between the sentences of a line are put in here, to the sample; an engine never times a pause. The
level is set per voice, from how loud it reads a fixed passage, never per line.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from exercises.model import sentences
from exercises.timeline import SAMPLE_RATE

from .errors import StoreError, VoiceError
from .loudness import integrated_lufs
from .voices import Speaker, Speech, Voice, engine_version

with warnings.catch_warnings():
    # pydub looks for ffmpeg at import and warns; nothing here needs it
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

log = logging.getLogger(__name__)

FINISH = 2
"""Raised whenever clips come out different for the same input, so that kept ones are not used."""

FILE_LUFS = -19.0
"""What a whole mono file reads, by the content guide."""

VOICE_LUFS = FILE_LUFS + 0.4
"""What a voice is levelled to: short lines and the encoder bring a file out 0.4 LU lower than the passage."""

PASSAGE = (
    "You are in this room, and there is a chair. Something may come up, or nothing. "
    "Look at the lamp, or the window, or the floor. That is enough for now."
)
"""Read once per voice to find its level: plain lines, with the pauses that lines have."""

PASSAGE_GAP_S = 1.2
_TRIM_DBFS, _TRIM_STEP_MS = -50.0, 4
_FADE_IN_MS, _FADE_OUT_MS = 4, 20
_MAX_SENTENCE_S = 60.0


@dataclass(frozen=True)
class Line:
    """What a clip is made from."""

    text: str
    voice: Voice
    rate_wpm: float
    gap_s: float


def finish_speech(speech: Speech) -> np.ndarray:
    """A sentence at SAMPLE_RATE, silence trimmed from both ends, softly faded; float32 of shape (samples,)."""
    values = np.asarray(speech.samples, np.float32)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise VoiceError("The voice wrote a file that is not sound.")
    if not 8_000 <= speech.rate_hz <= 96_000 or len(values) > _MAX_SENTENCE_S * speech.rate_hz:
        raise VoiceError("The voice wrote a sound that no sentence can be.")
    pcm = (np.clip(values, -1, 1) * 32767).astype(np.int16)
    sound = AudioSegment(pcm.tobytes(), frame_rate=speech.rate_hz, sample_width=2, channels=1)
    lead = detect_leading_silence(sound, _TRIM_DBFS, _TRIM_STEP_MS)
    tail = detect_leading_silence(sound.reverse(), _TRIM_DBFS, _TRIM_STEP_MS)
    if lead + tail >= len(sound):
        raise VoiceError("The voice gave silence for a line.")
    sound = sound[lead : len(sound) - tail].fade_in(_FADE_IN_MS).fade_out(_FADE_OUT_MS)
    trimmed = np.frombuffer(sound.raw_data, np.int16).astype(np.float32) / 32767
    return soxr.resample(trimmed, speech.rate_hz, SAMPLE_RATE).astype(np.float32)


def level_of(speaker: Speaker, voice: Voice, rate_wpm: float) -> float:
    """The gain (a factor) that brings a voice to VOICE_LUFS, from how loud it reads PASSAGE."""
    spoken = speak_line(speaker, Line(PASSAGE, voice, rate_wpm, PASSAGE_GAP_S), 1.0)
    loudness = integrated_lufs(spoken.astype(np.float32) / 32768, SAMPLE_RATE)
    return float(10 ** ((VOICE_LUFS - loudness) / 20))


def speak_line(speaker: Speaker, line: Line, gain: float) -> np.ndarray:
    """Read a line: its sentences with exactly `gap_s` of silence between them; int16 of shape (samples,)."""
    gap = np.zeros(round(line.gap_s * SAMPLE_RATE), np.float32)
    pieces: list[np.ndarray] = []
    for sentence in sentences(line.text):
        if pieces:
            pieces.append(gap)
        pieces.append(finish_speech(speaker.speak(sentence, line.rate_wpm)))
    if not pieces:
        raise VoiceError("There is nothing to say in an empty line.")
    whole = np.concatenate(pieces) * gain
    return (np.clip(whole, -1, 1) * 32767).astype(np.int16)


def _digest(*made_from: object) -> str:
    return hashlib.sha256(json.dumps([FINISH, *made_from], ensure_ascii=True).encode()).hexdigest()


def _voice_key(voice: Voice) -> list[object]:
    return [voice.id, voice.engine, voice.variant, voice.pitch, engine_version(voice)]


def clip_key(line: Line, gain: float) -> str:
    """The name of a clip: a digest of everything that it is made from."""
    return _digest(line.text, _voice_key(line.voice), line.rate_wpm, line.gap_s, gain)


def level_key(voice: Voice, rate_wpm: float) -> str:
    """The name under which the level of a voice is kept."""
    return _digest("level", _voice_key(voice), rate_wpm, PASSAGE, PASSAGE_GAP_S, VOICE_LUFS)


def flac_bytes(samples: np.ndarray) -> bytes:
    """A clip (int16 at SAMPLE_RATE) as a FLAC file."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


class ClipStore:
    """Clips on disk, each a FLAC behind its checksum. What cannot be read whole is taken as absent."""

    _MAGIC = b"SHC1"

    def __init__(self, folder: Path):
        self.folder = folder
        self._told = False

    def path(self, key: str) -> Path:
        """Where the clip with this key is kept."""
        return self.folder / key[:2] / f"{key}.clip"

    def get(self, key: str) -> np.ndarray | None:
        """The clip as int16 samples, or None; a damaged file is removed and never served."""
        flac = self.flac(key)
        if flac is None:
            return None
        try:
            samples, rate = soundfile.read(io.BytesIO(flac), dtype="int16")
        except soundfile.SoundFileError:
            rate = 0
        if rate != SAMPLE_RATE or samples.ndim != 1:
            self._discard(key)
            return None
        return samples

    def flac(self, key: str) -> bytes | None:
        """The clip as a FLAC file's bytes, checked against its sum, or None."""
        try:
            content = self.path(key).read_bytes()
        except OSError:
            return None
        body = content[36:]
        if content[:4] != self._MAGIC or content[4:36] != hashlib.sha256(body).digest():
            self._discard(key)
            return None
        return body

    def seconds(self, key: str) -> float | None:
        """How long a kept clip is, or None; it counts as used now."""
        flac = self.flac(key)
        if flac is None:
            return None
        try:
            length = soundfile.info(io.BytesIO(flac)).frames
            os.utime(self.path(key))
        except (soundfile.SoundFileError, OSError):
            return None
        return length / SAMPLE_RATE

    def put(self, key: str, samples: np.ndarray) -> None:
        """Keep a clip, whole or not at all. Raises StoreError where the disk will not take it."""
        body = flac_bytes(samples)
        try:
            write_whole(self.path(key), self._MAGIC + hashlib.sha256(body).digest() + body)
        except OSError as error:
            raise StoreError(f"A clip could not be kept: {error.strerror}.") from error

    def try_put(self, key: str, samples: np.ndarray) -> None:
        """Keep a clip where that is possible; composing goes on without the store, and says so once."""
        try:
            self.put(key, samples)
        except StoreError as error:
            if not self._told:
                log.warning("%s Composing goes on without the store; free some room.", error)
                self._told = True

    def level(self, key: str) -> float | None:
        """A kept level (a factor), or None."""
        try:
            gain = float((self.folder / f"{key}.level").read_text())
        except (OSError, ValueError):
            return None
        return gain if 0.01 < gain < 100 else None

    def try_put_level(self, key: str, gain: float) -> None:
        """Keep a level where that is possible; without one it is measured again."""
        try:
            write_whole(self.folder / f"{key}.level", f"{gain}\n".encode())
        except OSError as error:
            log.warning("the level of a voice could not be kept: %s", error.strerror)

    def _discard(self, key: str) -> None:
        log.warning("a damaged clip was removed and will be made again")
        try:
            self.path(key).unlink(missing_ok=True)
        except OSError as error:
            log.warning("the damaged clip could not be removed: %s", error.strerror)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise
