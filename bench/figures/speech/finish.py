"""finish: what the softening does to each voice, in brightness, loudness and words understood.

Sentences from all over the scripts, with the finish on and off and levelled alike. Brightness is the centre of the
power spectrum; words are those that pocketsphinx, an independent recogniser, gets wrong against what was said.
The recogniser learned from people who talk, about 150 words a minute and more: of the embedded voices it mishears
nearly everything at the pace of an exercise, and what is all wrong cannot get worse. So each voice is compared at
TALKING_WPM, and the default voice at the usual pace of an exercise as well. Both ways read the same sentences, so the
difference is told with the standard error of the sentences' own differences.
"""

from __future__ import annotations

import dataclasses
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context

import numpy as np
import soxr

from audio.dsp.loudness import integrated_lufs
from audio.levels import USUAL_WPM
from audio.speech.calibration.tuning import tune, tuned_to
from audio.speech.clips.synthesis import Line
from audio.speech.engines import Voice, voice_list
from audio.speech.workers.pool import VoicePool
from bench.lib.report import CannotMeasure, Row
from exercises.library import load_library
from exercises.model import spoken_texts, wordings
from exercises.text import sentences
from exercises.timeline import SAMPLE_RATE

RECOGNISED_HZ = 16_000
TALKING_WPM = 150
SENTENCES = 96


def centroid_hz(samples: np.ndarray) -> float:
    """The centre of the power spectrum."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float((np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE) * power).sum() / power.sum())


def wrong_words(said: list[str], heard: list[str]) -> int:
    """The least number of words to change, add or leave out (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def words_of(text: str) -> list[str]:
    """Its words in lower case."""
    return re.findall(r"[a-z']+", text.lower())


def some_sentences() -> list[str]:
    """SENTENCES of the English library at even steps, each as long as a recogniser needs to find its feet."""
    texts = [text for exercise in load_library() for text in spoken_texts(exercise)]
    found = dict.fromkeys(s for text in texts for words in wordings(text) for s in sentences(words))
    long = [sentence for sentence in found if len(words_of(sentence)) >= 4]
    return long[:: max(1, len(long) // SENTENCES)][:SENTENCES]


def _recognised(samples: np.ndarray) -> list[str]:
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=RECOGNISED_HZ, loglevel="FATAL")
    quiet = np.zeros(RECOGNISED_HZ // 4, np.float32)
    sound = soxr.resample(samples, SAMPLE_RATE, RECOGNISED_HZ).astype(np.float32)
    pcm = (np.clip(np.concatenate([quiet, sound, quiet]), -1, 1) * 32767).astype(np.int16)
    decoder.start_utt()
    decoder.process_raw(pcm.tobytes(), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return words_of(found.hypstr) if found else []


@dataclass(frozen=True)
class Heard:
    """One way of reading: brightness in hertz, loudness in LUFS, and how many words of each sentence were misheard."""

    hertz: float
    lufs: float
    wrong: list[int]


def _read(pool: VoicePool, voice: Voice, pace: int, chosen: list[str]) -> Heard:
    tuning = tuned_to(tune(pool, voice), voice, pace)
    futures = [pool.speak(Line(sentence, voice, pace, 1.2), tuning) for sentence in chosen]
    spoken = [future.result().astype(np.float32) / 32768 for future in futures]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as ears:
        heard = list(ears.map(_recognised, spoken, chunksize=4))
    wrong = [wrong_words(words_of(s), words) for s, words in zip(chosen, heard, strict=True)]
    whole = np.concatenate(spoken)
    return Heard(centroid_hz(whole), integrated_lufs(whole, SAMPLE_RATE), wrong)


def _row(voice: Voice, pace: int, off: Heard, on: Heard, words: int) -> Row:
    more = np.subtract(on.wrong, off.wrong)
    share, error = more.sum() / words, more.std(ddof=1) * np.sqrt(len(more)) / words
    told = " → ".join(
        f"{one.hertz:.0f} Hz {one.lufs:.1f} LUFS {sum(one.wrong) / words:.1%} misheard" for one in (off, on)
    )
    return Row(
        f"finish off → on, {voice.id} at {pace} ({'used' if voice.soft else 'kept off'})",
        f"{told} ({share:+.1%} ± {error:.1%})", "not more misheard where used",
        ok=not voice.soft or share <= 0, values={"off": asdict(off), "on": asdict(on), "words": words},
    )  # fmt: skip


def measure() -> list[Row]:
    """The rows of this figure."""
    rows, chosen = [], some_sentences()
    words = sum(len(words_of(sentence)) for sentence in chosen)
    pool = VoicePool(2)
    try:
        voices = [voice for voice in voice_list() if voice.language.startswith("en")]
        if not voices:
            raise CannotMeasure("no English voice is here.")
        for voice in voices:
            for pace in (USUAL_WPM, TALKING_WPM) if voice == voices[0] else (TALKING_WPM,):
                off, on = (
                    _read(pool, dataclasses.replace(voice, soft=soft), pace, chosen) for soft in (False, True)
                )
                rows.append(_row(voice, pace, off, on, words))
    finally:
        pool.close()
    return rows
