"""A recorded line taken in: from a checked WAV to sound that can stand beside every other line.

Of several channels the better one is taken: two that cancel each other out would be silence as a mean. It is resampled
piece by piece; freed of any offset and of rumble, which a cheap microphone or a desk adds and every measurement would
take for a room; then trimmed where the room, or the click of a key, is all that is heard, faded (pydub), and brought
to the voice's level. How far below or above that level it came in is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soxr

from audio.dsp.limiter import Limiter
from audio.dsp.loudness import Meter
from audio.dsp.segments import AudioSegment
from audio.dsp.wav import WavHeader, pieces, read_header, refused
from audio.levels import CEILING_DBTP, VOICE_LUFS
from exercises.timeline import SAMPLE_RATE

_BLOCK = 48_000
_FRAME = round(0.02 * SAMPLE_RATE)
_TRIM_STEP_MS = 10
_STEP = SAMPLE_RATE * _TRIM_STEP_MS // 1000
_CLICK_STEPS, _APART_STEPS = 5, 25
"""A sound so short, and so far from the words, is a key or a mouse and none of them."""
_LOWEST_HZ, _RUMBLE_BLOCK, _MARGIN = 40.0, 10 * SAMPLE_RATE, SAMPLE_RATE // 2
"""Half of the amplitude is left here: an octave below the lowest voice, above what a desk hands on."""
_OVER_ROOM_DB = 8.0
"""Speech is taken to begin where a step is this much above the room."""
_BELOW_SPEECH_DB = 20.0
"""And, in a noisy room, at the latest where it comes this near to the loud places."""
BEFORE_S = 0.06
"""Seconds to the words of a kept line: what is heard so shortly before them belongs to them."""
_TAIL_MS = 160
"""Kept behind the words, for a soft last sound."""
_FADE_IN_MS, _FADE_OUT_MS = 12, 60
_QUIETEST_DBFS = -55.0
_SHORTEST_S, _ROOM_S = 0.15, 0.2
_CLIPPED, _CLIPPED_SAMPLES = 0.999, 4


@dataclass(frozen=True)
class Taken:
    """A line as it is kept: int16 at SAMPLE_RATE, at the voice's level.

    lufs     how loud it came in
    room_db  the room behind the voice, in dBFS at the level that couples hear; -90 where it cannot be told
    clipped  whether it was too loud for the microphone in places
    """

    samples: np.ndarray
    lufs: float
    room_db: float
    clipped: bool

    @property
    def seconds(self) -> float:
        """Seconds of sound."""
        return len(self.samples) / SAMPLE_RATE


def take_in(path: Path) -> Taken:
    """A WAV file as a line that can be kept; raises RecordingRefused and nothing else for what the file holds."""
    sound, clipped = _resampled(path)
    sound = _without_rumble(sound)
    levels = _levels(sound)
    room, speech = float(np.percentile(levels, 5)), float(np.percentile(levels, 95))
    if speech < _QUIETEST_DBFS:
        raise refused("silent")
    sound, cut_off = _trimmed(
        sound, max(_QUIETEST_DBFS, min(room + _OVER_ROOM_DB, speech - _BELOW_SPEECH_DB))
    )
    if len(sound) < _SHORTEST_S * SAMPLE_RATE:
        raise refused("too_short")
    lufs = _lufs(sound)
    gain_db = VOICE_LUFS - lufs
    # only where nobody speaks can the room be heard for itself
    room_db = float(np.median(_levels(cut_off))) + gain_db if len(cut_off) > _ROOM_S * SAMPLE_RATE else -90.0
    return Taken(limited(sound, gain_db), round(lufs, 2), round(room_db, 1), clipped)


def limited(sound: np.ndarray, gain_db: float) -> np.ndarray:
    """Float samples (from -1 to 1) louder by `gain_db`, peaks kept below the ceiling; int16 of the same length."""
    limiter = Limiter(CEILING_DBTP, 1)
    padded = np.concatenate([sound, np.zeros(limiter.DELAY, np.float32)]) * np.float32(10 ** (gain_db / 20))
    # block by block, since the limiter needs much room where a block is loud
    out = np.concatenate([limiter.process(block[:, None])[:, 0] for block in _blocks(padded)])
    return np.rint(np.clip(out[limiter.DELAY :], -1, 1) * 32767).astype(np.int16)


def _blocks(sound: np.ndarray) -> Iterator[np.ndarray]:
    return (sound[start : start + _BLOCK] for start in range(0, len(sound), _BLOCK))


def _lufs(sound: np.ndarray) -> float:
    meter = Meter(SAMPLE_RATE)
    for block in _blocks(sound):
        meter.add(block)
    return meter.finish()[0]


def _resampled(path: Path) -> tuple[np.ndarray, bool]:
    """The better channel of a line at SAMPLE_RATE, without any offset, and whether any channel was clipped."""
    with path.open("rb") as file:
        header = read_header(file)
        channel, offset, clipped = _best_channel(file, header)
        chosen = (np.clip(piece[:, channel], -1, 1) - offset for piece in pieces(file, header))
        if header.rate_hz == SAMPLE_RATE:
            parts = list(chosen)
        else:
            stream = soxr.ResampleStream(header.rate_hz, SAMPLE_RATE, 1, dtype="float32")
            parts = [stream.resample_chunk(piece) for piece in chosen]
            parts.append(stream.resample_chunk(np.zeros(0, np.float32), last=True))
    return np.concatenate(parts), clipped


def _best_channel(file: BinaryIO, header: WavHeader) -> tuple[int, np.float32, bool]:
    """The channel to take, its constant offset, and whether any was clipped.

    Taken is the one that is heard, is not clipped, and stands farthest out of its room.
    """
    frame = max(1, round(0.02 * header.rate_hz))
    clipped = np.zeros(header.channels, np.int64)
    total = np.zeros(header.channels)
    powers = []
    for piece in pieces(file, header):
        clipped += np.count_nonzero(np.abs(piece) >= _CLIPPED, axis=0)
        total += piece.sum(axis=0, dtype=np.float64)
        whole = piece[: len(piece) // frame * frame].astype(np.float64).reshape(-1, frame, header.channels)
        powers.append(whole.var(axis=1))
    levels = 10 * np.log10(np.maximum(np.concatenate(powers), 1e-12))
    offsets, is_clipped = (total / header.frames).astype(np.float32), clipped >= _CLIPPED_SAMPLES
    if not len(levels):
        return 0, offsets[0], bool(is_clipped.any())
    room, speech = np.percentile(levels, 5, axis=0), np.percentile(levels, 95, axis=0)
    heard = speech >= _QUIETEST_DBFS

    def worth(channel: int) -> tuple[bool, bool, float, float]:
        out_of_room = round(float(speech[channel] - room[channel]), 1)
        return bool(heard[channel]), not is_clipped[channel], out_of_room, float(speech[channel])

    best = max(range(header.channels), key=worth)
    return best, offsets[best], bool(is_clipped.any())


def _without_rumble(sound: np.ndarray) -> np.ndarray:
    """The same sound without what swings more slowly than a voice, an offset that wanders included; no delay."""
    padded = np.pad(sound, _MARGIN, mode="edge")
    starts = range(0, len(sound), _RUMBLE_BLOCK)
    # block by block, since a spectrum needs much room; what a block's ends ring has died away within the margin
    blocks = (padded[start : start + _RUMBLE_BLOCK + 2 * _MARGIN] for start in starts)
    return np.concatenate([_above_lowest(block)[_MARGIN:-_MARGIN] for block in blocks])


def _above_lowest(block: np.ndarray) -> np.ndarray:
    """A block without its lowest frequencies; float32 of the same length."""
    hertz = np.fft.rfftfreq(len(block), 1 / SAMPLE_RATE)
    kept = 1 / (1 + (_LOWEST_HZ / np.maximum(hertz, 1e-3)) ** 4)
    return np.fft.irfft(np.fft.rfft(block) * kept, len(block)).astype(np.float32)


def _ends_of_words(sound: np.ndarray, threshold_dbfs: float) -> tuple[int, int]:
    """Steps to the first and behind the last that is as loud as words, clicks far from them left out."""
    whole = sound[: len(sound) // _STEP * _STEP].astype(np.float64).reshape(-1, _STEP)
    levels = 10 * np.log10(np.maximum((whole**2).mean(axis=1), 1e-12))
    loud = np.flatnonzero(levels >= threshold_dbfs)
    if not len(loud):
        return len(levels), len(levels)
    stretches = np.split(loud, np.flatnonzero(np.diff(loud) > _APART_STEPS) + 1)
    words = [stretch for stretch in stretches if len(stretch) >= _CLICK_STEPS] or stretches
    return int(words[0][0]), int(words[-1][-1]) + 1


def _levels(sound: np.ndarray) -> np.ndarray:
    """dBFS of each 20 ms."""
    padded = np.pad(sound, (0, -len(sound) % _FRAME)).reshape(-1, _FRAME)
    return 10 * np.log10(np.maximum((padded.astype(np.float64) ** 2).mean(axis=1), 1e-12))


def _trimmed(sound: np.ndarray, threshold_dbfs: float) -> tuple[np.ndarray, np.ndarray]:
    """The words, BEFORE_S in and softly faded at both ends; and what was before and after, as one."""
    pcm = np.rint(sound * 32767).astype(np.int16)
    segment = AudioSegment(pcm.tobytes(), frame_rate=SAMPLE_RATE, sample_width=2, channels=1)
    lead, end = (step * _TRIM_STEP_MS for step in _ends_of_words(sound, threshold_dbfs))
    before_ms = round(BEFORE_S * 1000)
    first, last = max(0, lead - before_ms), min(len(segment), end + _TAIL_MS)
    kept = segment[first:last].fade_in(_FADE_IN_MS).fade_out(_FADE_OUT_MS)
    before, after = round(first / 1000 * SAMPLE_RATE), round(last / 1000 * SAMPLE_RATE)
    words = np.frombuffer(kept.raw_data, np.int16).astype(np.float32) / 32767
    missing = round(max(0, before_ms - lead) / 1000 * SAMPLE_RATE)
    return np.pad(words, (missing, 0)), np.concatenate([sound[:before], sound[after:]])
