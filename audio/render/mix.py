"""Timeline and clips to blocks of sound: a generator whose memory does not grow with the length.

Sounds are placed by sample, a clip by its first word, which begins LEAD_S in. A clip is asked for when the mix
reaches it, so the first blocks leave before the last line has been spoken. A clip that overruns its slot eats the
rest that follows; a line that would meet one still sounding waits for it, and is neither cut nor laid over it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from audio.dsp import tones
from audio.dsp.limiter import Limiter
from audio.dsp.loudness import expected_lufs
from audio.levels import CEILING_DBTP, FILE_LUFS, LEAD_S, MIN_GAP_S
from audio.recipe import SETTINGS, Texture
from exercises.timeline import SAMPLE_RATE, SPOKEN, Timeline

BLOCK = 16 * 576
"""Samples in a block: sixteen frames of the MP3, 384 ms."""

_SPOKEN_SHARE = 0.5
"""Of a slot, what is sound: the rest is its margin and the gaps between sentences."""

_MOST_MAKEUP_DB = 6.0
_LEAD = round(LEAD_S * SAMPLE_RATE)
_END_FADE = round(0.8 * SAMPLE_RATE)
"""Sound that still rings at the end fades over these samples."""

ClipSource = Callable[[int, int], np.ndarray]
"""(index of the cue, channel) to the clip as int16 samples; may wait, and may raise VoiceError."""


@dataclass(frozen=True)
class _Event:
    """Something that starts to sound: a tone, made when it is due, or (None) the clip of the cue with this index."""

    start: int
    cue: int
    tone: Callable[[], np.ndarray] | None


@dataclass
class _Sounding:
    """A sound that has started: what is left of it begins at `at`."""

    samples: np.ndarray
    at: int
    channel: int | None


def makeup(timeline: Timeline, texture: Texture) -> float:
    """The gain (a factor, 1 or more) for a timeline in which tones outlast the voice.

    Integrated loudness is a mean over all that sounds, so long tones a little below the voice pull it down. Known
    from the timeline alone, this lifts the whole to what every other exercise has.
    """
    total = timeline.length / SAMPLE_RATE
    voice = sum(cue.end - cue.start for cue in timeline.spoken()) / SAMPLE_RATE * _SPOKEN_SHARE
    tone = sum(phase.end - phase.start for cue in timeline.cues for phase in cue.phases) / SAMPLE_RATE
    stretches = [(voice, FILE_LUFS), (tone, tones.TONE_LUFS)]
    if texture.bed != "none":
        stretches.append((total - voice - tone, tones.BED_LUFS))
    missing = FILE_LUFS - expected_lufs(stretches)
    return float(10 ** (np.clip(missing, 0, _MOST_MAKEUP_DB) / 20))


class Mix:
    """The sound of one timeline in one setting; iterate for blocks of float32 (samples, channels).

    ring    samples for which a clip rings on after its last word; a line does not wait for that
    """

    def __init__(self, timeline: Timeline, setting: str, texture: Texture, clips: ClipSource, ring: int = 0):
        self.timeline, self.texture = timeline, texture
        self._ring = ring
        self.channels = len(SETTINGS[setting])
        self.late_samples = 0
        self._clips = clips
        self._gain = makeup(timeline, texture)
        self._free_at = [0] * self.channels
        self._active: list[_Sounding] = []
        self._due = deque(sorted(self._events(), key=lambda event: event.start))

    def _events(self) -> Iterator[_Event]:
        for index, cue in enumerate(self.timeline.cues):
            if cue.kind in SPOKEN:
                yield _Event(max(0, cue.start - _LEAD), index, None)
            elif cue.kind == "bell" and self.texture.bell:
                yield _Event(cue.start, index, tones.bell)
            for phase in cue.phases:
                tone = partial(tones.breath_tone, phase.direction, phase.end - phase.start)
                yield _Event(phase.start, index, tone)

    def __iter__(self) -> Iterator[np.ndarray]:
        limiter = Limiter(CEILING_DBTP, self.channels)
        total = self.timeline.length + limiter.DELAY
        for start in range(0, total, BLOCK):
            block = limiter.process(self._block(start, min(BLOCK, total - start)))
            yield block[max(0, limiter.DELAY - start) :]

    def _block(self, start: int, count: int) -> np.ndarray:
        block = np.zeros((count, self.channels), np.float32)
        self._start_sounds(start + count)
        for sound in self._active:
            offset = max(0, sound.at - start)
            if offset >= count:
                continue  # a late line, waiting for the one before it
            piece = sound.samples[: count - offset]
            where = block[offset : offset + len(piece)]
            if sound.channel is None:
                where += piece[:, None]
            else:
                where[:, sound.channel] += piece
            sound.samples = sound.samples[len(piece) :]
            sound.at = start + offset + len(piece)
        self._active = [sound for sound in self._active if len(sound.samples)]
        if self.texture.bed != "none":
            block += self._bed(start, count)[:, None]
        if self._gain != 1:
            block *= self._gain
        left = self.timeline.length - start
        if left - count < _END_FADE:
            block *= _ease((left - np.arange(count)) / _END_FADE)[:, None]
        return block

    def _start_sounds(self, before: int) -> None:
        while self._due and self._due[0].start < before:
            event = self._due.popleft()
            if event.tone is None:
                self._start_voice(event.cue)
            else:
                self._active.append(_Sounding(event.tone(), event.start, None))

    def _start_voice(self, index: int) -> None:
        at = self.timeline.cues[index].start
        for channel in range(self.channels):
            clip = self._clips(index, channel).astype(np.float32) / 32768
            start = max(at, self._free_at[channel])
            self.late_samples = max(self.late_samples, start - at)
            spoken = max(0, len(clip) - _LEAD - self._ring)
            self._free_at[channel] = start + spoken + round(MIN_GAP_S * SAMPLE_RATE)
            begins = max(0, start - _LEAD)
            self._active.append(_Sounding(clip[begins - (start - _LEAD) :], begins, channel))

    def _bed(self, start: int, count: int) -> np.ndarray:
        loop = tones.bed(self.texture.bed)
        first = start % len(loop)
        bed = loop[first : first + count]
        if len(bed) < count:
            bed = np.concatenate([bed, loop[: count - len(bed)]])
        rise, fall = tones.BED_FADE_IN_S * SAMPLE_RATE, tones.BED_FADE_OUT_S * SAMPLE_RATE
        if rise <= start and start + count <= self.timeline.length - fall:
            return bed
        at = np.arange(start, start + count)
        return bed * _ease(np.minimum(at / rise, (self.timeline.length - at) / fall))


def _ease(u: np.ndarray) -> np.ndarray:
    """0 to 1 with level ends, for u from 0 to 1 and beyond."""
    u = np.clip(u, 0, 1)
    return (u * u * (3 - 2 * u)).astype(np.float32)
