"""One line in one voice as a Clip: spoken sentence by sentence, trimmed, levelled, kept under its content.

The pauses between the sentences of a line are put in here, to the sample; an engine never times a pause. In every
clip the first word begins `audio.levels.LEAD_S` in, after a breath or after silence. Level and pace are set per
voice, from how it reads a fixed passage (`audio.speech.calibration`), never per line.
"""

from __future__ import annotations

import logging
from dataclasses import astuple, dataclass, field
from itertools import accumulate

import numpy as np

from audio.dsp.time_stretch import stretched
from audio.dsp.voice_effects import softened, with_lead
from audio.errors import VoiceError
from audio.fingerprint import digest, voice_key
from audio.levels import AFTER_S, LEAD_S, TAIL_S
from audio.speech.engines import Speaker, Speech, Voice
from audio.speech.pronunciation.lexicon import respelled, said, script_language
from exercises.text import spoken, utterances
from exercises.timeline import SAMPLE_RATE, slot_s

from .store import Tuning
from .trim import AFTER, fitted, spoken_samples, trimmed

log = logging.getLogger(__name__)

_MOST_HURRIED = 0.85
"""No line is read faster than this to fit its slot; one that still does not eats a little of the rest after it."""
_NEVER_HURRIED = 0.95
"""Nor is one hurried that is over by less: to stretch it is heard, and that its rest is a little shorter is not."""


MAX_PITCH = 4
"""Semitones that a voice can be moved, up or down, and still be one."""


@dataclass(frozen=True)
class Line:
    """All that a clip is made from. `rate_wpm` is words a minute as heard, `pitch` semitones above the voice's own.

    as_written  whether the lists of pronunciations leave it alone
    said        what the engine reads, sentence by sentence
    """

    text: str
    voice: Voice
    rate_wpm: float
    gap_s: float
    pitch: int = 0
    as_written: bool = False
    said: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        # once, where the line is made: whoever names its clip and whoever speaks it then read the same
        words = (
            utterances(self.text, script_language(self.voice))
            if self.as_written
            else said(self.text, self.voice)
        )
        object.__setattr__(self, "said", words)


def speak_sentence(speaker: Speaker, line: Line, sentence: str, tuning: Tuning) -> np.ndarray:
    """One sentence as `line` wants it, without its level, to its last sound; float32 (samples,) at SAMPLE_RATE."""
    words = respelled(spoken(sentence, script_language(line.voice)), line.voice)
    return _read(speaker, line, words, tuning)[:-AFTER]


def _read(speaker: Speaker, line: Line, words: str, tuning: Tuning) -> np.ndarray:
    """A sentence that is ready to be spoken, with AFTER samples behind its last sound."""
    # higher by being played faster, which the stretch of the tuning makes up for: warmth moves with the pitch
    faster = 2 ** (line.pitch / 12)
    speech = speaker.speak(words, tuning.ask_wpm)
    return _longer(trimmed(Speech(speech.samples, round(speech.rate_hz * faster))), tuning.stretch)


def _longer(sentence: np.ndarray, factor: float) -> np.ndarray:
    """A sentence stretched; what is behind its last sound stays as long as it is."""
    changed = stretched(sentence, factor, SAMPLE_RATE)
    return sentence if changed is sentence else fitted(changed, round(spoken_samples(sentence) * factor))


def speak_line(speaker: Speaker, line: Line, tuning: Tuning) -> np.ndarray:
    """Read a line: LEAD_S, then its sentences, exactly `gap_s` from one to the next; int16 of shape (samples,).

    It rings on behind its last word for `rings_s`. A sentence without a word is a pause: no engine is asked for it, and
    the silence is one gap longer.
    """
    if not line.said:
        raise VoiceError("There is nothing to say in an empty line.")
    gap = round(line.gap_s * SAMPLE_RATE)
    if not any(line.said):
        return np.zeros(round(LEAD_S * SAMPLE_RATE) + gap * max(1, len(line.said) - 1), np.int16)
    pause = np.zeros(AFTER, np.float32)
    read = [_read(speaker, line, words, tuning) if words else pause for words in line.said]
    whole = _joined(_within_slot(read, line), gap)
    whole = softened(whole, SAMPLE_RATE) if line.voice.soft else with_lead(whole, SAMPLE_RATE)
    whole *= np.float32(tuning.gain * 32767)
    return np.clip(whole, -32767, 32767, out=whole).astype(np.int16)


def _within_slot(read: list[np.ndarray], line: Line) -> list[np.ndarray]:
    """The sentences of a line, read a little faster where they would outlast the slot that is planned for it."""
    gaps_s = line.gap_s * (len(read) - 1)
    slot = slot_s(line.text, line.rate_wpm, line.gap_s, script_language(line.voice))
    room = (slot - gaps_s) * SAMPLE_RATE
    factor = max(_MOST_HURRIED, room / sum(map(spoken_samples, read)))
    return read if factor > _NEVER_HURRIED else [_longer(sentence, factor) for sentence in read]


def _joined(read: list[np.ndarray], gap: int) -> np.ndarray:
    """Sentences in one piece, with so many samples from the last sound of each to the first of the next."""
    starts = list(accumulate((spoken_samples(sentence) + gap for sentence in read), initial=0))
    whole = np.zeros(starts[-1] - gap + AFTER, np.float32)
    for start, sentence in zip(starts, read, strict=False):
        whole[start : start + len(sentence)] += sentence
    return whole


def rings_s(voice: Voice) -> float:
    """Seconds that a line in this voice is heard behind its last word."""
    return AFTER_S + (TAIL_S if voice.soft else 0.0)


def clip_key(line: Line, tuning: Tuning) -> str:
    """The name of a clip: a digest of everything that it is made from."""
    words = [utterances(line.text, script_language(line.voice)), line.said]
    return digest(words, voice_key(line.voice), line.rate_wpm, line.gap_s, line.pitch, astuple(tuning))
