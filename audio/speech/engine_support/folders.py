"""Folders of engines: in memory where there is room, and under names that a library can hold."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_SCRATCH_BYTES = 16 * 1024 * 1024
"""Room for the longest sentence that any engine writes, several times over."""
_MAX_ESPEAK_PATH = 120
"""Bytes; the library has 160 for the folder of its data, and adds names to it."""


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for an engine that can only write files: in memory, where there is room for that.

    A disk may be full, and an engine that cannot write hangs; and no words belong on a disk. Where memory is full or
    may not be written to, it is the system's folder for what is temporary.
    """
    try:
        if shutil.disk_usage(_MEMORY).free > _SCRATCH_BYTES:
            return tempfile.TemporaryDirectory(prefix="still-here-", dir=_MEMORY)
    except OSError:
        pass
    return tempfile.TemporaryDirectory(prefix="still-here-")


def short_path(folder: Path) -> Path:
    """A name for a folder that espeak-ng can hold: the folder itself, or a shorter link to it.

    The library cuts a longer path off without a word, and then has no voice.
    """
    if len(os.fsencode(folder)) <= _MAX_ESPEAK_PATH:
        return folder
    link = Path(tempfile.mkdtemp(prefix="still-here-")) / "data"
    link.symlink_to(folder, target_is_directory=True)
    atexit.register(shutil.rmtree, link.parent, ignore_errors=True)
    return link
