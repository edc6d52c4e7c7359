"""Messages of a room to its seats: one frozen model a message.

A message with `latest_wins` is a whole picture: where several wait for one connection, only the last one has to
be sent. The others happen once and are sent in order.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from exercises.timeline.fewer_words import HowMany

from ..types import (
    AskKind,
    Nearest,
    Network,
    Output,
    Participation,
    Partner,
    Phase,
    Seat,
    Setting,
    SoundFault,
    Track,
    Turn,
)
from .commands import Message


class Told(Message):
    """One thing told to a seat. `padding` is how many spaces stand after it, so that its length tells nothing."""

    latest_wins: ClassVar[bool] = True
    padding: int = Field(default=0, exclude=True, repr=False)


class Part(Message):
    """A piece of a message; carries no version of its own."""

    v: Literal[1] = Field(default=1, exclude=True)


class ProbeAnswer(Told):
    """The shared clock: `t1` right after the probe came in, `t2` right before this goes out, in seconds."""

    latest_wins: ClassVar[bool] = False
    type: Literal["probe"] = "probe"
    id: int
    t0: float
    t1: float
    t2: float
    epoch: str


class Welcome(Told):
    """The answer to hello: the seat, and the number of its last operation that was carried out."""

    latest_wins: ClassVar[bool] = False
    type: Literal["welcome"] = "welcome"
    seat: Seat
    op: int


class Done(Told):
    latest_wins: ClassVar[bool] = False
    type: Literal["done"] = "done"
    op: int


class RefusedMessage(Told):
    """A message that changed nothing. `op` is null where none could be read."""

    latest_wins: ClassVar[bool] = False
    type: Literal["refused"] = "refused"
    op: int | None
    code: str
    words: str


class Closed(Told):
    """The last message of a connection."""

    latest_wins: ClassVar[bool] = False
    type: Literal["closed"] = "closed"
    code: str
    words: str


class Note(Part):
    """A fact, for everybody alike: a stable code, and the words."""

    code: str
    words: str


class ExercisePicture(Part):
    id: str
    title: str
    level: int
    length: int
    words: HowMany = "all"


class AskPicture(Part):
    """An open question. `answered` is this phone's own answer; the other's is never told."""

    id: int
    kind: AskKind
    words: str
    yes: str
    no: str
    answered: bool | None


class RoomPicture(Told):
    """The room as a partner sees it."""

    type: Literal["room"] = "room"
    phase: Phase
    note: Note | None
    exercise: ExercisePicture | None
    setting: Setting
    speaker: Partner
    turn: Turn
    partner: Literal["absent", "here", "ready", "away"]
    therapist: Literal["absent", "here", "away"]
    missing: list[str]
    """Things that this phone itself still lacks, as codes of words.REASONS."""
    ask: AskPicture | None
    choices: list[ExercisePicture]
    """After a no to the start: the quieter ones."""
    offer_close: bool


class PhonePicture(Part):
    """One phone as the console sees it. `nearest` is null unless that partner offered it.

    `away_since` is when its connection was lost, on the shared clock; null unless it is away.
    """

    here: Literal["absent", "here", "away"]
    ready: bool
    admitted: bool = True
    reasons: list[str]
    clock_ms: float | None
    grounding: bool
    nearest: Nearest | None
    output: Output = "unknown"
    fault: SoundFault | None = None
    footing: Participation = "with"
    away_since: float | None = None
    heard: bool | None = None
    """True once its person heard the word of the check; null where none has to be heard."""
    delay_ms: float | None = None
    battery: int | None = None
    network: Network | None = None


class ConsolePicture(Told):
    """The room as the therapist sees it. Never who paused, never an answer, never a state that was not offered."""

    type: Literal["console"] = "console"
    phase: Phase
    note: Note | None
    exercise: ExercisePicture | None
    setting: Setting
    speaker: Partner
    phones: dict[Partner, PhonePicture]
    asking: AskKind | None
    admission: bool = False
    can_resume: bool
    hold_until: float | None
    tap: str | None = None
    """Why the breath can't be led by taps now, as a code of `refused`; null where it can."""
    choices: list[ExercisePicture]


class VectorPicture(Part):
    position: float
    velocity: int
    at: float


class BreathPicture(Part):
    """A breath led by the therapist's taps: an in-breath begins at `at`, and the halves go on in turn until `until`.

    From `since` on it takes the place of the exercise's own breaths.
    """

    at: float
    in_s: float
    out_s: float
    since: float
    until: float


class CourseMessage(Told):
    """The transport of this phone, now and later. Without a track it is silent, from `at` on or at once."""

    type: Literal["course"] = "course"
    rev: int
    track: Track | None
    vectors: list[VectorPicture]
    voice: bool
    ducked: bool
    """True while the therapist speaks: all sound is 12 dB quieter."""
    speaks: bool
    passed_over: list[tuple[float, float]]
    breath: BreathPicture | None = None


class CuePicture(Part):
    """One cue of a plan, in seconds. `text` is what this seat reads, `clip` what its phone speaks."""

    kind: str
    start: float
    end: float
    part: str | None = None
    text: str | None = None
    clip: str | None = None
    phases: list[tuple[str, float, float]] | None = None
    answers: tuple[str, str] | None = None
    move: str | None = None


class TrackPicture(Part):
    duration: float
    cues: list[CuePicture]


class CheckWord(Part):
    """A word by which it is found out whether a phone is heard."""

    words: str
    clip: str


class PlanMessage(Told):
    """The whole plan of one seat: everything that its phone needs to go on without the server."""

    type: Literal["plan"] = "plan"
    plan: int
    exercise: ExercisePicture
    turn: Turn | None
    speaks: bool
    tracks: dict[Track, TrackPicture]
    lead: float
    """Seconds to the first word of a clip."""
    clips: list[str]
    """Every clip that a phone of this language fetches, in this order, whether it is to speak it or not."""
    guide: dict[str, str]
    """Clips of the guide's lines by key, of which `stopping_here` is for this phone's own use."""
    guide_words: dict[str, str]
    passed_over_words: str
    check: list[CheckWord] = Field(default_factory=list)
    """Words of which a phone plays one and asks which it was. Each phone chooses by itself; nobody is told."""


class GuideMessage(Told):
    """A line of the guide that this phone speaks or shows at `at`."""

    latest_wins: ClassVar[bool] = False
    type: Literal["guide"] = "guide"
    key: str
    at: float
    words: str


class LineMessage(Told):
    """A line that the therapist typed. A phone that does not speak shows it; `clip` is then null."""

    latest_wins: ClassVar[bool] = False
    type: Literal["line"] = "line"
    line: int
    at: float
    seconds: float
    words: str
    clip: str | None


class ChirpsMessage(Told):
    """Both microphones are open: the first chirp of the circle is due at `at` of the shared clock."""

    latest_wins: ClassVar[bool] = False
    type: Literal["chirps"] = "chirps"
    at: float


class ShiftMessage(Told):
    """By how many ms this phone is to play sooner than it did; null where the phones did not hear each other."""

    latest_wins: ClassVar[bool] = False
    type: Literal["shift"] = "shift"
    ms: float | None


class TouchedMessage(Told):
    """Somebody's finger rests on the other phone, or does no more."""

    type: Literal["touched"] = "touched"
    held: bool


MESSAGES: dict[str, type[Told]] = {
    model.model_fields["type"].default: model
    for model in (
        ProbeAnswer, Welcome, Done, RefusedMessage, Closed, RoomPicture, ConsolePicture, CourseMessage,
        PlanMessage, GuideMessage, LineMessage, ChirpsMessage, ShiftMessage, TouchedMessage,
    )
}  # fmt: skip
