"""Blocks of sound to the bytes of a file, as they come.

An MP3 here is CBR at 24 kHz: a frame is 576 samples and always as many bytes long, so its size is known before
it exists. The encoder delays sound by 1,105 samples and no tag says so; that much of the (silent) start is left
out, and exactly as many frames are written as the timeline has. So onsets and length are exact in any player.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import lameenc
import numpy as np
import soundfile

from audio.recipe import Format
from exercises.timeline import SAMPLE_RATE, Timeline

from . import metadata

FRAME = 576
ENCODER_DELAY = 1105
KBIT_S = {1: 48, 2: 96}
COMPACT_KBIT_S = {1: 48, 2: 56}
"""Where a file has to stay small: five minutes of it, as text of base64, are less than 3 MB."""
FRAME_BYTES = {1: 144, 2: 288}
"""A frame is three bytes long for each kbit/s."""
_QUALITY = 7


def frame_count(timeline: Timeline) -> int:
    """Frames of the MP3: the last one may hold a little silence past the end."""
    return -(-timeline.length // FRAME)


def frame_bytes(channels: int, compact: bool) -> int:
    """Bytes of a frame of an MP3."""
    return COMPACT_KBIT_S[channels] * 3 if compact else FRAME_BYTES[channels]


def known_size(
    timeline: Timeline, setting: str, channels: int, kind: Format, compact: bool = False
) -> int | None:
    """Bytes of the whole file, or None for a format whose size shows only at its end."""
    if kind == "mp3":
        return len(metadata.id3(timeline, setting)) + frame_count(timeline) * frame_bytes(channels, compact)
    if kind == "wav":
        return len(wav_header(timeline, setting, channels)) + timeline.length * channels * 2
    return None


def to_pcm(block: np.ndarray) -> np.ndarray:
    """float32 from -1 to 1 as int16."""
    return np.rint(np.clip(block, -1, 1) * 32767).astype("<i2")


def mp3_frames(
    blocks: Iterable[np.ndarray], channels: int, frames: int, compact: bool = False
) -> Iterator[bytes]:
    """Encode int16 blocks (samples, channels) to exactly `frames` frames, without a tag."""
    encoder = lameenc.Encoder()
    encoder.set_channels(channels)
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_out_sample_rate(SAMPLE_RATE)
    encoder.set_bit_rate((COMPACT_KBIT_S if compact else KBIT_S)[channels])
    encoder.set_quality(_QUALITY)
    encoder.silence()
    left, skip = frames * frame_bytes(channels, compact), ENCODER_DELAY
    for block in blocks:
        dropped = min(skip, len(block))
        skip -= dropped
        piece = bytes(encoder.encode(np.ascontiguousarray(block[dropped:]).tobytes()))[:left]
        left -= len(piece)
        yield piece
    while left > 0:
        # the end is padded with silence until the encoder has given every frame that was promised
        piece = bytes(encoder.encode(bytes(FRAME * channels * 2)))[:left]
        left -= len(piece)
        yield piece


def wav_header(timeline: Timeline, setting: str, channels: int) -> bytes:
    """Everything before the samples of a 16-bit WAV.

    A WAV has two places for tags, and players read one or the other: title and album as LIST INFO, and the whole ID3
    tag (chapters, lyrics, cover) in a chunk of its own. Both stand before the samples, so the size is known, and a
    reader need not go to the end for them.
    """
    pcm = struct.pack("<HHIIHH", 1, channels, SAMPLE_RATE, SAMPLE_RATE * channels * 2, channels * 2, 16)
    known = b"INFO" + b"".join(_chunk(name, text.encode() + b"\0") for name, text in _info(timeline))
    tags = _chunk(b"LIST", known) + _chunk(b"id3 ", metadata.id3(timeline, setting))
    data = timeline.length * channels * 2
    inner = b"WAVE" + _chunk(b"fmt ", pcm) + tags + struct.pack("<4sI", b"data", data)
    return struct.pack("<4sI", b"RIFF", len(inner) + data) + inner


def _info(timeline: Timeline) -> tuple[tuple[bytes, str], ...]:
    return (b"INAM", timeline.title), (b"IPRD", metadata.ALBUM), (b"IGNR", metadata.GENRE)


def _chunk(name: bytes, content: bytes) -> bytes:
    """A RIFF chunk, filled up to a whole number of words."""
    return struct.pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)


def write_flac(path: Path, blocks: Iterable[np.ndarray], timeline: Timeline, channels: int) -> Iterator[int]:
    """Write a whole FLAC with its tags; yields the samples written after each block."""
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, channels, "PCM_16", format="FLAC") as file:
        for block in blocks:
            file.write(block)
            yield len(block)
    metadata.tag_flac(path, timeline)
