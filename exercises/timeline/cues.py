"""The timeline as values: cues, parts and times in samples of `SAMPLE_RATE`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..model import AnyText, PartName

SAMPLE_RATE = 24_000

CueKind = Literal["line", "word", "prompt", "breath", "bell", "hold", "decision", "rest"]
Move = Literal["gaze", "reach", "touch"]
SPOKEN: tuple[CueKind, ...] = ("line", "word")


@dataclass(frozen=True)
class Phase:
    """One half of a breath, in samples."""

    direction: Literal["in", "out"]
    start: int
    end: int


@dataclass(frozen=True)
class Cue:
    """One thing that happens from `start` to `end` (samples, `end` exclusive).

    line      words are spoken; `end` closes the slot that they must fit
    word      one spoken word of a breath ("In.", "Out.")
    prompt    silent text on the screen, until the next line or prompt
    breath    paced breathing; `phases` holds its halves
    bell      a strike at `start`
    hold      silent looking, reaching or touching; `text` is what was said before it, `move` says which
    decision  silence after a question; `answers` holds yes and no
    rest      silence that stretched
    """

    kind: CueKind
    start: int
    end: int
    part: PartName
    text: AnyText | None = None
    phases: tuple[Phase, ...] = ()
    answers: tuple[AnyText, AnyText] | None = None
    move: Move | None = None


@dataclass(frozen=True)
class PartSpan:
    """One of the five parts, in samples."""

    name: PartName
    start: int
    end: int


@dataclass(frozen=True)
class Timeline:
    """An exercise laid out in time. `length` is all of it in samples, lead-in included.

    `languages` are those that its texts are in, the first of them that of `title`.
    """

    exercise_id: str
    title: str
    languages: tuple[str, ...]
    length: int
    lead_in: int
    rate_wpm: float
    line_gap_s: float
    cues: tuple[Cue, ...]
    parts: tuple[PartSpan, ...]

    def spoken(self) -> tuple[Cue, ...]:
        """The cues in which a voice is heard, in order."""
        return tuple(cue for cue in self.cues if cue.kind in SPOKEN)


def seconds(samples: int) -> float:
    """Samples as seconds, rounded to a microsecond."""
    return round(samples / SAMPLE_RATE, 6)


def samples(seconds_: float) -> int:
    """Seconds as whole samples."""
    return round(seconds_ * SAMPLE_RATE)
