"""voices: each voice that is installed, judged by an independent recogniser and rated for naturalness.

The lines are kept aside for this (texts/kept-aside.yaml): no script has them. For each voice the table tells how many
words are misheard of plain lines and of hard ones, naturalness (1 to 5, mean and least), the pace that is heard, how
many times faster than real time one process of it speaks, and the memory of that process. So it can be told whether
the next voice is a better one. BENCH_VOICES="neutral piper-en_GB-cori-medium" judges those alone.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from audio.levels import LEAD_S, USUAL_WPM
from audio.speech.calibration.passages import language_of
from audio.speech.calibration.tuning import tune, tuned_to
from audio.speech.clips.store import Tuning
from audio.speech.clips.synthesis import Line, rings_s
from audio.speech.engines import Voice, voice_list
from audio.speech.workers.pool import VoicePool
from bench.lib.recognition.audit_report import Audited, Totals, listing, totals
from bench.lib.recognition.judge import Judge
from bench.lib.recognition.word_errors import compare
from bench.lib.report import Row
from bench.lib.service import peak_mb
from exercises.text import sentences
from exercises.timeline import SAMPLE_RATE

from .audit import voices_to_audit

TEXTS = Path(__file__).parents[2] / "lib" / "recognition" / "texts" / "kept-aside.yaml"
PLAIN, HARD = 0.02, 0.05
"""Shares of words that may be misheard in the default voice."""
MEAN, LEAST = 4.3, 3.3
GAP_S = 1.0
"""Between sentences, as most scripts have it."""


@functools.cache
def kept_aside() -> dict[str, dict[str, list[str]]]:
    """The lines by language, plain and hard."""
    return yaml.safe_load(TEXTS.read_text())


@dataclass(frozen=True)
class Spoken:
    """A voice at work: its clips of the plain lines and of the hard ones, and what they took."""

    plain: list[np.ndarray]
    hard: list[np.ndarray]
    wpm: float
    times_real: float
    peak_mb: float


def speak(voice: Voice) -> Spoken:
    """All lines in one voice, by one process, one after the other."""
    lines = kept_aside()[language_of(voice)]
    pool = VoicePool(1)
    try:
        tuning = tuned_to(tune(pool, voice), voice, USUAL_WPM)
        started = time.perf_counter()
        plain, hard = (
            [_clip(pool, text, voice, tuning) for text in lines[kind]] for kind in ("plain", "hard")
        )
        took_s = time.perf_counter() - started
        held = max(peak_mb(child.pid or 0) for child in multiprocessing.active_children())
    finally:
        pool.close()
    long_s = sum(map(len, [*plain, *hard])) / SAMPLE_RATE
    return Spoken(plain, hard, _heard_wpm(voice, lines["plain"], plain), long_s / took_s, held)


def _clip(pool: VoicePool, text: str, voice: Voice, tuning: Tuning) -> np.ndarray:
    return pool.speak(Line(text, voice, USUAL_WPM, GAP_S), tuning).result()


def _heard_wpm(voice: Voice, texts: list[str], clips: list[np.ndarray]) -> float:
    """Words a minute within sentences: without the gaps between them, nor what a finish adds."""
    around_s = LEAD_S + rings_s(voice)
    gaps = sum(len(sentences(text)) - 1 for text in texts)
    spoken_s = sum(map(len, clips)) / SAMPLE_RATE - len(clips) * around_s - gaps * GAP_S
    return sum(len(text.split()) for text in texts) * 60 / spoken_s


def _judged(judge: Judge, voice: Voice, kind: str, clips: list[np.ndarray]) -> list[Audited]:
    texts, verdicts = kept_aside()[language_of(voice)][kind], judge.all(clips, voice.language)
    return [
        Audited(kind, voice.id, text, compare(text, verdict.heard, voice.language), verdict.naturalness)
        for text, verdict in zip(texts, verdicts, strict=True)
    ]


def _rows(voice: Voice, spoken: Spoken, plain: Totals, hard: Totals, asked: bool) -> list[Row]:
    told = (
        f"{plain.misheard:.1%} misheard, hard ones {hard.misheard:.1%}; naturalness {plain.mean:.2f}, "
        f"least {plain.least:.2f}; {spoken.wpm:.0f} wpm; {spoken.times_real:.0f} × real time; {spoken.peak_mb:.0f} MB"
    )
    values = {"voice": voice.id, "plain": vars(plain), "hard": vars(hard), "wpm": spoken.wpm,
              "times_real": spoken.times_real, "peak_mb": spoken.peak_mb}  # fmt: skip
    found = [Row(f"{voice.id} ({voice.language})", told, values=values)]
    if asked:
        found += [
            Row(f"  {voice.id}: misheard, lines kept aside", f"{plain.misheard:.2%} of {plain.words}", f"≤ {PLAIN:.0%}",
                ok=plain.misheard <= PLAIN),
            Row(f"  {voice.id}: naturalness, the same lines", f"{plain.mean:.2f}, least {plain.least:.2f}",
                f"≥ {MEAN}, least ≥ {LEAST}", ok=plain.mean >= MEAN and plain.least >= LEAST),
            Row(f"  {voice.id}: misheard, hard lines", f"{hard.misheard:.2%} of {hard.words}", f"≤ {HARD:.0%}",
                ok=hard.misheard <= HARD),
        ]  # fmt: skip
    return found


def measure() -> list[Row]:
    """The rows of this figure; what was misheard of the default voice is printed before them."""
    found: list[Row] = []
    default = voice_list()[0]
    with Judge() as judge:
        for voice in voices_to_audit() if os.environ.get("BENCH_VOICES") else voice_list():
            spoken = speak(voice)
            lines = {kind: _judged(judge, voice, kind, getattr(spoken, kind)) for kind in ("plain", "hard")}
            if voice == default or os.environ.get("BENCH_VOICES"):
                print("\n".join(["", voice.id, *listing([*lines["plain"], *lines["hard"]])]), flush=True)
            both = (totals(lines["plain"]), totals(lines["hard"]))
            found += _rows(voice, spoken, *both, asked=voice == default)
    return found
