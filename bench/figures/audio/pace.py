"""pace: the pace that is asked for against the pace that is heard, over eight sentences of the scripts, per voice.

Short words are said faster than long ones, so the eight are chosen by their text alone, to be like all of the
library in the voice's language; none of them is one that voices are tuned with.
Heard is from the first word of a sentence to its last, without what a finish adds around them. Every voice that is
here is asked for 90, 105 and 120.
"""

from __future__ import annotations

import numpy as np

from audio.levels import LEAD_S, TAIL_S
from audio.speech.calibration import heard_wpm, tune, tuned_to
from audio.speech.calibration_passages import PASSAGES, language_of
from audio.speech.clips import Line
from audio.speech.engines import Voice, voice_list
from audio.speech.worker_pool import VoicePool
from bench.lib.report import Row, Spread
from exercises.library import load_library
from exercises.model import spoken_texts, wordings
from exercises.text import sentences
from exercises.timeline import SAMPLE_RATE, estimate_s

PACES = (90, 105, 120)
COUNT = 8
TOLERANCE = 0.05


def eight_sentences(language: str) -> list[str]:
    """Of the sets of eight at even steps, the one whose words should take as long as the library's do."""
    texts = [text for exercise in load_library().in_language(language) for text in spoken_texts(exercise)]
    found = dict.fromkeys(s for text in texts for words in wordings(text) for s in sentences(words))
    known = [s for s in found if s not in PASSAGES[language].pace]
    step = len(known) // COUNT

    def word_s(chosen: list[str]) -> float:
        return sum(estimate_s(s, 105, 0, language) for s in chosen) / len(" ".join(chosen).split())

    sets = [known[start::step][:COUNT] for start in range(step)]
    return min(sets, key=lambda chosen: abs(word_s(chosen) - word_s(known)))


def _words(clip: np.ndarray, voice: Voice) -> np.ndarray:
    """A clip from its first word to its last."""
    ring_s = TAIL_S if voice.soft else 0.0
    return clip[round(LEAD_S * SAMPLE_RATE) : len(clip) - round(ring_s * SAMPLE_RATE)]


def measure() -> list[Row]:
    """The rows of this figure."""
    rows, eight = [], {language: eight_sentences(language) for language in PASSAGES}
    pool = VoicePool(2)
    try:
        for voice in voice_list():
            off, base, chosen = {}, tune(pool, voice), eight[language_of(voice)]
            for pace in PACES:
                tuning = tuned_to(base, voice, pace)
                spoken = [pool.speak(Line(s, voice, pace, 1.2), tuning) for s in chosen]
                words = [_words(future.result(), voice) for future in spoken]
                off[pace] = heard_wpm(words, " ".join(chosen)) / pace - 1
            seen = ", ".join(f"{pace}: {share:+.1%}" for pace, share in off.items())
            ok = Spread.of(map(abs, off.values()))
            rows.append(
                Row(
                    f"pace heard, {voice.id}",
                    seen,
                    "± 5 %",
                    ok=max(ok.values) <= TOLERANCE,
                    values={"off": off},
                )
            )
    finally:
        pool.close()
    return rows
