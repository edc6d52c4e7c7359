"""A ZIP that is written as it is sent, with its size known before its sound is.

Readers that take an archive from front to back, such as Java's, believe a size that stands behind an entry only where
the entry is deflated: a stored one does not tell them where it ends. Deflating sound gains nothing. So each entry is a
deflate stream of stored blocks (RFC 1951, section 3.2.4), which is as long as its content and five bytes a block.

The record behind each entry (PKWARE's APPNOTE 6.3.10, section 4.3.9) has its checksum, which nobody knows beforehand.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BLOCK = 65_535
"""Bytes of the longest stored block."""
MOST_BYTES = 2**32 - 1
"""The most bytes of an archive without its 64-bit form, which many readers lack."""

_VERSION, _FLAGS, _DEFLATED = 20, 0x0808, 8
"""2.0, sizes behind the entry and names in UTF-8, method 8."""
_DOS_DATE = 1 << 5 | 1
"""The first of January 1980: an archive does not say when somebody fetched it."""
_END_OF_STREAM = b"\x01\x00\x00\xff\xff"


class TooLarge(ValueError):
    """An archive that would be larger than most readers can open."""


@dataclass(frozen=True)
class Entry:
    """A file of the archive. `size` is its bytes, or None where only its end tells."""

    name: str
    content: Iterable[bytes]
    size: int | None


def archive_size(entries: Iterable[Entry]) -> int | None:
    """Bytes of the whole archive, or None where one entry's size is not known. Raises TooLarge."""
    total = 22
    for entry in entries:
        if entry.size is None:
            return None
        total += 2 * len(entry.name.encode()) + 30 + 16 + 46 + _deflated_size(entry.size)
        if total > MOST_BYTES:
            raise TooLarge
    return total


def _deflated_size(size: int) -> int:
    return size + 5 * -(-size // BLOCK) + len(_END_OF_STREAM)


def zip_stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The bytes of the archive; each entry's content is asked for when the stream comes to it.

    Raises TooLarge where it turns out so, and ValueError where an entry is not as long as it said.
    """
    directory, offset, count = [], 0, 0
    for entry in entries:
        name = entry.name.encode()
        yield (local := _local_header(name))
        checksum = size = deflated = 0
        for block in _blocks(entry.content):
            checksum = zlib.crc32(block, checksum)
            size += len(block)
            framed = struct.pack("<BHH", 0, len(block), len(block) ^ 0xFFFF) + block
            deflated += len(framed)
            yield framed
        if entry.size not in (None, size):
            raise ValueError("an entry of an archive is not as long as it was said to be")
        deflated += len(_END_OF_STREAM)
        yield _END_OF_STREAM + struct.pack("<4sIII", b"PK\x07\x08", checksum, deflated, size)
        directory.append(_central_header(name, checksum, deflated, size, offset))
        offset += len(local) + deflated + 16
        count += 1
        if offset > MOST_BYTES:
            raise TooLarge
    listed = b"".join(directory)
    yield listed + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(listed), offset, 0)


def _local_header(name: bytes) -> bytes:
    fields = (_VERSION, _FLAGS, _DEFLATED, 0, _DOS_DATE, 0, 0, 0, len(name), 0)
    return struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", *fields) + name


def _central_header(name: bytes, checksum: int, deflated: int, size: int, offset: int) -> bytes:
    made_on_unix = 3 << 8 | _VERSION
    fields = (made_on_unix, _VERSION, _FLAGS, _DEFLATED, 0, _DOS_DATE, checksum, deflated, size, len(name))
    plain_file = 0o100644 << 16
    return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", *fields, 0, 0, 0, 0, plain_file, offset) + name


def _blocks(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks of BLOCK, the last one shorter, so that their number follows from the size."""
    left = bytearray()
    for piece in content:
        left += piece
        while len(left) >= BLOCK:
            yield bytes(left[:BLOCK])
            del left[:BLOCK]
    if left:
        yield bytes(left)
