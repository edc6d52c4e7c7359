"""A whole set of recordings as one ZIP, and back. What comes in is a stranger's and is checked member by member.

    recordings.json      {"format": 1, "lines": {digest: {"exercise": id, "place": place, "lufs": …}}}
    lines/<digest>.wav   16 bit mono at 24 kHz when it comes from here; on the way in any WAV that an upload may be

Names are only ever compared, never used as a path, so none can point out of the folder. A set that somebody unpacked
and packed again is taken in, too: in a folder of its own, with a comment, and with what systems leave beside files.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from audio.dsp import wav
from audio.errors import RecordingRefused
from audio.files import write_whole
from exercises.timeline import SAMPLE_RATE

from .ingest import take_in
from .store import RecordingStore, is_place, packed

FORMAT = 1
MAX_MEMBERS = 2000
MAX_ALL_BYTES = 2 * 1024**3
MAX_RATIO = 50
_BELOW_RATIO_BYTES = 64 * 1024
"""A file so small may be as regular as it likes."""
_MAX_TABLE_BYTES = 1024 * 1024
_TABLE = "recordings.json"
_MEMBER = re.compile(r"(?:lines/)?([0-9a-f]{64})\.wav", re.IGNORECASE)
_DRIVE = re.compile(r"[a-z]:", re.IGNORECASE)
_PADDING = b"\0\r\n"
"""Bytes that a way through mail or an old disk leaves behind a file."""
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_END_BYTES, _LOCATOR_BYTES, _ENTRY_BYTES = 22, 20, 256
_MAX_COMMENT_BYTES = 65_535
_LINK = 0o120000
"""The kind of a file, in the upper half of its attributes, that points to another."""

_SENTENCES = {
    "not_zip": "That is not a ZIP of recordings. Choose one that was taken from here.",
    "strange_member": "That ZIP holds files that no set of recordings has. Choose one that was taken from here.",
    "too_many": f"That ZIP holds more than {MAX_MEMBERS} files, too many for one set of recordings.",
    "bomb": "What that ZIP unpacks to is far larger than itself. Choose one that was taken from here.",
    "bad_table": "The list in that ZIP cannot be read. Choose one that was taken from here.",
}


def _refused(code: str) -> RecordingRefused:
    return RecordingRefused(code, _SENTENCES[code])


def pack(store: RecordingStore, out: Path) -> int:
    """Write every recording to a ZIP; gives how many. One line is in memory at a time. Raises OSError."""
    recordings = store.all()
    kept: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for line, recording in recordings.items():
            flac = store.flac(line)
            if flac is None:
                continue
            samples, _ = soundfile.read(io.BytesIO(flac), dtype="int16")
            archive.writestr(f"lines/{line}.wav", wav.wav_bytes(np.asarray(samples), SAMPLE_RATE))
            kept[line] = {
                "exercise": recording.exercise, "place": recording.place, "lufs": recording.lufs,
            }  # fmt: skip
        archive.writestr(_TABLE, json.dumps({"format": FORMAT, "lines": kept}, indent=1))
    return len(kept)


def unpack(store: RecordingStore, path: Path, before: Callable[[str], None]) -> int:
    """Take in every line of a ZIP, or none at all; gives how many. `before` is told each line that is replaced next.

    Raises RecordingRefused with the sentence of the first member that cannot be used, or OSError.
    """
    with _opened(path) as archive, _workplace(store) as folder:
        members = _checked(archive)
        places = _places(archive, set(members))
        for line, member in members.items():
            _take_member(archive, member, folder / "member.wav")
            try:
                taken = take_in(folder / "member.wav")
            except RecordingRefused as error:
                where = f"{places[line][0]}, line {places[line][1]}"
                raise RecordingRefused(error.code, f"Nothing was brought in. {where}: {error}") from error
            exercise, place, lufs = places[line]
            # what is packed is level already; how loud it once came in is in the list
            write_whole(folder / line, packed(line, exercise, place, replace(taken, lufs=lufs))[1])
        for line in members:
            before(line)
            (folder / line).replace(store.path(line))
        return len(members)


@contextmanager
def _workplace(store: RecordingStore) -> Iterator[Path]:
    """A folder beside the recordings, gone at the end whatever happens."""
    store.incoming.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=store.incoming))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OverflowError,
)
"""The errors that the standard library raises for archives that are none, or are damaged."""


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive whose directory is small enough to be read at all."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _END_BYTES - _MAX_COMMENT_BYTES - _LOCATOR_BYTES))
        ending = file.read()
    at = _end_record(ending)
    if at is None or ending[max(0, at - _LOCATOR_BYTES) : at].startswith(b"PK\x06\x07"):
        raise _refused("not_zip")
    end = ending[at : at + _END_BYTES]
    count, directory_bytes = struct.unpack("<HI", end[10:16])
    if count > MAX_MEMBERS or directory_bytes > MAX_MEMBERS * _ENTRY_BYTES:
        raise _refused("too_many")
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGED as error:
        raise _refused("not_zip") from error
    with archive:
        yield archive


def _end_record(ending: bytes) -> int | None:
    """The place of an archive's last record in its last bytes: its comment reaches to their end, but for padding."""
    at = ending.rfind(b"PK\x05\x06")
    while at >= 0:
        comment = ending[at + 20 : at + _END_BYTES]
        end = at + _END_BYTES + int.from_bytes(comment, "little")
        if len(comment) == 2 and end <= len(ending) and not ending[end:].strip(_PADDING):
            return at
        at = ending.rfind(b"PK\x05\x06", 0, at)
    return None


def _checked(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The lines of an archive by their digests, from its directory alone."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise _refused("too_many")
    above = _folder_above(members)
    lines: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        name = _name(member)
        found = _MEMBER.fullmatch(name.removeprefix(above)) if name.startswith(above) else None
        line = found[1].lower() if found else ""
        if _is_hostile(member) or line in lines:
            raise _refused("strange_member")
        if member.file_size > max(_BELOW_RATIO_BYTES, MAX_RATIO * member.compress_size):
            raise _refused("bomb")
        if found:
            if member.file_size > wav.MAX_BYTES:
                raise wav.refused("too_large")
            lines[line] = member
    if sum(member.file_size for member in members) > MAX_ALL_BYTES:
        raise _refused("bomb")
    if not lines:
        raise _refused("not_zip")
    return lines


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name with the separators of the standard; some programs write those of Windows."""
    return member.filename.replace("\\", "/")


def _is_hostile(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is more than a plain file or folder inside of the archive's own folder."""
    name = _name(member)
    outside = name.startswith("/") or ".." in name.split("/") or _DRIVE.match(name) is not None
    unreadable = bool(member.flag_bits & _ENCRYPTED) or member.compress_type not in _METHODS
    return outside or unreadable or (member.external_attr >> 16) & 0o170000 == _LINK


def _folder_above(members: list[zipfile.ZipInfo]) -> str:
    """The folders that the list, and so the whole set, stands in: "" or "mine/"."""
    tables = [_name(m) for m in members if _is_table(m) and "__MACOSX" not in _name(m)]
    return min(tables, key=len, default=_TABLE)[: -len(_TABLE)]


def _is_table(member: zipfile.ZipInfo) -> bool:
    return _name(member).rpartition("/")[2].lower() == _TABLE


def _places(archive: zipfile.ZipFile, lines: set[str]) -> dict[str, tuple[str, str, float]]:
    """The place and loudness of each line; a list that holds anything else is refused."""
    try:
        above = _folder_above(archive.infolist())
        table = next(m for m in archive.infolist() if _is_table(m) and len(_name(m)) == len(above + _TABLE))
        if table.file_size > _MAX_TABLE_BYTES:
            raise _refused("bad_table")
        plain: Any = json.loads(archive.read(table))
        listed = [plain["lines"][line] for line in lines]
        said = [(one["exercise"], one["place"], float(one["lufs"])) for one in listed]
        fits = plain["format"] == FORMAT and all(is_place(*at) and -90 < lufs < 10 for *at, lufs in said)
    except (KeyError, TypeError, StopIteration, RecursionError, *_DAMAGED) as error:
        raise _refused("bad_table") from error
    if not fits:
        raise _refused("bad_table")
    return dict(zip(lines, said, strict=True))


def _take_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, out: Path) -> None:
    """Write one member out; the library gives no more of it than the directory says."""
    try:
        with archive.open(member) as source, out.open("wb") as target:
            shutil.copyfileobj(source, target, 65_536)
    except _DAMAGED as error:
        raise _refused("not_zip") from error
