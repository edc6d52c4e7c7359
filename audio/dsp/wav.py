"""WAV files of strangers: the header is read and checked first, the samples piece by piece, and only by this module.

No library touches what somebody uploads before it has passed here: one with an absurd rate hangs pydub, and a
decoder in C is no place for bytes of unknown origin.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from audio.errors import RecordingRefused

if TYPE_CHECKING:
    import numpy as np

MAX_BYTES = 20 * 1024 * 1024
MAX_S = 60
MIN_RATE_HZ, MAX_RATE_HZ = 8_000, 96_000
MAX_CHANNELS = 2
_MAX_CHUNKS = 64
_PIECE = 65_536

_OPEN_END = (0, 0xFFFFFFFF)
"""Sizes that a program writes which sends a file while it is made, and cannot go back to its start."""

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")
_WIDTHS = {_PCM: (8, 16, 24, 32), _FLOAT: (32,)}

_SENTENCES = {
    "not_wav": "That is not a WAV file. Drop it on the page instead, which reads most kinds of sound.",
    "cut_short": "That file ends before its sound does. Save it again and send it once more.",
    "bad_header": "The sizes in that file do not agree with each other. Save it again as a plain WAV.",
    "too_large": f"That is more than {MAX_BYTES // 2**20} MB, too much for one line. Send the line alone.",
    "wrong_kind": "That WAV holds no plain samples. Save it as 16 bit PCM, or drop it on the page.",
    "bad_rate": "That file has {0} samples a second. Save it with "
    + f"{MIN_RATE_HZ} to {MAX_RATE_HZ}, such as 48000.",
    "bad_channels": "That file has {0} channels. Save it as mono or stereo.",
    "empty": "There is no sound in that file. Record the line again.",
    "too_long": f"That is longer than {MAX_S} seconds, too much for one line. Send the line alone.",
    "not_sound": "What that file holds is not sound. Record the line again.",
    "silent": "Almost nothing can be heard in that. Move nearer to the microphone and record it again.",
    "too_short": "That is too short for a line. Record it again.",
}


def refused(code: str, said: int = 0) -> RecordingRefused:
    """The reason why a file is not taken; `said` is the number that the file gives for what is wrong."""
    return RecordingRefused(code, _SENTENCES[code].format(said))


@dataclass(frozen=True)
class WavHeader:
    """The header of a WAV, checked: samples are `bits` wide, and start at byte `start`."""

    rate_hz: int
    channels: int
    bits: int
    is_float: bool
    start: int
    frames: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample in each channel."""
        return self.channels * self.bits // 8

    @property
    def seconds(self) -> float:
        """Seconds of sound."""
        return self.frames / self.rate_hz


def read_header(file: BinaryIO) -> WavHeader:
    """The header of a WAV that can be a recorded line; raises RecordingRefused. Reads no samples."""
    size = file.seek(0, io.SEEK_END)
    if size > MAX_BYTES:
        raise refused("too_large")
    file.seek(0)
    opening = file.read(12)
    if len(opening) < 12 or opening[:4] != b"RIFF" or opening[8:] != b"WAVE":
        raise refused("not_wav")
    whole = int.from_bytes(opening[4:8], "little")
    is_open = whole in _OPEN_END
    if not is_open and whole + 8 > size:
        raise refused("cut_short")
    if not is_open and whole + 8 < size - 1:
        raise refused("bad_header")
    form: bytes | None = None
    for _ in range(_MAX_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            raise refused("cut_short")
        name, length = head[:4], int.from_bytes(head[4:], "little")
        if name == b"data":
            if form is None:
                raise refused("bad_header")
            if is_open and length not in _OPEN_END:
                raise refused("cut_short")
            return _checked(form, file.tell(), None if is_open else length, size)
        if length > size - file.tell():
            raise refused("cut_short")
        if name == b"fmt ":
            if form is not None or not 16 <= length <= 40:
                raise refused("bad_header")
            form = file.read(length)
            file.seek(length % 2, os.SEEK_CUR)
        else:
            file.seek(length + length % 2, os.SEEK_CUR)
    raise refused("bad_header")


def _checked(form: bytes, start: int, length: int | None, size: int) -> WavHeader:
    """The header from its form; without a length the sound goes on to the end of the file."""
    kind, channels, rate_hz, byte_rate, frame_bytes, bits = struct.unpack("<HHIIHH", form[:16])
    if kind == _EXTENSIBLE:
        if len(form) < 40 or form[26:40] != _GUID_TAIL:
            raise refused("bad_header")
        kind = int.from_bytes(form[24:26], "little")
    if bits not in _WIDTHS.get(kind, ()):
        raise refused("wrong_kind")
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise refused("bad_rate", rate_hz)
    if not 1 <= channels <= MAX_CHANNELS:
        raise refused("bad_channels", channels)
    if frame_bytes != channels * bits // 8 or byte_rate != rate_hz * frame_bytes:
        raise refused("bad_header")
    if length is None:
        length = (size - start) // frame_bytes * frame_bytes
    if length % frame_bytes:
        raise refused("bad_header")
    if length > size - start:
        raise refused("cut_short")
    frames = length // frame_bytes
    if not frames:
        raise refused("empty")
    if frames > MAX_S * rate_hz:
        raise refused("too_long")
    return WavHeader(rate_hz, channels, bits, kind == _FLOAT, start, frames)


def pieces(file: BinaryIO, header: WavHeader) -> Iterator[np.ndarray]:
    """The samples as float32 of shape (frames, channels) from -1 to 1, in pieces; raises RecordingRefused."""
    import numpy as np

    file.seek(header.start)
    left = header.frames
    while left:
        count = min(_PIECE, left)
        raw = file.read(count * header.frame_bytes)
        if len(raw) != count * header.frame_bytes:
            raise refused("cut_short")
        values = _floats(raw, header).reshape(count, header.channels)
        if not np.isfinite(values).all() or np.abs(values).max() > 16:
            raise refused("not_sound")
        yield values.astype(np.float32)
        left -= count


def _floats(raw: bytes, header: WavHeader) -> np.ndarray:
    import numpy as np

    if header.is_float:
        return np.frombuffer(raw, "<f4")
    if header.bits == 8:
        return (np.frombuffer(raw, np.uint8).astype(np.float32) - 128) / 128
    if header.bits == 16:
        return np.frombuffer(raw, "<i2").astype(np.float32) / 32768
    if header.bits == 32:
        return np.frombuffer(raw, "<i4").astype(np.float32) / 2**31
    bytes_ = np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(np.int32)
    whole = bytes_[:, 0] << 8 | bytes_[:, 1] << 16 | bytes_[:, 2] << 24
    return whole.astype(np.float32) / 2**31


def wav_bytes(samples: np.ndarray, rate_hz: int) -> bytes:
    """Mono int16 samples as a WAV file."""
    import numpy as np

    body = np.ascontiguousarray(samples, "<i2").tobytes()
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(body), b"WAVE", b"fmt ", 16, _PCM, 1, rate_hz, rate_hz * 2, 2, 16,
        b"data", len(body),
    )  # fmt: skip
    return head + body
