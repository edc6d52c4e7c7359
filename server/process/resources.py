"""Resources that this machine grants a process: descriptors, and a folder to keep things in."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from audio.files import PRIVATE

from ..config import SettingError

try:
    import resource
except ImportError:  # Windows counts them in another way, and has enough
    resource = None  # type: ignore[assignment]

WANTED = 65_536
ENOUGH = 1024
SPARE = 128
"""Descriptors that are left for files, pipes and the journal when every connection has its own."""
MOST_CONNECTIONS = 12_000


def raise_descriptors() -> int:
    """Raise the soft limit of open files as far as this process may; gives what it is then."""
    if resource is None:
        return WANTED
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):
            return soft
        return wanted
    return WANTED if soft == resource.RLIM_INFINITY else soft


def connections_within(descriptors: int) -> int:
    """The number of open connections at most. Two descriptors each: a room's socket is held twice for a moment."""
    return max(16, min(MOST_CONNECTIONS, (descriptors - SPARE) // 2))


def few_descriptors(descriptors: int) -> str:
    """One sentence where there are fewer than many phones need, else nothing."""
    if descriptors >= ENOUGH:
        return ""
    return (
        f"This process may open only {descriptors} files, so it lets {connections_within(descriptors)} connections in "
        f"at once. Raise the limit (ulimit -n, or LimitNOFILE) for more."
    )


def make_data(folder: Path) -> None:
    """Make the data folder, for its owner alone, if there is none; whoever cannot write there goes without."""
    with contextlib.suppress(OSError):
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)


def open_data(folder: Path) -> None:
    """Make the data folder if there is none; raises SettingError where nothing can be kept in it."""
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "it cannot be written")
    except OSError as error:
        raise SettingError(
            f'Nothing can be kept in the folder "{folder}" ({error.strerror}). Make it writable, or choose another '
            f"with --data."
        ) from error
