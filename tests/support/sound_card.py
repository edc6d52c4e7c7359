"""A sound card that is heard by a recorder alone: two channels, one for each of two phones, on one clock.

It is a PulseAudio null sink in a home of its own. A null sink renders by the system's clock, so a recording has one
rate from end to end. It takes each piece for so many whole microseconds, which at 48,000 Hz made its clock up to 320
ppm fast: GStreamer corrected that by jumps of 20 ms. A sample of RATE_HZ is 20 of them, so the clock is right to 1
ppm. What it cannot show: a loudspeaker's own delay, Bluetooth, and the drift between two sound cards.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.support.errors import NotInTime
from tests.support.programs import end, find

RATE_HZ = 50_000
SINK = "bench"
LEFT, RIGHT = "bench_left", "bench_right"
"""Sinks that play into one side of it each."""
EAR = "bench_ear"
PACKAGE = "pulseaudio pulseaudio-utils"
_SETTINGS = f"default-sample-rate = {RATE_HZ}\nalternate-sample-rate = {RATE_HZ}\n"
"""Chromium asks the server for its rate, not the sink. Told another, its sound is resampled on the way and runs dry."""
_START_TRIES, _STEP_S = 50, 0.1
_FRAME_BYTES = 4  # two channels of 16 bits


@contextlib.contextmanager
def sound_card() -> Iterator[dict[str, str]]:
    """Start a sound card; gives the environment in which programs find it. Raises NotInstalled."""
    find(PACKAGE, "pactl")
    find(PACKAGE, "parec")
    program = find(PACKAGE, "pulseaudio")
    with tempfile.TemporaryDirectory(prefix="sound-", ignore_cleanup_errors=True) as home:
        settings = Path(home) / "daemon.conf"
        settings.write_text(_SETTINGS)
        own = {"HOME": home, "XDG_RUNTIME_DIR": home, "PULSE_RUNTIME_PATH": home, "PULSE_STATE_PATH": home}
        own["PULSE_SINK"] = SINK
        own["PULSE_CONFIG"] = str(settings)
        sink = f"module-null-sink sink_name={SINK} rate={RATE_HZ} channels=2 channel_map=left,right"
        sides = [" ".join(_side(name)) for name in (LEFT, RIGHT)]
        options = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        server = subprocess.Popen(
            [program, *options, "-L", "module-native-protocol-unix", "-L", sink, "-L", sides[0], "-L", sides[1]],
            env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for_sink(own)
            yield own
        finally:
            end(server)


@contextlib.contextmanager
def microphone(own: dict[str, str]) -> Iterator[None]:
    """Give every program on a sound card a microphone that hears both sides of it, while the block runs.

    Chromium offers no monitor as a microphone, so the sink's is led through a source of its own.
    """
    told = [f"source_name={EAR}", f"master={SINK}.monitor", "channels=1", "channel_map=mono"]
    loaded = _pactl(own, "load-module", "module-remap-source", *told)
    _pactl(own, "set-default-source", EAR)
    try:
        yield
    finally:
        _pactl(own, "unload-module", loaded.strip())


def _side(name: str) -> list[str]:
    """The arguments that load one of the sinks LEFT and RIGHT."""
    side = {LEFT: "left", RIGHT: "right"}[name]
    told = [f"sink_name={name}", f"master={SINK}", "channels=1", "channel_map=mono"]
    return ["module-remap-sink", *told, f"master_channel_map={side}", "remix=no"]


def _pactl(own: dict[str, str], *arguments: str) -> str:
    command = ["pactl", *arguments]
    return subprocess.run(
        command, env={**os.environ, **own}, capture_output=True, text=True, check=True
    ).stdout


def _wait_for_sink(own: dict[str, str]) -> None:
    for _ in range(_START_TRIES):
        told = subprocess.run(
            ["pactl", "list", "short", "sinks"], env={**os.environ, **own}, capture_output=True, text=True
        )
        if RIGHT in told.stdout:
            return
        time.sleep(_STEP_S)
    raise NotInTime("the sound server does not start; is pulseaudio installed whole?")


@dataclass
class Take:
    """A recording: `sound` (samples, left and right) at RATE_HZ, and when how many samples had arrived."""

    sound: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    arrivals: list[tuple[float, int]] = field(default_factory=list)

    def start(self) -> float:
        """`time.monotonic()` of the first sample, by the arrivals that came soonest.

        A null sink gives each piece out when it is due or up to one period (here some ms) before, so this is good to
        about that period. It serves as a second opinion on the alignment of noise bursts, not as the alignment.
        """
        lead = np.array([at - count / RATE_HZ for at, count in self.arrivals[len(self.arrivals) // 4 :]])
        return float(np.percentile(lead, 50))


@contextlib.contextmanager
def recording(own: dict[str, str]) -> Iterator[Take]:
    """Record the sound card while the block runs; the Take is complete after it."""
    recorder = subprocess.Popen(
        ["parec", "-d", f"{SINK}.monitor", "--format=s16le", f"--rate={RATE_HZ}", "--channels=2", "--latency-msec=50"],
        env={**os.environ, **own}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
    )  # fmt: skip
    take, pieces = Take(), bytearray()

    def read() -> None:
        assert recorder.stdout
        while piece := os.read(recorder.stdout.fileno(), 65536):
            pieces.extend(piece)
            take.arrivals.append((time.monotonic(), len(pieces) // _FRAME_BYTES))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield take
    finally:
        end(recorder)
        reader.join(10)
        whole = len(pieces) // _FRAME_BYTES * _FRAME_BYTES
        take.sound = np.frombuffer(bytes(pieces[:whole]), "<i2").reshape(-1, 2).astype(np.float32) / 32768


def locate(needle: np.ndarray, hay: np.ndarray, start: int, stop: int) -> tuple[float, float]:
    """The place of `needle` in `hay`, searched from `start` to `stop` (samples): (position, likeness from 0 to 1).

    Normalised cross-correlation by FFT, refined between samples by a parabola.
    """
    start = max(0, start)
    piece = np.asarray(hay[start : stop + len(needle)], np.float64)
    reach = len(piece) - len(needle) + 1
    if reach < 1 or not np.any(needle):
        return float(start), 0.0
    size = 1 << (len(piece) + len(needle) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(piece, size) * np.conj(np.fft.rfft(needle, size)), size)[:reach]
    power = np.concatenate([[0.0], np.cumsum(piece**2)])
    energy = np.sqrt(np.maximum(power[len(needle) :] - power[:reach], 1e-9))
    score = product / (energy * np.linalg.norm(needle))
    best = int(np.argmax(score))
    fraction = 0.0
    if 0 < best < reach - 1:
        left, middle, right = score[best - 1 : best + 2]
        bend = left - 2 * middle + right
        fraction = 0.5 * (left - right) / bend if bend else 0.0
    return start + best + fraction, float(score[best])
