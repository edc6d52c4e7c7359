"""Lines that somebody has read: one file a line, kept under the digest of its words.

A recording belongs to its words. Where they change, the line is another one and wants a new take; the old take stays
until somebody deletes it. Nothing here is a cache: what is damaged is passed over, and never removed.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import math
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio.errors import StoreError
from audio.files import read_quietly, write_whole
from audio.recordings.recorded import Recorded
from audio.speech.clips.store import flac_bytes
from exercises.timeline import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np

    from .ingest import Taken

log = logging.getLogger(__name__)

MOST_LIFT_DB = 3.0
NOISY_DB = -50.0
_MAGIC, _HEAD = b"SHR1", 36
_ENDING = ".line"
_TOP_BYTES = 2048
_TICK_NS = 100_000_000
"""A folder that changed so recently may change again under the same stamp."""

_EXERCISE = re.compile(r"[a-z0-9-]{1,60}")
_PLACE = re.compile(r"\d{1,3}(\.two)?(\.(first|second|shared|guarded|heavy|plain)){0,2}(\.[0-4])?")


@dataclass(frozen=True)
class Recording:
    """Facts kept beside the sound of a line.

    line      digest of its words
    exercise  where it was read, and at which `place` of that
    take      digest of the sound
    lufs      how loud it came in; `room_db` and `clipped` as in Taken
    """

    line: str
    exercise: str
    place: str
    take: str
    seconds: float
    lufs: float
    room_db: float
    clipped: bool

    @property
    def noisy(self) -> bool:
        """Tell whether the room would be heard behind the voice."""
        return self.room_db > NOISY_DB


def is_place(exercise: str, place: str) -> bool:
    """Tell whether these can be an exercise's id and a place in it, and no words of anybody's."""
    return bool(_EXERCISE.fullmatch(exercise) and _PLACE.fullmatch(place))


def lifts(recordings: Iterable[Recording]) -> dict[str, float]:
    """Decibels to add to each line's kept sound, by its digest.

    Every take is kept at the voice's level; the lift gives back what was natural about it. The level of the set is
    the mean power of its takes by length, in whole LU, so that it settles; a take keeps its distance from that up to
    MOST_LIFT_DB, since what is farther off comes from the microphone and not from the reading.
    """
    known = list(recordings)
    if not known:
        return {}
    total = sum(one.seconds for one in known)
    power = sum(one.seconds * 10 ** (one.lufs / 10) for one in known) / total
    level = round(10 * math.log10(power))
    return {
        one.line: round(min(MOST_LIFT_DB, max(-MOST_LIFT_DB, one.lufs - level)), 1) for one in known
    }  # fmt: skip


class RecordingStore:
    """The recordings of a folder. Written by the studio; the service reads what there is, and never a sample."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._known: tuple[int, dict[str, Recording]] | None = None

    @property
    def incoming(self) -> Path:
        """The folder where uploads wait to be checked, and archives to be fetched."""
        return self.folder / "incoming"

    def all(self) -> Mapping[str, Recording]:
        """Every recording by the digest of its line. Cheap while nothing changes."""
        try:
            stamp = self.folder.stat().st_mtime_ns
        except OSError:
            return {}
        if self._known and self._known[0] == stamp:
            return self._known[1]
        found = {one.line: one for path in self.folder.glob(f"*{_ENDING}") if (one := _top(path))}
        self._known = (stamp, found) if time.time_ns() - stamp > _TICK_NS else None
        return found

    def path(self, line: str) -> Path:
        """The path of the recording of a line."""
        return self.folder / f"{line}{_ENDING}"

    def keep(self, line: str, exercise: str, place: str, taken: Taken) -> Recording:
        """Keep a take in place of the one before, whole or not at all; raises StoreError."""
        recording, content = packed(line, exercise, place, taken)
        try:
            write_whole(self.path(line), content)
        except OSError as error:
            raise StoreError(
                f"The take could not be kept ({error.strerror}). Free some room on the disk and record it again."
            ) from error
        return recording

    def flac(self, line: str) -> bytes | None:
        """The sound of a line as a FLAC file's bytes, checked against its sum, or None."""
        try:
            content = read_quietly(self.path(line))
        except OSError:
            return None
        body = content[_HEAD:]
        if content[:4] != _MAGIC or content[4:_HEAD] != hashlib.sha256(body).digest():
            log.warning(
                "a recorded line is damaged on the disk; its words are spoken by the engine until it is read again"
            )
            return None
        return body.partition(b"\n")[2]

    def samples(self, recorded: Recorded) -> np.ndarray | None:
        """A take as float samples, before its lift; None where it is another one by now, gone or damaged."""
        if not self.holds([recorded]):
            return None
        flac = self.flac(recorded.line)
        if flac is None:
            return None
        import soundfile

        samples, rate_hz = soundfile.read(io.BytesIO(flac), dtype="float32")
        return samples if rate_hz == SAMPLE_RATE and samples.ndim == 1 else None

    def holds(self, recorded: Iterable[Recorded]) -> bool:
        """Tell whether all these takes are still the ones that are kept."""
        kept = ((one, _top(self.path(one.line))) for one in recorded)
        return all(found is not None and found.take == one.take for one, found in kept)

    def remove(self, line: str) -> None:
        """Delete the recording of a line. Raises OSError."""
        self.path(line).unlink(missing_ok=True)


def packed(line: str, exercise: str, place: str, taken: Taken) -> tuple[Recording, bytes]:
    """A take as it is kept: what stands beside it, and the file's content."""
    flac = flac_bytes(taken.samples)
    recording = Recording(
        line, exercise, place, hashlib.sha256(flac).hexdigest()[:32], round(taken.seconds, 3), taken.lufs,
        taken.room_db, taken.clipped,
    )  # fmt: skip
    body = json.dumps(asdict(recording)).encode() + b"\n" + flac
    return recording, _MAGIC + hashlib.sha256(body).digest() + body


def _top(path: Path) -> Recording | None:
    """The facts beside the sound in a file, or None where it cannot be read."""
    try:
        with path.open("rb") as file:
            top = file.read(_TOP_BYTES)
        plain: dict[str, Any] = json.loads(top[_HEAD:].partition(b"\n")[0])
        recording = Recording(**plain)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return recording if recording.line == path.name.removesuffix(_ENDING) and _is_sound(recording) else None


def _is_sound(one: Recording) -> bool:
    """Tell whether its values are what they are called: a file that was damaged is passed over, and breaks nothing."""
    numbers = (one.seconds, one.lufs, one.room_db)
    return (
        all(isinstance(text, str) for text in (one.line, one.exercise, one.place, one.take))
        and all(type(number) in (int, float) and -1000 < number < 1000 for number in numbers)
        and one.seconds > 0
        and isinstance(one.clipped, bool)
    )
