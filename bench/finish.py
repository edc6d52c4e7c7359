"""finish: what the softening does to each voice, in brightness, loudness and words understood.

Eight sentences, the same as for pace, with the finish on and off and levelled alike. Brightness is the centre of the
power spectrum; words are those that pocketsphinx, an independent recogniser, gets wrong against what was said. It
mishears much of any synthetic voice, so only the difference means something, and a small one means little.
"""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import soxr

from audio.clips import Line
from audio.loudness import integrated_lufs
from audio.tuning import tune, tuned_to
from audio.voices import Voice, voice_list
from audio.worker import VoicePool
from exercises.timeline import SAMPLE_RATE

from .pace import eight_sentences
from .report import CannotMeasure, Row

RECOGNISED_HZ = 16_000
PACE = 105


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


def _read(pool: VoicePool, voice: Voice, chosen: list[str]) -> tuple[float, float, float]:
    """Brightness in hertz, loudness in LUFS, and the share of words that were misheard."""
    tuning = tuned_to(tune(pool, voice), PACE)
    futures = [pool.speak(Line(sentence, voice, PACE, 1.2), tuning) for sentence in chosen]
    spoken = [future.result().astype(np.float32) / 32768 for future in futures]
    wrong = sum(wrong_words(words_of(s), _recognised(x)) for s, x in zip(chosen, spoken, strict=True))
    whole = np.concatenate(spoken)
    return (
        centroid_hz(whole),
        integrated_lufs(whole, SAMPLE_RATE),
        wrong / sum(len(words_of(s)) for s in chosen),
    )


def measure() -> list[Row]:
    """The rows of this figure."""
    rows, chosen = [], eight_sentences("en")
    pool = VoicePool(2)
    try:
        voices = [voice for voice in voice_list() if voice.language.startswith("en")]
        if not voices:
            raise CannotMeasure("no English voice is here.")
        for voice in voices:
            off = _read(pool, dataclasses.replace(voice, soft=False), chosen)
            on = _read(pool, dataclasses.replace(voice, soft=True), chosen)
            told = " → ".join(
                f"{hz:.0f} Hz {lufs:.1f} LUFS {wrong:.0%} misheard" for hz, lufs, wrong in (off, on)
            )
            used = "used" if voice.soft else "kept off"
            rows.append(
                Row(
                    f"finish off → on, {voice.id} ({used})", told, "not more misheard where used",
                    ok=not voice.soft or on[2] <= off[2], values={"off": off, "on": on},
                )
            )  # fmt: skip
    finally:
        pool.close()
    return rows
