"""One line in one voice as a Clip: spoken sentence by sentence, trimmed, levelled, kept under its content.

The pauses between the sentences of a line are put in here, to the sample; an engine never times a pause. In every
clip the first word begins `finish.LEAD_S` in, after a breath or after silence. Level and pace are set per voice, from
how it reads a fixed passage (`audio.speech.calibration`), never per line.
"""

from __future__ import annotations

import logging
from dataclasses import astuple, dataclass, field

import numpy as np
import soxr

from audio.dsp.segments import AudioSegment, detect_leading_silence
from audio.dsp.time_stretch import stretched
from audio.dsp.voice_effects import softened, with_lead
from audio.errors import VoiceError
from audio.fingerprint import digest, voice_key
from audio.levels import LEAD_S
from audio.speech.clip_store import Tuning
from exercises.text import spoken, utterances
from exercises.timeline import SAMPLE_RATE, slot_s

from .engines import Speaker, Speech, Voice
from .pronunciation import respelled, said, script_language

log = logging.getLogger(__name__)

_TRIM_DBFS, _TRIM_STEP_MS = -50.0, 4
_BELOW_PEAK_DB = 39.0
"""What lies so far below the loudest sample is not yet the voice: some engines let a first "k" be preceded by an
eighth of a second of faint noise, and words on a screen have to change with what is heard."""
_FADE_IN_MS, _FADE_OUT_MS = 4, 20
_MAX_SENTENCE_S = 60.0
_MOST_HURRIED = 0.85
"""No line is read faster than this to fit its slot; one that still does not eats a little of the rest after it."""


MAX_PITCH = 4
"""Semitones that a voice can be moved, up or down, and still be one."""


@dataclass(frozen=True)
class Line:
    """What a clip is made from. `rate_wpm` is words a minute as heard, `pitch` semitones above the voice's own.

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


def finish_speech(speech: Speech) -> np.ndarray:
    """A sentence at SAMPLE_RATE, silence trimmed from both ends, softly faded; float32 of shape (samples,)."""
    values = np.asarray(speech.samples, np.float32)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise VoiceError("The voice wrote a file that is not sound.")
    if not 8_000 <= speech.rate_hz <= 96_000 or len(values) > _MAX_SENTENCE_S * speech.rate_hz:
        raise VoiceError("The voice wrote a sound that no sentence can be.")
    pcm = (np.clip(values, -1, 1) * 32767).astype(np.int16)
    sound = AudioSegment(pcm.tobytes(), frame_rate=speech.rate_hz, sample_width=2, channels=1)
    lead = detect_leading_silence(sound, max(_TRIM_DBFS, sound.max_dBFS - _BELOW_PEAK_DB), _TRIM_STEP_MS)
    tail = detect_leading_silence(sound.reverse(), _TRIM_DBFS, _TRIM_STEP_MS)
    if lead + tail >= len(sound):
        raise VoiceError("The voice gave silence for a line.")
    sound = sound[lead : len(sound) - tail].fade_in(_FADE_IN_MS).fade_out(_FADE_OUT_MS)
    trimmed = np.frombuffer(sound.raw_data, np.int16).astype(np.float32) / 32767
    return soxr.resample(trimmed, speech.rate_hz, SAMPLE_RATE).astype(np.float32)


def speak_sentence(speaker: Speaker, line: Line, sentence: str, tuning: Tuning) -> np.ndarray:
    """One sentence as `line` wants it, without its level; float32 of shape (samples,) at SAMPLE_RATE."""
    words = respelled(spoken(sentence, script_language(line.voice)), line.voice)
    return _read(speaker, line, words, tuning)


def _read(speaker: Speaker, line: Line, words: str, tuning: Tuning) -> np.ndarray:
    """A sentence that is ready to be spoken."""
    # higher by being played faster, which the stretch of the tuning makes up for: warmth moves with the pitch
    faster = 2 ** (line.pitch / 12)
    speech = speaker.speak(words, tuning.ask_wpm)
    dry = finish_speech(Speech(speech.samples, round(speech.rate_hz * faster)))
    return stretched(dry, tuning.stretch, SAMPLE_RATE)


def speak_line(speaker: Speaker, line: Line, tuning: Tuning) -> np.ndarray:
    """Read a line: LEAD_S, then its sentences, exactly `gap_s` of silence between them; int16 of shape (samples,).

    A sentence without a word is a pause: no engine is asked for it, and the silence is one gap longer.
    """
    if not line.said:
        raise VoiceError("There is nothing to say in an empty line.")
    gap = round(line.gap_s * SAMPLE_RATE)
    if not any(line.said):
        return np.zeros(round(LEAD_S * SAMPLE_RATE) + gap * max(1, len(line.said) - 1), np.int16)
    pause = np.zeros(0, np.float32)
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
    factor = max(_MOST_HURRIED, room / sum(map(len, read)))
    if factor >= 1:
        return read
    return [stretched(sentence, factor, SAMPLE_RATE) if len(sentence) else sentence for sentence in read]


def _joined(read: list[np.ndarray], gap: int) -> np.ndarray:
    """Sentences in one piece, with so many samples of silence between them."""
    pieces = [piece for sentence in read for piece in (np.zeros(gap, np.float32), sentence)]
    return np.concatenate(pieces[1:])


def clip_key(line: Line, tuning: Tuning) -> str:
    """The name of a clip: a digest of everything that it is made from."""
    words = [utterances(line.text, script_language(line.voice)), line.said]
    return digest(words, voice_key(line.voice), line.rate_wpm, line.gap_s, line.pitch, astuple(tuning))
