"""All that a room knows, as one frozen value, and what follows from it without anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from exercises.languages import BASE

from .led_breath import Leading
from .prepared import Choice, Entry, Score
from .protocol.messages import Told
from .transport import Course, Fork, Vector, unfold
from .types import (
    PARTNERS,
    SEATS,
    AskKind,
    Ear,
    Nearest,
    Network,
    Output,
    Participation,
    Partner,
    PauseCause,
    Phase,
    Seat,
    Setting,
    SoundFault,
    Stage,
    Turn,
)

T = TypeVar("T")

GRACE_S = 4.0
"""A phone that is back within this time was never away."""
STOP_LEAD_S = 0.2
"""Seconds ahead at which a silence is set, so that all phones fall silent together."""
GO_LEAD_S = 0.5
"""Seconds ahead at which anything that sounds is set, so that every phone can schedule it."""
SAY_LEAD_S = 0.35
LINE_GAP_S = 1.2
DUCK_S = 5.0
"""Phones stay quieter so long after the console last said that the therapist speaks."""
TOUCH_S = 3.0
"""A touch is over so long after its phone last said that it is held."""
MEETING_S = 6.0
"""Seconds that both touch before the exercise goes on."""
UNDO_S = 8.0
"""Seconds for which a step to the return can be taken back: six on the phone that took it, and the network's part."""
ASK_S = 60.0
"""After the first answer to the start, whichever it was; no answer by then means no."""
CLOSE_S = 20.0
KEEP_ENDED_S = 600.0
IDLE_S = 7200.0
UNMET_S = 300.0
"""A room that nobody ever connected to is kept so long, to the minute."""

KNOWN = "_known"
"""The attribute of values worked out of a state; a `cached_property` would take a lock each time, until Python 3.12."""

BEGINNING = Course((Vector(0.0, 0, 0.0),))


@dataclass(frozen=True)
class Facts:
    """The report of a phone on itself, and for which plan."""

    plan: int = 0
    sound: bool = False
    clips: bool = False
    clock: bool = False
    clock_ms: float | None = None
    output: Output = "unknown"
    fault: SoundFault | None = None
    heard: bool | None = None
    delay_ms: float | None = None
    battery: int | None = None
    network: Network | None = None


@dataclass(frozen=True)
class Touching:
    """A finger that rests on a phone: since when, and until when unless that is said again."""

    since: float
    until: float


@dataclass(frozen=True)
class Phone:
    """One seat and the phone (or console) that holds it.

    taken       somebody has the seat's token
    admitted    the phone may know and do what partners may; without it, it waits
    language    in which its phone reads and listens
    link        its current connection; None while there is none
    greeted     hello was said on that connection, so it can be told things
    away_since  when the last connection was lost, or fell silent
    here        what the others are told; stays true through the grace
    participation  whether it follows the exercise
    ground      its way through the grounding exercise
    led         the therapist began that, and nobody stopped by hand: a close is heard here
    ear         whether its microphone is open, and whether it listens for chirps
    heard_ms    what it reported of them, until the other has reported, too
    touching    the finger that rests on it, where the exercise is at a touch
    op, reply   the last operation that was carried out, and its answer
    """

    taken: bool = False
    admitted: bool = True
    language: str = BASE
    link: int | None = None
    greeted: bool = False
    away_since: float | None = None
    here: bool = False
    facts: Facts = Facts()
    plan: int = 0
    nearest: Nearest = "plain"
    let_see: bool = False
    answer: bool | None = None
    participation: Participation = "with"
    ground: Course | None = None
    led: bool = False
    ear: Ear = "closed"
    heard_ms: float | None = None
    touching: Touching | None = None
    op: int = 0
    reply: Told | None = None


@dataclass(frozen=True)
class Ask:
    """The one question that is open. No answer by `until` means no."""

    id: int
    kind: AskKind
    cue: int | None = None
    until: float | None = None


@dataclass(frozen=True)
class Hold:
    """A silence that the therapist lengthens, until a time or until released (None)."""

    until: float | None


@dataclass(frozen=True)
class Skipped:
    """A step to the return that can be taken back: whose, to which position, until when.

    `course` is what it made of the way. Once the way is another, something else has been decided since.
    """

    seat: Seat
    position: float
    until: float
    course: Course


@dataclass(frozen=True)
class State:
    """A room. `at` is the time up to which everything that was due has been done.

    course        what was decided of the transport; `effective` adds the leaps that follow from it
    agreed        the consent beats, by cue, that both said yes to
    lower_from    the position from which a rung down holds
    ducked_until  when phones are as loud as before again, unless the therapist goes on speaking
    leading       the therapist's taps that lead the breath; forgotten by a restart
    paused        why the exercise rests, if it does
    skipped       the step to the return that can still be taken back; forgotten by a restart
    line          the typed line whose clip is being made
    quieter_only  someone's no made this a day for level 0
    declined      what they said no to, so that it is not offered again; forgotten by a restart, as answers are
    met           a phone or console has connected to it at some time
    admission     a phone that takes a seat waits until the therapist lets it in
    reading       which wordings are heard in this room, on both phones and in every exercise
    """

    catalogue: tuple[Entry, ...]
    at: float
    heard_at: float
    circle_first: bool
    reading: int = 0
    choice: Choice | None = None
    score: Score | None = None
    note: str | None = None
    setting: Setting = "together"
    speaker: Partner = "circle"
    phones: dict[Seat, Phone] = field(default_factory=lambda: {seat: Phone() for seat in SEATS})
    stage: Stage = "before"
    course: Course = BEGINNING
    rev: int = 0
    agreed: frozenset[int] = frozenset()
    lower_from: float | None = None
    voice: bool = True
    ducked_until: float | None = None
    leading: Leading | None = None
    paused: PauseCause | None = None
    hold: Hold | None = None
    skipped: Skipped | None = None
    unattended: bool = False
    quieter_only: bool = False
    declined: frozenset[str] = frozenset()
    ask: Ask | None = None
    asked: int = 0
    line: tuple[int, str] | None = None
    lines: int = 0
    closing_at: float | None = None
    ended_at: float | None = None
    admission: bool = False
    met: bool = False
    forgotten: bool = False

    @cached_property
    def forks(self) -> tuple[Fork, ...]:
        """The leaps of the course if nobody answers."""
        return self.score.layout.forks(self.agreed, self.lower_from) if self.score else ()

    @cached_property
    def effective(self) -> Course:
        """The course with every leap in it: what the phones get."""
        return unfold(self.course, self.forks)

    @property
    def known(self) -> dict[tuple[str, str], Any]:
        """Values worked out of this state once: see `once`."""
        found = self.__dict__.get(KNOWN)
        if found is None:
            found = self.__dict__[KNOWN] = {}
        return found

    @property
    def therapist(self) -> Phone:
        return self.phones["therapist"]

    @property
    def is_conducted(self) -> bool:
        """A therapist has a seat in this room."""
        return self.therapist.taken

    def entry(self, exercise_id: str) -> Entry | None:
        """The entry of an exercise in the catalogue."""
        if self.score and self.score.entry.exercise_id == exercise_id:
            return self.score.entry
        return next((e for e in self.catalogue if e.exercise_id == exercise_id), None)

    def turn(self, seat: Partner) -> Turn:
        """Tell whether this seat is first or second this time."""
        return "first" if (seat == "circle") == self.circle_first else "second"

    def missing(self, seat: Partner) -> list[str]:
        """Things that a phone still lacks before a start, as keys of words.REASONS."""
        phone = self.phones[seat]
        facts = phone.facts
        lacks = {
            "admission": not phone.admitted,
            "away": phone.link is None,
            "unprepared": self.score is None,
            "sound": not facts.sound,
            "clips": not facts.clips or facts.plan != phone.plan or phone.plan == 0,
            "clock": not facts.clock,
        }
        return [reason for reason, lacking in lacks.items() if lacking]

    def is_to_speak(self, seat: Partner) -> bool:
        """Tell whether the phone of this seat speaks the exercise."""
        return self.setting == "apart" or seat == self.speaker

    def heard(self, seat: Partner) -> bool | None:
        """True once the word of the check was heard; None for a phone that does not speak, or has no check."""
        return self.phones[seat].facts.heard if self.is_to_speak(seat) else None

    def may_undo(self, seat: Seat) -> bool:
        """Tell whether this seat went to the return a moment ago, and nothing has changed the way since."""
        last = self.skipped
        return (
            last is not None
            and last.seat == seat
            and last.course == self.course
            and self.stage == "under_way"
        )

    @property
    def no_tap(self) -> str | None:
        """The reason for which the breath can't be led now, as a code of sentences.REFUSALS."""
        if self.stage != "under_way" or self.score is None:
            return "not_started"
        return "not_playing" if self.paused else None

    @cached_property
    def is_ready(self) -> bool:
        """Both phones can begin."""
        return self.stage == "before" and not any(self.missing(seat) for seat in PARTNERS)

    @cached_property
    def phase(self) -> Phase:
        """The phase as people see it."""
        if self.stage in ("closing", "ended"):
            return "closing" if self.stage == "closing" else "ended"
        if self.stage == "before":
            both = all(self.phones[seat].here and self.phones[seat].admitted for seat in PARTNERS)
            if not both or self.choice is None:
                return "gathering"
            return "ready" if self.is_ready else "preparing"
        if any(self.phones[seat].participation != "with" for seat in PARTNERS):
            return "grounding"
        if self.paused:
            return "paused"
        return "held" if self.hold else "playing"


def once(function: Callable[[State, Seat], T]) -> Callable[[State, Seat], T]:
    """The same function of a state and a seat, worked out once for each.

    After every step the room compares what each seat is told of the old state and of the new one; and the new one is
    the old one of the next step.
    """
    name = function.__name__

    def known(state: State, seat: Seat) -> T:
        found = state.known
        key = (name, seat)
        if key not in found:
            found[key] = function(state, seat)
        return found[key]

    return known
