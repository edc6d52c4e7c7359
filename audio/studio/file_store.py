"""The store of composed files and clips, and its budgets.

A composed file gets its name only when it is whole and on the disk; its seal, in a folder beside, holds its size and
the digest of its bytes. What does not fit its seal was torn by a crash, and is made again instead of being served.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from audio.data_folder import DataFolder
from audio.errors import ComposeError
from audio.files import open_quietly, private_folder, settle, write_whole

from .budget import Kept, to_remove

log = logging.getLogger("audio.studio.client")

STALE_S = 3600
_ROOM_TO_SPARE = 8 * 1024 * 1024
_PIECE = 1024 * 1024
_CLIP = ".clip"
_SEALS = "seals"


def elsewhere(data: Path) -> Path:
    """The folder in the system's temporary one for the day that the data folder is full: of this user and this data."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    which = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"still-here-{user}-{which}"


class FileStore:
    """The composed files and the clips of a data folder. `limit` is bytes for both, of which each has half.

    sealed   names of files whose bytes this process has held against their seal, or written itself
    pinned   keys of the clips that open rooms need
    """

    def __init__(self, data: DataFolder, limit: int):
        self.renders, self.clips, self.spare = data.renders, data.clips, elsewhere(data.root)
        self._limit = limit
        self._sealed: set[str] = set()
        self._pinned: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def pin(self, keys: Collection[str]) -> None:
        """Keep the clips with these keys, and let go of those that were named before."""
        self._pinned = frozenset(keys)

    def hold(self, keys: Collection[str]) -> None:
        """Keep these clips as well, until somebody says which are needed."""
        self._pinned |= frozenset(keys)

    def find(self, name: str) -> Path | None:
        """A composed file that is whole, in either folder; one that is torn is removed."""
        for folder in (self.renders, self.spare):
            path = folder / name
            if not path.exists() or (folder == self.spare and not _is_ours(folder)):
                continue
            if self._is_whole(path):
                with contextlib.suppress(OSError):
                    os.utime(path)
                return path
            log.warning("a file of sound was torn and is made again")
            self._remove(path)
        return None

    def put(self, part: Path, whole: Path) -> None:
        """Give a file that was written its name: bytes first, then the seal, then the name. Raises OSError."""
        settle(part)
        write_whole(self._seal_of(whole), _sealed(part).encode())
        os.replace(part, whole)
        self._sealed.add(str(whole))

    def folder(self, size: int) -> Path:
        """A folder with room for `size` bytes: the data folder's, or a private one in the system's temporary folder."""
        for folder in (self.renders, self.spare):
            try:
                if folder == self.spare:
                    private_folder(folder)
                else:
                    folder.mkdir(parents=True, exist_ok=True)
                if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > size + _ROOM_TO_SPARE:
                    return folder
            except OSError as error:
                log.warning("a folder for sound cannot be used: %s", error.strerror)
        raise ComposeError(
            "There is no room left on the disk for the sound. Free some space and start again."
        )

    def prune(self, just_made: Path | None = None) -> None:
        """Remove what was used longest ago until clips and composed files fit their halves. One at a time does it.

        The file `just_made` stays for now, however large: somebody is about to open it.
        """
        with self._lock:
            now, half = time.time(), self._limit // 2
            clips = list(self.clips.glob(f"*/*{_CLIP}"))
            renders = [path for path in self._composed() if path.suffix != ".part"]
            for name in to_remove(_kept(clips), half, now, {self._name_of(key) for key in self._pinned}):
                Path(name).unlink(missing_ok=True)
            for name in to_remove(_kept(renders), self._limit - half, now, {str(just_made)}):
                self._remove(Path(name))

    def remove_stale(self) -> None:
        """Remove what an earlier process left half written, as far as the disk lets us."""
        clips = self.clips.glob("**/*.part")
        for path in [*clips, *(path for path in self._composed() if path.suffix == ".part")]:
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > STALE_S:
                    path.unlink(missing_ok=True)
        for folder in self._folders():
            for seal in self._seal_of(folder / "any").parent.glob("*"):
                with contextlib.suppress(OSError):
                    if not (folder / seal.name).exists():
                        seal.unlink(missing_ok=True)

    def _name_of(self, key: str) -> str:
        return str(self.clips / key[:2] / f"{key}{_CLIP}")

    def _is_whole(self, path: Path) -> bool:
        try:
            if str(path) in self._sealed:
                return path.stat().st_size == json.loads(self._seal_of(path).read_bytes())[0]
            fits = self._seal_of(path).read_text() == _sealed(path)
        except (OSError, ValueError, TypeError, IndexError):
            return False
        if fits:
            self._sealed.add(str(path))
        return fits

    def _remove(self, path: Path) -> None:
        self._sealed.discard(str(path))
        for each in (path, self._seal_of(path)):
            with contextlib.suppress(OSError):
                each.unlink(missing_ok=True)

    def _seal_of(self, path: Path) -> Path:
        return (self.renders.parent if path.parent == self.renders else path.parent) / _SEALS / path.name

    def _folders(self) -> list[Path]:
        return [self.renders, *([self.spare] if _is_ours(self.spare) else [])]

    def _composed(self) -> list[Path]:
        return [path for folder in self._folders() for path in folder.glob("*") if path.is_file()]


def _is_ours(folder: Path) -> bool:
    try:
        return folder.exists() and bool(private_folder(folder))
    except OSError:
        return False


def _sealed(path: Path) -> str:
    """The content of a file's seal: its size and the digest of its bytes."""
    digest, size = hashlib.sha256(), 0
    with os.fdopen(open_quietly(path), "rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return json.dumps([size, digest.hexdigest()])


def _kept(paths: list[Path]) -> Iterator[Kept]:
    """The facts of files; one that is gone meanwhile is left out."""
    for path in paths:
        with contextlib.suppress(OSError):
            seen = path.stat()
            yield Kept(str(path), seen.st_size, seen.st_mtime)
