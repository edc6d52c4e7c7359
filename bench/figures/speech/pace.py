"""pace: the pace that is asked for against the pace that is heard, over eight sentences of the scripts, per voice.

The eight are chosen by their text alone, to be like all of the library in the voice's language
(`tests.support.typical_sentences`).
Heard is from the first word of a sentence to its last, without what a finish adds around them. Every voice that is
here is asked for each of PACES.
"""

from __future__ import annotations

import numpy as np

from audio.levels import LEAD_S
from audio.speech.calibration.passages import PASSAGES, language_of
from audio.speech.calibration.tuning import heard_wpm, tune, tuned_to
from audio.speech.clips.synthesis import Line, rings_s
from audio.speech.engines import Voice, voice_list
from audio.speech.workers.pool import VoicePool
from bench.lib.report import Row, Spread
from exercises.timeline import SAMPLE_RATE
from tests.support.typical_sentences import eight_sentences

PACES = (90, 105, 112, 120, 130)
TOLERANCE = 0.05


def _words(clip: np.ndarray, voice: Voice) -> np.ndarray:
    """A clip from its first word to its last."""
    return clip[round(LEAD_S * SAMPLE_RATE) : len(clip) - round(rings_s(voice) * SAMPLE_RATE)]


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
