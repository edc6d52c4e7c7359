"""WAV files of strangers: what is taken, and that everything else is one typed refusal."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.dsp.wav import MAX_BYTES, pieces, read_header, wav_bytes
from audio.errors import RecordingRefused

RATE = 24_000
SOUND = np.sin(np.arange(RATE) / 9).astype(np.float32) * 0.5


def header(
    kind: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16, data: bytes = bytes(4800),
    said: int | None = None, riff: int | None = None, extra: bytes = b"", tail: bytes = b"",
    frame_bytes: int | None = None,
) -> bytes:  # fmt: skip
    """A WAV in which anything can be said."""
    frame = channels * bits // 8 if frame_bytes is None else frame_bytes
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * frame % 2**32, frame, bits) + tail
    body = b"WAVE" + b"fmt " + struct.pack("<I", len(form)) + form + extra
    body += b"data" + struct.pack("<I", len(data) if said is None else said) + data
    return b"RIFF" + struct.pack("<I", len(body) if riff is None else riff) + body


def code(content: bytes) -> str:
    with pytest.raises(RecordingRefused) as refusal:
        read_header(io.BytesIO(content))
    assert str(refusal.value).endswith(".")
    return refusal.value.code


def mono(content: bytes) -> np.ndarray:
    file = io.BytesIO(content)
    return np.concatenate([piece.mean(axis=1) for piece in pieces(file, read_header(file))])


@pytest.mark.parametrize(
    ("kind", "bits", "data"),
    [
        (1, 8, np.rint(SOUND * 128 + 128).astype(np.uint8).tobytes()),
        (1, 16, np.rint(SOUND * 2**15).astype("<i2").tobytes()),
        (1, 24, np.rint(SOUND * 2**23).astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()),
        (1, 32, np.rint(SOUND.astype(np.float64) * 2**31).astype("<i4").tobytes()),
        (3, 32, SOUND.astype("<f4").tobytes()),
    ],
    ids=["8 bit", "16 bit", "24 bit", "32 bit", "float"],
)
def test_every_plain_width_gives_the_same_sound(kind: int, bits: int, data: bytes) -> None:
    assert np.abs(mono(header(kind=kind, bits=bits, data=data)) - SOUND).max() < (0.01 if bits == 8 else 1e-4)


def test_two_channels_are_averaged() -> None:
    both = np.stack([SOUND, np.zeros_like(SOUND)], axis=1)
    content = header(channels=2, data=np.rint(both * 32768).astype("<i2").tobytes())
    assert np.abs(mono(content) - SOUND / 2).max() < 1e-4


def test_a_chunk_before_the_sound_is_passed_over() -> None:
    extra = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    assert read_header(io.BytesIO(header(extra=extra))).frames == 2400


def test_an_extensible_header_is_read() -> None:
    tail = (
        struct.pack("<HHI", 22, 16, 4) + struct.pack("<H", 1) + bytes.fromhex("000000001000800000aa00389b71")
    )
    assert read_header(io.BytesIO(header(kind=0xFFFE, tail=tail))).bits == 16


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_file_that_was_sent_while_it_was_made_goes_on_to_its_end(size: int) -> None:
    assert read_header(io.BytesIO(header(riff=size, said=size, data=bytes(4801)))).frames == 2400


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "not_wav"),
        (b"ID3\x04" + bytes(400), "not_wav"),
        (b"RIFF\0\0\0\0AVI " + bytes(40), "not_wav"),
        (header()[:200], "cut_short"),
        (header(said=10**6), "cut_short"),
        (header(riff=0xFFFFFFFF), "cut_short"),
        (header(riff=0, said=0, data=b""), "empty"),
        (header(riff=0, said=0, data=bytes(2 * RATE * 61)), "too_long"),
        (header() + bytes(10), "bad_header"),
        (header(frame_bytes=7), "bad_header"),
        (header(data=bytes(4801)), "bad_header"),
        (header(kind=2, bits=4), "wrong_kind"),
        (header(kind=0x55), "wrong_kind"),
        (header(bits=12), "wrong_kind"),
        (header(rate=0), "bad_rate"),
        (header(rate=1), "bad_rate"),
        (header(rate=96_001), "bad_rate"),
        (header(rate=2**32 - 1), "bad_rate"),
        (header(channels=0), "bad_channels"),
        (header(channels=3), "bad_channels"),
        (header(data=b""), "empty"),
        (header(rate=8000, data=bytes(2 * 8000 * 61)), "too_long"),
        (header(data=bytes(MAX_BYTES)), "too_large"),
        (header(extra=(b"junk" + bytes(4)) * 100_000), "bad_header"),
    ],
)
def test_what_cannot_be_a_line_is_refused_by_its_header(content: bytes, expected: str) -> None:
    assert code(content) == expected


def test_samples_that_are_no_numbers_are_refused() -> None:
    values = np.full(2400, np.nan, "<f4")
    with pytest.raises(RecordingRefused, match="not sound"):
        mono(header(kind=3, bits=32, data=values.tobytes()))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_header_or_a_refusal(content: bytes) -> None:
    try:
        found = read_header(io.BytesIO(content))
    except RecordingRefused:
        return
    assert 0 < found.frames * found.frame_bytes <= len(content)


@given(st.integers(0, 43), st.integers(0, 255), st.integers(0, 4844))
def test_a_header_with_one_byte_changed_never_says_more_than_there_is(at: int, value: int, keep: int) -> None:
    content = bytearray(header())
    content[at] = value
    cut = bytes(content[: max(44, keep)])
    try:
        found = read_header(io.BytesIO(cut))
    except RecordingRefused:
        return
    assert 8000 <= found.rate_hz <= 96_000
    assert found.start + found.frames * found.frame_bytes <= len(cut)


def test_what_is_written_is_read() -> None:
    samples = np.rint(SOUND * 32767).astype(np.int16)
    assert np.abs(mono(wav_bytes(samples, RATE)) - SOUND).max() < 1e-3
