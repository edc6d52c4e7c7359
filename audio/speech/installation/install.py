"""Natural voices into the data folder and out of it: fetched in parts, checked, put in place whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from audio.errors import InstallError

from .catalog import NaturalVoice, VoiceFile
from .package_folder import is_folder, pieces_of

TIMEOUT_S = 30.0
SAMPLE_LIMIT_S, SAMPLE_LIMIT_BYTES = 10.0, 1024 * 1024
SHA_256 = 64
"""Digits of such a digest in hex."""
_CHUNK = 128 * 1024

Progress = Callable[[int, int], None]


def install(
    voice: NaturalVoice, folder: Path, mirror: str, on_progress: Progress = lambda done, whole: None
) -> None:
    """Fetch what is missing of a voice into `folder`. Raises InstallError.

    mirror       an address, or a folder here, that holds copies of everything; empty for the public home of each file
    on_progress  is called with the bytes that are there and the bytes of all

    What was fetched before an interruption stays as a .part file and is not fetched again.
    """
    before = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in voice.files:
            if not _is_whole(folder / file.name, file):
                _fetch(file, folder, mirror, lambda n, so_far=before: on_progress(so_far + n, voice.size))  # type: ignore[misc]
            before += file.size
            on_progress(before, voice.size)
    except urllib.error.HTTPError as error:
        raise InstallError(
            f"The place where voices are kept answered {error.code} for {voice.name}. "
            f"Try again later, or set another mirror."
        ) from error
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise InstallError(
            f"{voice.name} did not come whole: no connection, or it broke off. "
            f"Start it again, and it goes on from where it was."
        ) from error
    except ValueError as error:
        raise InstallError(f'The mirror "{mirror}" is no address and no folder. Set another.') from error
    except OSError as error:
        raise InstallError(
            f"{voice.name} could not be written ({error.strerror or error}). "
            f"Free some room on the disk and start it again."
        ) from error


def remove(voice: NaturalVoice, folder: Path) -> None:
    """Take a voice out of `folder`, and what was fetched of it. Raises InstallError."""
    try:
        for file in reversed(voice.files):
            for path in (folder / file.name, _part(folder, file)):
                path.unlink(missing_ok=True)
    except OSError as error:
        raise InstallError(f"{voice.name} could not be removed ({error.strerror}).") from error


def fetch_sample(voice: NaturalVoice, mirror: str) -> bytes:
    """Something that a voice says, as its collection has it: an MP3, kept nowhere. Raises InstallError."""
    if voice.sample is None:
        raise InstallError(
            f"{voice.name} has no sample. Install it, and hear it in the settings of an exercise."
        )
    try:
        with urllib.request.urlopen(voice.sample.at(mirror), timeout=SAMPLE_LIMIT_S) as answer:
            sound = answer.read(SAMPLE_LIMIT_BYTES + 1)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise InstallError(f"The sample of {voice.name} did not come. Try again later.") from error
    if len(sound) > SAMPLE_LIMIT_BYTES or not (sound.startswith(b"ID3") or sound[:1] == b"\xff"):
        raise InstallError(f"What came instead of a sample of {voice.name} is no sound. Set another mirror.")
    return sound


def _part(folder: Path, file: VoiceFile) -> Path:
    return folder / f".{file.name}.part"


def _is_whole(path: Path, file: VoiceFile) -> bool:
    with contextlib.suppress(OSError):
        return path.stat().st_size == file.size
    return False


def _fetch(file: VoiceFile, folder: Path, mirror: str, on_bytes: Callable[[int], None]) -> None:
    part = _part(folder, file)
    have = part.stat().st_size if part.exists() else 0
    if have > file.size:
        part.unlink()
        have = 0
    if is_folder(mirror):
        _copy(pieces_of(file, Path(mirror)), part, on_bytes)
    elif have < file.size:
        _download(file, part, have, mirror, on_bytes)
    if part.stat().st_size != file.size:
        raise ConnectionError(f"{file.name} broke off")
    if _digest(part, file.digest) != file.digest:
        part.unlink()
        raise InstallError(
            f"{file.name} arrived damaged and was thrown away. "
            f"Start it again; if that does not help, set another mirror."
        )
    os.replace(part, folder / file.name)


def _copy(pieces: Iterator[bytes], part: Path, on_bytes: Callable[[int], None]) -> None:
    done = 0
    with part.open("wb") as out:
        for piece in pieces:
            out.write(piece)
            done += len(piece)
            on_bytes(done)


def _download(file: VoiceFile, part: Path, have: int, mirror: str, on_bytes: Callable[[int], None]) -> None:
    """Append what is missing to `part`; from the start where the other side knows no ranges."""
    request = urllib.request.Request(file.at(mirror))
    if have:
        request.add_header("Range", f"bytes={have}-")
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        if have and answer.status != 206:
            have = 0
        with part.open("ab" if have else "wb") as out:
            while have < file.size and (piece := answer.read(min(_CHUNK, file.size - have))):
                out.write(piece)
                have += len(piece)
                on_bytes(have)


def _digest(path: Path, like: str) -> str:
    """The digest of a file, of the kind that `like` is by its length."""
    found = hashlib.sha256() if len(like) == SHA_256 else hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(1024 * 1024):
            found.update(piece)
    return found.hexdigest()
