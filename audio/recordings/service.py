"""The service of recordings: they are taken in, handed out and deleted here, with everything that was made from them.

Deleting is in this order: the recording first, then its clips and every composed file with a recorded voice in it.
Who composes or keeps a clip at that moment looks afterwards whether its recordings are still there, and removes what
it made if not; so nothing of a deleted recording is left, whoever comes first.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from audio.errors import StoreError
from audio.recipe import COMPOSED
from audio.recordings.recorded import MARK, clip_prefix

from . import archive
from .ingest import take_in
from .store import RecordingStore

log = logging.getLogger("audio.studio.client")

STALE_S = 3600


class RecordingService:
    """The recordings of a service, the folder of its clips, and the folders where composed files may lie."""

    def __init__(self, recordings: RecordingStore, clips: Path, renders: Sequence[Path]):
        self.recordings, self._clips, self._renders = recordings, clips, renders
        self._remove_stale()

    def record(self, path: Path, line: str, exercise: str, place: str) -> None:
        """Take a WAV in as the recording of a line; raises RecordingRefused or StoreError."""
        taken = take_in(path)
        replaces = self.recordings.path(line).exists()
        self.recordings.keep(line, exercise, place, taken)
        if replaces:
            self._forget_sound([line])

    def forget(self, lines: Sequence[str] | None) -> int:
        """Delete recordings (None: all of them) and all that was made from them; gives how many there were."""
        try:
            if lines is None:
                lines = [path.name.partition(".")[0] for path in self.recordings.folder.glob("*.line")]
                shutil.rmtree(self.recordings.incoming, ignore_errors=True)
            count = sum(self.recordings.path(line).exists() for line in lines)
            for line in lines:
                self.recordings.remove(line)
            self._forget_sound(lines)
        except OSError as error:
            raise StoreError(
                f"Not everything could be deleted ({error.strerror}). Delete it once more."
            ) from error
        return count

    def pack(self) -> str:
        """The whole set as a ZIP; gives its path, for the reader to delete."""
        try:
            self.recordings.incoming.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.recordings.incoming, suffix=".zip")
            os.close(handle)
            archive.pack(self.recordings, Path(name))
        except OSError as error:
            raise StoreError(
                f"The recordings could not be packed ({error.strerror}). Free some room on the disk and try again."
            ) from error
        return name

    def unpack(self, path: Path) -> int:
        """Bring a ZIP in, whole or not at all; gives how many lines. Raises RecordingRefused or StoreError."""
        replaced: list[str] = []

        def before(line: str) -> None:
            if self.recordings.path(line).exists():
                replaced.append(line)

        try:
            count = archive.unpack(self.recordings, path, before)
        except OSError as error:
            raise StoreError(
                f"The recordings could not be kept ({error.strerror}). Free some room on the disk and try again."
            ) from error
        self._forget_sound(replaced)
        return count

    def _forget_sound(self, lines: Iterable[str]) -> None:
        """Remove the clips of some lines, and every composed file that may hold one."""
        for line in lines:
            for path in (self._clips / MARK[:2]).glob(f"{clip_prefix(line)}*"):
                path.unlink(missing_ok=True)
        for folder in self._renders:
            for path in folder.glob(f"{COMPOSED}*"):
                if path.suffix != ".part":
                    path.unlink(missing_ok=True)

    def _remove_stale(self) -> None:
        """Remove what an earlier process left half done."""
        for path in self.recordings.incoming.glob("*"):
            try:
                if time.time() - path.stat().st_mtime > STALE_S:
                    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
            except OSError as error:
                log.warning("what an upload left behind could not be removed: %s", error.strerror)
