"""How a voice is tuned: it reads a fixed passage, and what is heard says what to ask it for. Once a voice and pace.

Engines count words a minute each in its own way, some not below a certain pace, and no two are equally loud. So
the pace that is wanted is asked for, heard, and asked for again in proportion; what an engine cannot do is left
to `audio.stretch`. Level is measured last, on what will be heard.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from exercises.timeline import SAMPLE_RATE

from .clips import Line, Tuning, digest, speak_line, speak_sentence, voice_key
from .errors import VoiceError
from .loudness import integrated_lufs
from .voices import Speaker, Voice

FILE_LUFS = -19.0
"""What a whole mono file reads, by the content guide."""

VOICE_LUFS = FILE_LUFS + 0.4
"""What a voice is levelled to: short lines and the encoder bring a file out 0.4 LU lower than the passage."""

PASSAGE = (
    "You are in this room, and there is a chair. Something may come up, or nothing. "
    "Look at the lamp, or the window, or the floor. That is enough for now."
)
"""Read for the level: plain lines, with the pauses that lines have."""

PASSAGE_GAP_S = 1.2
PACE_SENTENCES = (
    "A few minutes, in short turns that end.",
    "Your own eyes can be anywhere.",
    "Think it or say it.",
    "Your own breath, or your collar.",
    "Back to back with a gap, or two chairs apart.",
    "Feel both feet, or the door frame.",
)
"""Read for the pace: of the scripts' sentences those six that, in every voice at hand, come to the same words a
minute as all of them together, to 0.3 %."""

NEAR_ENOUGH = 0.01
_ASK_RANGE = 0.4, 2.5
_STRETCH_RANGE = 0.5, 2.0


def heard_wpm(spoken: list[np.ndarray], text: str) -> float:
    """Words a minute of sentences at SAMPLE_RATE, from the first sound to the last of each."""
    return len(text.split()) * 60 * SAMPLE_RATE / sum(map(len, spoken))


def tune(speaker: Speaker, voice: Voice, rate_wpm: float, pitch: int) -> Tuning:
    """What makes `voice` read at `rate_wpm` as heard and at VOICE_LUFS. Raises VoiceError."""
    line = Line(PASSAGE, voice, rate_wpm, PASSAGE_GAP_S, pitch)

    def read(tuning: Tuning) -> float:
        spoken = [speak_sentence(speaker, line, sentence, tuning) for sentence in PACE_SENTENCES]
        return heard_wpm(spoken, " ".join(PACE_SENTENCES)) / rate_wpm

    tuning = Tuning(ask_wpm=rate_wpm)
    off = read(tuning)
    if abs(off - 1) > NEAR_ENOUGH:
        low, high = (rate_wpm * factor for factor in _ASK_RANGE)
        tuning = Tuning(ask_wpm=round(min(high, max(low, rate_wpm / off)), 2))
        off = read(tuning)
    if not _STRETCH_RANGE[0] < off < _STRETCH_RANGE[1]:
        raise VoiceError("The voice cannot read at this pace. Choose another voice.")
    if abs(off - 1) > NEAR_ENOUGH:
        tuning = dataclasses.replace(tuning, stretch=round(off, 4))
    loudness = integrated_lufs(speak_line(speaker, line, tuning).astype(np.float32) / 32768, SAMPLE_RATE)
    return dataclasses.replace(tuning, gain=round(float(10 ** ((VOICE_LUFS - loudness) / 20)), 4))


def tuning_key(voice: Voice, rate_wpm: float, pitch: int) -> str:
    """The name under which a tuning is kept."""
    return digest("tuning", voice_key(voice), rate_wpm, pitch, PASSAGE, PACE_SENTENCES, VOICE_LUFS)
