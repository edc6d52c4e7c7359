"""One line in one voice as a Clip: spoken sentence by sentence, trimmed, levelled, kept under its content.

The pauses between the sentences of a line are put in here, to the sample; an engine never times a pause. In every
clip the first word begins `finish.LEAD_S` in, after a breath or after silence. Level and pace are set per voice, from
how it reads a fixed passage (`audio.speech.calibration`), never per line.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import tempfile
from dataclasses import astuple, dataclass, field
from itertools import accumulate
from pathlib import Path

import numpy as np
import soundfile

from audio.dsp.time_stretch import stretched
from audio.dsp.voice_effects import LEAD_S, TAIL_S, softened, with_lead
from audio.errors import StoreError, VoiceError
from exercises.text import spoken, utterances
from exercises.timeline import SAMPLE_RATE, slot_s

from .engines import Speaker, Speech, Voice, engine_version
from .pronunciation import respelled, said, script_language
from .trim import AFTER, AFTER_S, fitted, spoken_samples, trimmed

log = logging.getLogger(__name__)

FINISH = 7
"""Raised whenever clips come out different for the same input, so that kept ones are not used."""

_MOST_HURRIED = 0.85
"""No line is read faster than this to fit its slot; one that still does not eats a little of the rest after it."""
_NEVER_HURRIED = 0.95
"""Nor is one hurried that is over by less: to stretch it is heard, and that its rest is a little shorter is not."""


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


@dataclass(frozen=True)
class Tuning:
    """What brings a voice to the level and the pace that are wanted.

    gain     a factor
    ask_wpm  the pace to ask its engine for
    stretch  how much longer its sentences are then made: for an engine that cannot go as slow or as fast, for another
             pace than it was tuned at, and for another pitch
    """

    gain: float = 1.0
    ask_wpm: float = 105.0
    stretch: float = 1.0


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


def digest(*made_from: object) -> str:
    """A name for whatever is made from these values, as long as clips are made as they are now."""
    return hashlib.sha256(json.dumps([FINISH, *made_from], ensure_ascii=True).encode()).hexdigest()


def voice_key(voice: Voice) -> list[object]:
    """Everything about a voice that can be heard."""
    own = [voice.id, voice.engine, voice.variant, voice.pitch, voice.edition, voice.soft]
    return [*own, engine_version(voice)]


def clip_key(line: Line, tuning: Tuning) -> str:
    """The name of a clip: a digest of everything that it is made from."""
    words = [utterances(line.text, script_language(line.voice)), line.said]
    return digest(words, voice_key(line.voice), line.rate_wpm, line.gap_s, line.pitch, astuple(tuning))


def flac_bytes(samples: np.ndarray) -> bytes:
    """A clip (int16 at SAMPLE_RATE) as a FLAC file."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


class ClipStore:
    """Clips on disk, each a FLAC behind its checksum. What cannot be read whole is taken as absent."""

    _MAGIC = b"SHC1"

    def __init__(self, folder: Path):
        self.folder = folder
        self._told = False

    def path(self, key: str) -> Path:
        """Where the clip with this key is kept."""
        return self.folder / key[:2] / f"{key}.clip"

    def get(self, key: str) -> np.ndarray | None:
        """The clip as int16 samples, or None; a damaged file is removed and never served."""
        flac = self.flac(key)
        if flac is None:
            return None
        try:
            samples, rate = soundfile.read(io.BytesIO(flac), dtype="int16")
        except soundfile.SoundFileError:
            rate = 0
        if rate != SAMPLE_RATE or samples.ndim != 1:
            self._discard(key)
            return None
        return samples

    def flac(self, key: str) -> bytes | None:
        """The clip as a FLAC file's bytes, checked against its sum, or None."""
        try:
            content = self.path(key).read_bytes()
        except OSError:
            return None
        body = content[36:]
        if content[:4] != self._MAGIC or content[4:36] != hashlib.sha256(body).digest():
            self._discard(key)
            return None
        return body

    def seconds(self, key: str) -> float | None:
        """How long a kept clip is, or None; it counts as used now."""
        flac = self.flac(key)
        if flac is None:
            return None
        try:
            length = soundfile.info(io.BytesIO(flac)).frames
            os.utime(self.path(key))
        except (soundfile.SoundFileError, OSError):
            return None
        return length / SAMPLE_RATE

    def put(self, key: str, samples: np.ndarray) -> None:
        """Keep a clip, whole or not at all. Raises StoreError where the disk will not take it."""
        body = flac_bytes(samples)
        try:
            write_whole(self.path(key), self._MAGIC + hashlib.sha256(body).digest() + body)
        except OSError as error:
            raise StoreError(f"A clip could not be kept: {error.strerror}.") from error

    def try_put(self, key: str, samples: np.ndarray) -> None:
        """Keep a clip where that is possible; composing goes on without the store, and says so once."""
        try:
            self.put(key, samples)
        except StoreError as error:
            if not self._told:
                log.warning("%s Composing goes on without the store; free some room.", error)
                self._told = True

    def tuning(self, key: str) -> Tuning | None:
        """A kept tuning, or None."""
        try:
            gain, ask_wpm, stretch = map(float, json.loads(self._tuning_path(key).read_text()))
        except (OSError, ValueError, TypeError):
            return None
        within = 0.01 < gain < 100 and 10 < ask_wpm < 1000 and 0.4 < stretch < 2.5
        return Tuning(gain, ask_wpm, stretch) if within else None

    def try_put_tuning(self, key: str, tuning: Tuning) -> None:
        """Keep a tuning where that is possible; without one it is measured again."""
        try:
            write_whole(self._tuning_path(key), json.dumps(astuple(tuning)).encode())
        except OSError as error:
            log.warning("the tuning of a voice could not be kept: %s", error.strerror)

    def _tuning_path(self, key: str) -> Path:
        return self.folder / f"{key}.tuning"

    def _discard(self, key: str) -> None:
        log.warning("a damaged clip was removed and will be made again")
        try:
            self.path(key).unlink(missing_ok=True)
        except OSError as error:
            log.warning("the damaged clip could not be removed: %s", error.strerror)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise
