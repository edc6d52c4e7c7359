"""The bare parts: what an engine, an encoder and a request take with nothing of this project around them.

The bare engine is hibari in a fresh process, in one thread, warmed by one throw-away call, one whole line a call, at
the project's usual pace, since that changes how much sound it has to make. Run as a module this file is that process.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import lameenc
import numpy as np

from .report import CannotMeasure

ROOT = Path(__file__).parents[2]
RATE_HZ = 24_000
KBIT_S = {1: 48, 2: 96}
QUALITY = 7
SPEED = 0.42
"""The engine's own factor that is heard as 112 words a minute."""


def _bare_engine_process() -> None:
    """Read lines of JSON (a text each), speak each, answer with the seconds that it took."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # an engine may print
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from hibari import Hibari

    engine = Hibari(threads=1)
    for raw in sys.stdin:
        started = time.perf_counter()
        sound = engine(json.loads(raw), SPEED, 0)
        took = time.perf_counter() - started
        answers.write(json.dumps([took, len(sound) / RATE_HZ]) + "\n")
        answers.flush()


class BareEngine:
    """The fresh process with the engine in it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.lib.floors"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def speak(self, text: str) -> float:
        """Seconds that one line took."""
        return self.spoken(text)[0]

    def spoken(self, text: str) -> tuple[float, float]:
        """Seconds that one line took, and how long it is."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise CannotMeasure("the bare engine does not start; is hibari-tts installed?")
        took, long_s = json.loads(answer)
        return float(took), float(long_s)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def bare_engine() -> Iterator[BareEngine]:
    """The bare engine, warmed."""
    engine = BareEngine()
    try:
        engine.speak("Here you both are.")
        yield engine
    finally:
        engine.close()


def bare_encoder(pcm: np.ndarray) -> float:
    """Seconds that the MP3 encoder takes for int16 `pcm` (samples, channels), fed a second at a time."""
    channels = pcm.shape[1]
    pieces = [pcm[i : i + RATE_HZ].tobytes() for i in range(0, len(pcm), RATE_HZ)]
    started = time.perf_counter()
    encoder = lameenc.Encoder()
    encoder.set_channels(channels)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_bit_rate(KBIT_S[channels])
    encoder.set_quality(QUALITY)
    encoder.silence()
    for piece in pieces:
        encoder.encode(piece)
    encoder.flush()
    return time.perf_counter() - started


if __name__ == "__main__":
    _bare_engine_process()
