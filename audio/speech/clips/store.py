"""Clips on disk under their keys, and what calibrates each voice beside them."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audio.errors import StoreError
from audio.files import read_quietly, write_whole
from exercises.timeline import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tuning:
    """The settings that bring a voice to the level and the pace that are wanted.

    gain     a factor
    ask_wpm  the pace to ask its engine for
    stretch  how much longer its sentences are then made: for an engine that cannot go as slow or as fast, for another
             pace than it was tuned at, and for another pitch
    """

    gain: float = 1.0
    ask_wpm: float = 105.0
    stretch: float = 1.0


def flac_bytes(samples: np.ndarray) -> bytes:
    """A clip (int16 at SAMPLE_RATE) as a FLAC file."""
    import soundfile

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
        """The path of the clip with this key."""
        return self.folder / key[:2] / f"{key}.clip"

    def get(self, key: str) -> np.ndarray | None:
        """The clip as int16 samples, or None; a damaged file is removed and never served."""
        import soundfile

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
            content = read_quietly(self.path(key))
        except OSError:
            return None
        body = content[36:]
        if content[:4] != self._MAGIC or content[4:36] != hashlib.sha256(body).digest():
            self._discard(key)
            return None
        return body

    def seconds(self, key: str) -> float | None:
        """The seconds of a kept clip, or None; it counts as used now."""
        import soundfile

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

    def tuning(self, key: str) -> Tuning | None:
        """A kept tuning, or None."""
        try:
            gain, ask_wpm, stretch = map(float, json.loads(self._tuning_path(key).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        within = 0.01 < gain < 100 and 10 < ask_wpm < 1000 and 0.4 < stretch < 2.5
        return Tuning(gain, ask_wpm, stretch) if within else None

    def try_put_tuning(self, key: str, tuning: Tuning) -> None:
        """Keep a tuning where that is possible; without one it is measured again."""
        try:
            write_whole(self._tuning_path(key), json.dumps(astuple(tuning)).encode())
        except OSError as error:
            log.warning("the tuning of a voice could not be kept: %s", error.strerror)

    def _tuning_path(self, key: str) -> Path:
        return self.folder / f"{key}.tuning"

    def _discard(self, key: str) -> None:
        log.warning("a damaged clip was removed and will be made again")
        try:
            self.path(key).unlink(missing_ok=True)
        except OSError as error:
            log.warning("the damaged clip could not be removed: %s", error.strerror)
