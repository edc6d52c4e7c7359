"""The bare parts: what an engine, an encoder and a request take with nothing of this project around them.

The bare engine is pyttsx3 over espeak-ng in a fresh process, warmed by one throw-away call, one line a call into a
WAV file. It speaks with the same voice, pitch and rate as the project's default voice, since those change how much
sound it has to make. Run as a module this file is that process.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import tempfile
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
WARM_UP_TRIES = 5


def _bare_engine_process() -> None:
    """Read lines of JSON (a text each), speak each, answer with the seconds that it took."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the engine prints
    import espeakng_loader

    os.environ["ESPEAK_DATA_PATH"] = str(Path(espeakng_loader.get_data_path()).parent)
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    import pyttsx3

    engine = pyttsx3.init("espeak")
    for name, value in (("voice", "gmw/en-gb-x-rp"), ("pitch", 42), ("rate", 80)):
        engine.setProperty(name, value)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "line.wav"

        def speak(text: str) -> float:
            out.unlink(missing_ok=True)
            started = time.perf_counter()
            engine.save_to_file(text, str(out))
            engine.runAndWait()
            return time.perf_counter() - started

        for _ in range(WARM_UP_TRIES):
            speak("Here.")
            if out.exists():
                break
        for raw in sys.stdin:
            took = speak(json.loads(raw))
            answers.write(json.dumps(took if out.exists() else None) + "\n")
            answers.flush()
    os._exit(0)  # an engine that is collected may hang


class BareEngine:
    """The fresh process with the engine in it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.lib.floors"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def speak(self, text: str) -> float:
        """Seconds that one line took."""
        assert self._process.stdin
        assert self._process.stdout
        # a call now and then comes back before its file exists; that one says nothing and is made again
        for _ in range(3):
            self._process.stdin.write(json.dumps(text) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
            if not answer:
                raise CannotMeasure("the bare engine does not start; is espeakng-loader installed?")
            took = json.loads(answer)
            if took is not None:
                return float(took)
        raise CannotMeasure("the bare engine writes no sound.")

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
