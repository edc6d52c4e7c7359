"""A FLAC file made longer without being changed: a block of padding (RFC 9639, section 8.3), which decoders skip."""

from __future__ import annotations

_FIRST_BLOCK_ENDS = 4 + 4 + 34
"""The signature, and STREAMINFO, which every file begins with: the head of its block, and 34 bytes."""
_LAST, _PADDING, _HEAD = 0x80, 1, 4
_MOST = 2**24 - 1


def padded(flac: bytes, size: int) -> bytes:
    """The same sound in `size` bytes; as it is where it is longer already or is no FLAC file."""
    missing = size - len(flac)
    if missing < _HEAD or flac[:4] != b"fLaC" or len(flac) < _FIRST_BLOCK_ENDS:
        return flac
    head = bytearray(flac[:_FIRST_BLOCK_ENDS])
    is_last = head[4] & _LAST
    head[4] &= ~_LAST
    blocks = bytearray()
    while missing:
        length = min(missing - _HEAD, _MOST)
        if 0 < missing - _HEAD - length < _HEAD:
            length -= _HEAD
        missing -= _HEAD + length
        kind = _PADDING | (is_last if not missing else 0)
        blocks += bytes([kind]) + length.to_bytes(3, "big") + bytes(length)
    return bytes(head) + bytes(blocks) + flac[_FIRST_BLOCK_ENDS:]
