"""The disk, without surprises: files that are whole or absent, reads that leave no trace, folders of nobody else.

A crash of the machine, a full disk, another user of it, and a second service on the same folder are all expected.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no such locks; there one service to a folder is up to whoever starts it
    fcntl = None  # type: ignore[assignment]

PRIVATE = 0o700


class FolderInUse(Exception):
    """Another process works in this folder; the sentence says what to do."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after the machine lost its power. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def settle(path: Path) -> None:
    """Bring what was written to a file to the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_quietly(path: Path) -> int:
    """A descriptor for reading that leaves the time of the last access as it was. Never follows a link at the end.

    When a clip was last read tells which wording somebody got, to whoever takes the disk away. Raises OSError.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        return os.open(path, flags | getattr(os, "O_NOATIME", 0))
    except PermissionError:
        # only a file's owner may read it like that
        return os.open(path, flags)


def read_quietly(path: Path) -> bytes:
    """All bytes of a file, as `open_quietly` reads them. Raises OSError."""
    with os.fdopen(open_quietly(path), "rb") as file:
        return file.read()


def private_folder(path: Path) -> Path:
    """A folder that is ours and that nobody else may look into; made where there is none.

    Raises OSError where somebody else made it, or where it is a link: what lies in there could be anything.
    """
    path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    seen = path.lstat()
    own = not hasattr(os, "getuid") or seen.st_uid == os.getuid()
    if not stat.S_ISDIR(seen.st_mode) or not own:
        raise PermissionError(errno.EPERM, "the folder belongs to somebody else")
    if seen.st_mode & 0o077:
        path.chmod(PRIVATE)
    return path


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file as long as the block lasts; raises FolderInUse where another process holds it.

    The lock ends with the process, however that ends. Where the file cannot be made, nothing is locked: whoever cannot
    write into the folder does no harm there.
    """
    handle = _lock(path)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _lock(path: Path) -> int | None:
    if fcntl is None:
        return None
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise FolderInUse(
            f'Another service works in the folder "{path.parent}" already. End that one, or give this one another '
            "folder with --data."
        ) from None
    except OSError:
        # some network disks have no locks
        os.close(handle)
        return None
    return handle
