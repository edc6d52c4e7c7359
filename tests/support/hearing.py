"""The lines that have to be heard of an exercise, and whether a recording holds it."""

from __future__ import annotations

import io
import json
import urllib.parse
import urllib.request
from dataclasses import dataclass

import numpy as np
import soundfile
import soxr

from tests.support.sound_card import RATE_HZ, locate

LIKENESS = 0.6
"""Two engines decode and resample each in its own way, and a recording holds what else sounds."""
HEAD_S = 0.8
WORDS_DBFS = -45.0
STEP_S = 0.01
AROUND_S = 0.25
"""Between a line and the silence beside it: a breath before, a tail after."""


@dataclass(frozen=True)
class Line:
    """One spoken line: its words, its place in the exercise, and how it sounds.

    start_s  where its first word is due
    wave     its sound from there to its last word, at RATE_HZ
    """

    text: str
    start_s: float
    wave: np.ndarray

    @property
    def length_s(self) -> float:
        """Seconds for which it is spoken."""
        return len(self.wave) / RATE_HZ


@dataclass(frozen=True)
class Heard:
    """A line in one channel of a recording: the second at which it begins there, and how loud (RMS) it is."""

    line: Line
    at_s: float
    level: float


def fetch(address: str) -> bytes:
    """GET an address. Raises urllib.error.URLError."""
    with urllib.request.urlopen(address, timeout=120) as answer:
        return answer.read()


def lines_of(url: str, exercise: str, **choices: object) -> list[Line]:
    """Every spoken line of an exercise with some choices, as a service at `url` makes it, without bed and bell."""
    query = urllib.parse.urlencode({**choices, "bed": "none", "bell": "none"})
    base = f"{url}/exercises/{exercise}"
    plan = json.loads(fetch(f"{base}/timeline.json?{query}"))
    sound, rate = soundfile.read(io.BytesIO(fetch(f"{base}/audio.flac?{query}")), dtype="float64")
    fine = soxr.resample(sound, rate, RATE_HZ)
    spoken = [cue for cue in plan["cues"] if cue["kind"] == "line"]
    return [
        Line(cue["text"]["circle"], cue["start"], _words(fine[_sample(cue["start"]) : _sample(cue["end"])]))
        for cue in spoken
    ]


def _sample(seconds: float) -> int:
    return round(seconds * RATE_HZ)


def levels(sound: np.ndarray, step_s: float = STEP_S) -> np.ndarray:
    """RMS of each step of a channel."""
    size = _sample(step_s)
    pieces = sound[: len(sound) // size * size].reshape(-1, size).astype(np.float64)
    return np.sqrt((pieces**2).mean(axis=1))


def _words(sound: np.ndarray) -> np.ndarray:
    """The sound up to where nothing more is spoken."""
    loud = np.flatnonzero(levels(sound) > 10 ** (WORDS_DBFS / 20))
    return sound[: _sample((loud[-1] + 1) * STEP_S)] if len(loud) else sound[:0]


def find(lines: list[Line], channel: np.ndarray) -> list[Heard]:
    """The lines of which the beginning is in a channel of a recording, in the order in which they are heard."""
    found = []
    for line in lines:
        at, likeness = locate(line.wave[: _sample(HEAD_S)], channel, 0, len(channel))
        if likeness >= LIKENESS:
            piece = channel[round(at) : round(at) + len(line.wave)].astype(np.float64)
            found.append(Heard(line, at / RATE_HZ, float(np.sqrt(np.mean(piece**2)))))
    return sorted(found, key=lambda one: one.at_s)


def level_between(channel: np.ndarray, from_s: float, to_s: float) -> float:
    """RMS of a stretch of a channel."""
    piece = channel[max(0, _sample(from_s)) : _sample(to_s)].astype(np.float64)
    return float(np.sqrt(np.mean(piece**2))) if len(piece) else 0.0


def rest_after(heard: Heard, following: Heard, channel: np.ndarray) -> float:
    """The level (RMS) between one line and the next."""
    ended = heard.at_s + heard.line.length_s + AROUND_S
    return level_between(channel, ended, following.at_s - AROUND_S)
