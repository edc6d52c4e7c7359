"""Files back to sound, and where speech begins in it: independent of the project's own meters and timelines."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np

from bench.lib.report import CannotMeasure

RATE_HZ = 24_000
WINDOW_S = 0.005
ONSET_DBFS = -45.0


def decode(file: Path, channels: int, rate_hz: int = RATE_HZ) -> np.ndarray:
    """A file of sound as float32 (samples, channels), by ffmpeg; at the file's own rate unless told otherwise."""
    if not shutil.which("ffmpeg"):
        raise CannotMeasure("ffmpeg is not installed; with Debian, apt-get install ffmpeg.")
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        str(file),
        "-f",
        "f32le",
        "-ac",
        str(channels),
        "-ar",
        str(rate_hz),
        "-",
    ]
    done = subprocess.run(command, capture_output=True)
    if done.returncode or not done.stdout:
        raise CannotMeasure(f"ffmpeg cannot decode {file.name}.")
    return np.frombuffer(done.stdout, np.float32).reshape(-1, channels)


def levels_db(sound: np.ndarray) -> np.ndarray:
    """Level (RMS, dBFS) of each window of WINDOW_S; `sound` is one channel at RATE_HZ."""
    size = round(WINDOW_S * RATE_HZ)
    windows = sound[: len(sound) // size * size].reshape(-1, size).astype(np.float64)
    return 10 * np.log10(np.maximum((windows**2).mean(axis=1), 1e-12))


def onsets(sound: np.ndarray, quiet_s: float, threshold_db: float = ONSET_DBFS) -> np.ndarray:
    """Seconds at which sound begins: the first window above the threshold after `quiet_s` below it."""
    loud = levels_db(sound) > threshold_db
    quiet = round(quiet_s / WINDOW_S)
    since = np.zeros(len(loud), int)
    run = quiet  # the file is entered out of silence
    for i, is_loud in enumerate(loud):
        since[i] = run
        run = 0 if is_loud else run + 1
    return np.flatnonzero(loud & (since >= quiet)) * WINDOW_S


def nearest(found: np.ndarray, at: float, reach_s: float) -> float | None:
    """The onset nearest to `at`, or None if there is none within `reach_s`."""
    if not len(found):
        return None
    best = float(found[np.argmin(np.abs(found - at))])
    return best if abs(best - at) <= reach_s else None
