"""loudness: integrated loudness and true peak of every exercise, at its usual length and default choices.

The MP3 that a listener gets is decoded by ffmpeg at its own rate. Loudness by pyloudnorm (ITU-R BS.1770-4), which
shares no code with the project's own meter; true peak as the highest value after four times oversampling by soxr.
Where a file is off, its voice alone (no bed, no bell) is measured too, to say whether the voice or what lies under
it is the cause. It cannot show how loud a voice seems: gated loudness weighs pauses and consonants its own way.
"""

from __future__ import annotations

import math
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pyloudnorm
import soxr

from audio.recipe import Recipe
from audio.render.compositor import Compositor
from bench.lib.report import Row, Spread
from bench.lib.sound.composing import default_recipe, voice_only, warm_compositor
from bench.lib.sound.decoding import RATE_HZ, decode
from exercises.library import load_library

TARGETS = {"together": -19.0, "earbuds": -16.0}
TOLERANCE = 1.0
CEILING_DBTP = -1.0


def loudness_of(sound: np.ndarray) -> float:
    """Integrated loudness in LUFS."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(pyloudnorm.Meter(RATE_HZ).integrated_loudness(sound.astype(np.float64)))


def true_peak_of(sound: np.ndarray) -> float:
    """The highest value of the four times oversampled sound, in dBTP."""
    highest = max(float(np.abs(soxr.resample(channel, RATE_HZ, 4 * RATE_HZ)).max()) for channel in sound.T)
    return 20 * math.log10(max(highest, 1e-9))


def _decoded(compositor: Compositor, recipe: Recipe, folder: Path) -> np.ndarray:
    out = folder / "out.mp3"
    compositor.compose(recipe, out)
    return decode(out, recipe.channels)


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = []
    with tempfile.TemporaryDirectory() as name, warm_compositor(Path(name)) as compositor:
        for setting, target in TARGETS.items():
            found: dict[str, tuple[float, float]] = {}
            off = []
            for exercise in load_library():
                recipe = default_recipe(exercise, setting=setting)
                sound = _decoded(compositor, recipe, Path(name))
                lufs, peak = found[exercise.id] = loudness_of(sound), true_peak_of(sound)
                if abs(lufs - target) > TOLERANCE or peak > CEILING_DBTP:
                    voice = loudness_of(_decoded(compositor, voice_only(recipe), Path(name)))
                    told = f"{lufs:.2f} LUFS, {peak:.2f} dBTP; without bed and bell {voice:.2f}"
                    off.append(Row(f"  {exercise.id}, {setting}", told))
            loud, peaks = Spread.of(v[0] for v in found.values()), Spread.of(v[1] for v in found.values())
            rows.append(
                Row(
                    f"loudness, {setting}", loud.show(" LUFS", digits=2), f"{target:.0f} ± {TOLERANCE:.0f} each",
                    ok=all(abs(v - target) <= TOLERANCE for v in loud.values), values={"exercises": found},
                )
            )  # fmt: skip
            rows.append(
                Row(
                    f"true peak, {setting}", peaks.show(" dBTP", digits=2), f"≤ {CEILING_DBTP:.0f} dBTP each",
                    ok=max(peaks.values) <= CEILING_DBTP,
                )
            )  # fmt: skip
            rows += off
        longest = {
            e.id: loudness_of(_decoded(compositor, default_recipe(e, length=str(e.lengths[2])), Path(name)))
            for e in load_library()
        }
        away = [
            f"{id_} {lufs:.1f}"
            for id_, lufs in longest.items()
            if abs(lufs - TARGETS["together"]) > TOLERANCE
        ]
        told = Spread.of(longest.values()).show(" LUFS", digits=2)
        rows.append(Row("at the longest length, together", f"{told}; beyond: {', '.join(away) or 'none'}"))
    return rows
