"""Calibration of a voice: it reads a fixed passage, and what is heard says what to ask it for. Once a voice.

Engines count words a minute each in its own way, some not below a certain pace, and no two are equally loud. So
the pace that is wanted is asked for, heard, and asked for again in proportion; what an engine cannot do is left
to `audio.dsp.time_stretch`. Level is measured last, on what will be heard.
"""

from __future__ import annotations

import dataclasses
import math
from concurrent.futures import Future
from typing import Protocol

import numpy as np

from audio.dsp.loudness import integrated_lufs
from audio.errors import VoiceError
from audio.fingerprint import digest, voice_key
from audio.levels import USUAL_WPM, VOICE_LUFS
from audio.speech.clips.store import Tuning
from audio.speech.clips.synthesis import Line
from audio.speech.engines import Voice
from exercises.timeline import SAMPLE_RATE

from .passages import passage_of

PASSAGE_GAP_S = 1.2
NEAR_ENOUGH = 0.01
HELD_NEAR = 0.025
"""A pace that an engine holds is as good as one so near to it: to stretch what is left costs more than it mends."""
_ASK_RANGE = 0.4, 2.5
_STRETCH_RANGE = 0.5, 2.0


def heard_wpm(spoken: list[np.ndarray], text: str) -> float:
    """Words a minute of sentences at SAMPLE_RATE, from the first sound to the last of each."""
    return len(text.split()) * 60 * SAMPLE_RATE / sum(map(len, spoken))


class Reader(Protocol):
    """The processes in which voices read: `audio.speech.workers.pool.VoicePool`."""

    def read(self, line: Line, sentence: str, tuning: Tuning) -> Future[np.ndarray]:
        """One sentence as `line` wants it, without its level."""
        ...

    def speak(self, line: Line, tuning: Tuning) -> Future[np.ndarray]:
        """A whole line."""
        ...


def tune(reader: Reader, voice: Voice) -> Tuning:
    """The tuning with which `voice` reads at USUAL_WPM as heard and at VOICE_LUFS. Raises VoiceError.

    One that holds its pace is believed about it, and reads nothing where its level is known, too.

    All sentences are asked for together, so that a slow voice is tuned by as many processes as there are.
    """
    tuning = Tuning(ask_wpm=USUAL_WPM) if voice.holds else _paced(reader, voice)
    if voice.gain is not None:
        return dataclasses.replace(tuning, gain=voice.gain)
    line = Line(passage_of(voice).level, voice, USUAL_WPM, PASSAGE_GAP_S)
    spoken = reader.speak(line, tuning).result().astype(np.float32) / 32768
    loudness = integrated_lufs(spoken, SAMPLE_RATE)
    return dataclasses.replace(tuning, gain=round(float(10 ** ((VOICE_LUFS - loudness) / 20)), 4))


def _paced(reader: Reader, voice: Voice) -> Tuning:
    """The tuning with which `voice` reads at USUAL_WPM as heard, without its level."""
    passage = passage_of(voice)
    line = Line(passage.level, voice, USUAL_WPM, PASSAGE_GAP_S)

    def read(tuning: Tuning) -> float:
        spoken = [reader.read(line, sentence, tuning) for sentence in passage.pace]
        return heard_wpm([future.result() for future in spoken], " ".join(passage.pace)) / USUAL_WPM

    tuning = Tuning(ask_wpm=USUAL_WPM)
    off = read(tuning)
    if abs(off - 1) > NEAR_ENOUGH:
        low, high = (USUAL_WPM * factor for factor in _ASK_RANGE)
        tuning = Tuning(ask_wpm=round(min(high, max(low, USUAL_WPM / off)), 2))
        off = read(tuning)
    if not _STRETCH_RANGE[0] < off < _STRETCH_RANGE[1]:
        raise VoiceError("The voice cannot read at this pace. Choose another voice.")
    if abs(off - 1) > NEAR_ENOUGH:
        tuning = dataclasses.replace(tuning, stretch=round(off, 4))
    return tuning


def tuned_to(base: Tuning, voice: Voice, rate_wpm: float, pitch: int = 0) -> Tuning:
    """The tuning of a voice at another pace and pitch, from its tuning at USUAL_WPM and its own pitch.

    An engine that holds paces is asked for the nearest, and what is left is stretched where it is more than HELD_NEAR.
    Every other one reads as in `base`, and the difference is all stretched: exact with every engine, and ready at
    once. To tune each pace by itself would sound a little better, and is a dozen sentences, for which a slow voice
    takes a minute in which nobody hears anything.
    """
    wanted = rate_wpm / 2 ** (pitch / 12)
    held = _held(voice, wanted)
    near = bool(voice.holds) and abs(held / wanted - 1) < HELD_NEAR
    return dataclasses.replace(
        base,
        ask_wpm=round(base.ask_wpm * held / USUAL_WPM, 2),
        stretch=1.0 if near else round(base.stretch * held / wanted, 4),
    )


def _held(voice: Voice, wanted_wpm: float) -> float:
    """The pace that an engine is asked for: the nearest that it holds, or the one at which it was tuned."""
    return min(voice.holds or (USUAL_WPM,), key=lambda pace: abs(math.log(pace / wanted_wpm)))


def tuning_key(voice: Voice) -> str:
    """The name under which a tuning is kept."""
    passage = passage_of(voice)
    return digest("tuning", voice_key(voice), USUAL_WPM, passage.level, passage.pace, VOICE_LUFS)
