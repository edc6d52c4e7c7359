"""The archive that is written as it is sent: read from front to back, from its directory, and as long as it said."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.services.export.zip_stream import BLOCK, Entry, TooLarge, archive_size, zip_stream

contents = st.lists(st.lists(st.binary(max_size=300), max_size=6), max_size=5)


def packed(files: list[list[bytes]]) -> list[Entry]:
    return [Entry(f"é{i}/sound.mp3", pieces, len(b"".join(pieces))) for i, pieces in enumerate(files)]


def from_front_to_back(archive: bytes) -> dict[str, bytes]:
    """The files that a reader finds that never looks at the directory, as `java.util.zip.ZipInputStream` reads."""
    found, at = {}, 0
    while archive[at : at + 4] == b"PK\x03\x04":
        flags, method = struct.unpack("<HH", archive[at + 6 : at + 10])
        assert method == 8 or not flags & 8, "only DEFLATED entries can have EXT descriptor"
        length, extra = struct.unpack("<HH", archive[at + 26 : at + 30])
        name = archive[at + 30 : at + 30 + length].decode()
        inflate = zlib.decompressobj(-15)
        content = inflate.decompress(archive[at + 30 + length + extra :])
        assert inflate.eof
        behind = inflate.unused_data
        mark, checksum, _, size = struct.unpack("<4sIII", behind[:16])
        assert (mark, checksum, size) == (b"PK\x07\x08", zlib.crc32(content), len(content))
        found[name] = content
        at = len(archive) - len(behind) + 16
    return found


@given(contents)
def test_it_is_read_from_front_to_back_and_from_its_directory_and_is_as_long_as_it_said(
    files: list[list[bytes]],
) -> None:
    archive = b"".join(zip_stream(packed(files)))
    whole = {entry.name: b"".join(entry.content) for entry in packed(files)}
    assert len(archive) == archive_size(packed(files))
    assert from_front_to_back(archive) == whole
    with zipfile.ZipFile(io.BytesIO(archive)) as read:
        assert read.testzip() is None
        assert {name: read.read(name) for name in read.namelist()} == whole


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
@pytest.mark.parametrize("piece", [1000, BLOCK, 1 << 20])
def test_its_length_does_not_depend_on_how_the_sound_comes(size: int, piece: int) -> None:
    content = bytes(i % 251 for i in range(size))
    entry = Entry("a", [content[i : i + piece] for i in range(0, size, piece)], size)
    archive = b"".join(zip_stream([entry]))
    assert len(archive) == archive_size([entry])
    assert from_front_to_back(archive) == {"a": content}


def test_without_a_size_there_is_no_length(tmp_path: Path) -> None:
    assert archive_size([Entry("a", [b"x"], None)]) is None
    assert from_front_to_back(b"".join(zip_stream([Entry("a", [b"x"], None)]))) == {"a": b"x"}


def test_an_entry_that_is_not_as_long_as_it_said_ends_the_stream() -> None:
    with pytest.raises(ValueError, match="not as long"):
        b"".join(zip_stream([Entry("a", [b"xy"], 1)]))


def test_more_than_four_gigabytes_are_refused_before_anything_is_sent() -> None:
    with pytest.raises(TooLarge):
        archive_size([Entry("a", [], 2**31), Entry("b", [], 2**31)])


@pytest.mark.parametrize(
    "program", [["unzip", "-t"], ["7z", "t"], ["bsdtar", "-tf"], ["busybox", "unzip", "-t"]]
)
def test_other_programs_read_it(tmp_path: Path, program: list[str]) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed here")
    path = tmp_path / "a.zip"
    path.write_bytes(b"".join(zip_stream(packed([[b"one"], [b"two" * 50_000]]))))
    done = subprocess.run([*program, str(path)], capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
