"""pauses: where lines begin in the file, against where the timeline has them, with every engine that is here.

One exercise is composed as WAV, voice only, once per voice. A line begins with its first word: the clip of it, in
which that has a known place, is looked for in the file by its samples. The floor is one sample.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import soundfile

from audio.levels import LEAD_S
from audio.recipe import Recipe, Texture
from audio.render.compositor import Compositor
from audio.speech.clips.store import ClipStore
from audio.speech.clips.synthesis import Line
from audio.speech.engines import voice_list
from audio.speech.workers.pool import VoicePool
from bench.lib.report import Row, Spread
from exercises.library import load_library
from exercises.model import LOUDSPEAKER, words_for
from exercises.timeline import SAMPLE_RATE

EXERCISE = "back-in-the-room"
TOLERANCE_S = 0.001
_SEARCH = 480
_COMPARED = 4800


def _offset(sound: np.ndarray, clip: np.ndarray, start: int) -> int:
    """Samples by which a clip lies after `start` in the file."""
    wanted = clip[:_COMPARED].astype(np.float64)
    nearby = sound[start - _SEARCH : start + _SEARCH + len(wanted)].astype(np.float64)
    alike = np.correlate(nearby, wanted, "valid")
    # a voice repeats itself each period, so likeness counts by how loud the piece is
    loudness = np.sqrt(np.convolve(nearby**2, np.ones(len(wanted)), "valid"))
    return int(np.argmax(alike / np.maximum(loudness, 1))) - _SEARCH


def measure() -> list[Row]:
    """The rows of this figure."""
    rows, exercise = [], load_library().get(EXERCISE)
    with tempfile.TemporaryDirectory() as name:
        compositor = Compositor(VoicePool(2), ClipStore(Path(name) / "clips"))
        try:
            for voice in voice_list():
                recipe = Recipe(
                    exercise,
                    exercise.usual_length_s,
                    voice=voice.id,
                    texture=Texture(False, "none"),
                    kind="wav",
                )
                out = Path(name) / "out.wav"
                report = compositor.compose(recipe, out)
                sound, _ = soundfile.read(out, dtype="int16")
                timeline = recipe.timeline()
                off = []
                for cue in timeline.cues:
                    if cue.kind == "line" and cue.text is not None:
                        words = words_for(cue.text, LOUDSPEAKER)
                        line = Line(words, voice, timeline.rate_wpm, timeline.line_gap_s)
                        clip = compositor.clip(line).result()[round(LEAD_S * SAMPLE_RATE) :]
                        off.append(_offset(sound, clip, cue.start) / SAMPLE_RATE)
                late = report.late_samples / SAMPLE_RATE
                rows.append(
                    Row(
                        f"a line's start against the timeline, {voice.id}",
                        Spread.of(off).show(" ms", 1000, 3) + f"; latest {late:.2f} s", "± 1 ms each", "one sample",
                        ok=max(map(abs, off)) <= TOLERANCE_S,
                    )
                )  # fmt: skip
        finally:
            compositor.close()
    return rows
