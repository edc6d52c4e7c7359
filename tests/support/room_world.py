"""A room with phones in tests: they join, remember what they were told, and say things.

Nothing here waits: time is a number that goes on when a test says so.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import count
from typing import Any, Literal, TypeVar

from exercises.languages import BASE
from exercises.library import Library, load_library, parse_script
from exercises.model import Exercise, wordings
from exercises.timeline import Timeline, plan
from server.rooms.core import effects, events
from server.rooms.core.prepared import Choice, ClipRef, Score
from server.rooms.core.protocol import commands, sentences
from server.rooms.core.protocol.messages import (
    ConsolePicture,
    CourseMessage,
    Done,
    PlanMessage,
    RefusedMessage,
    RoomPicture,
    Told,
)
from server.rooms.core.room import Room
from server.rooms.core.transport import Course, Vector
from server.rooms.core.types import PARTNERS, Partner, Seat
from server.rooms.prepare import entry_of
from tests.support.scripts import TOUCHING

T = TypeVar("T", bound=Told)

SHORT = """
id: short
title: Short
family: reach
level: 2
order: 900
lengths: [80, 100, 120]
aim: Test a room.
when: "Now."
place: "Here."
care: "None."
reviewed: null
therapist: {rung: "R1.", watch_for: ["Nothing."], what_to_do: ["Nothing."]}
steps:
  - part: arrive
  - rest: 3
  - say: "You are both here."
  - rest: 4
  - part: consent
  - say: "Either of you can pause."
  - rest: 4
  - choice: {ask: "Do you both want a hand on the table?", yes: "Yes", no: "Not today"}
  - part: practice
  - say:
      first:
        guarded: "First, your guard can stay."
        heavy: "First, staying is enough."
        plain: "First, rest."
        shared: "The first of you, rest."
      second:
        guarded: "Second, you set how near."
        heavy: "Second, you may be here."
        plain: "Second, rest."
        shared: "The second of you, rest."
      shared: "Each of you, rest."
  - rest: 6
  - reach: {seconds: 8, instead: "A hand on the table, or your own knee."}
  - rest: 5
  - part: return
  - say: "Feel the chair."
  - rest: 5
  - part: close
  - say: "That's all of it."
  - rest: 4
"""


def every_wording(timeline: Timeline) -> list[str]:
    """Whatever anybody could hear or read of a timeline."""
    return [line for cue in timeline.cues if cue.text is not None for line in wordings(cue.text)]


@lru_cache
def library() -> Library:
    """The project's library, read once: it takes seconds."""
    return load_library()


@lru_cache
def exercises() -> dict[str, Exercise]:
    """The project's own exercises, a short one with a question and a reach, and one with a touch."""
    return {**library().exercises, "short": parse_script(SHORT), "touching": parse_script(TOUCHING)}


CATALOGUE = tuple(entry_of(e, library().translations_of(e.id)) for e in exercises().values())


@lru_cache
def score_of(exercise_id: str = "short") -> Score:
    """Everything prepared for an exercise at its usual length, with clips of two seconds."""
    exercise = exercises()[exercise_id]
    translations = library().translations_of
    main = plan(exercise, translations=translations(exercise_id), two_phones=True)
    grounding = plan(exercises()["too-much-for-now"], translations=translations("too-much-for-now"))
    lines = {
        *every_wording(main),
        *every_wording(grounding),
        *(line for text in (*sentences.GUIDE.values(), *sentences.CHECK_WORDS) for line in wordings(text)),
    }
    clips = {line: ClipRef(f"clip-{n}", 2.0) for n, line in enumerate(sorted(lines))}
    entry = next(e for e in CATALOGUE if e.exercise_id == exercise_id)
    return Score(Choice(exercise_id, exercise.usual_length_s), entry, main, grounding, clips)


class World:
    """A room, its time, and everything that each seat was told."""

    def __init__(
        self,
        exercise_id: str | None = "short",
        at: float = 1000.0,
        reading: int = 0,
        admission: bool = False,
    ):
        self.now = at
        score = score_of(exercise_id) if exercise_id else None
        choice = score.choice if score else None
        self.links = count(1)
        self.told: dict[Seat, list[Told]] = {"circle": [], "square": [], "therapist": []}
        self.done: list[effects.Effect] = []
        self.wake_at: float | None = None
        self.room, out = Room.open(CATALOGUE, True, self.now, choice, reading, admission)
        self._perform(out)
        if score:
            self.happens(events.Prepared(score))

    def happens(self, event: events.Event) -> tuple[effects.Effect, ...]:
        """One event, now."""
        self.room, out = self.room.handle(event, self.now)
        self._perform(out)
        return out

    def _perform(self, out: tuple[effects.Effect, ...]) -> None:
        self.done = list(out)
        for effect in out:
            if isinstance(effect, effects.Send):
                self.told[effect.seat].append(effect.message)
            elif isinstance(effect, effects.Wake):
                self.wake_at = effect.at

    def passes(self, seconds: float, ticking: bool = True) -> None:
        """Time goes by, and the room is woken as it asked."""
        until = self.now + seconds
        while ticking and self.wake_at is not None and self.wake_at <= until:
            self.now = max(self.now, self.wake_at)
            self.happens(events.Tick())
            if self.room.state.forgotten:
                break
        self.now = until

    def joins(self, seat: Seat, language: str = BASE, **hello: Any) -> None:
        """A phone takes its seat, connects and says hello."""
        if not self.room.state.phones[seat].taken:
            role: Literal["partner", "therapist"] = "therapist" if seat == "therapist" else "partner"
            self.happens(events.TakeSeat(role, None if seat == "therapist" else seat))
        self.happens(events.Joined(seat, next(self.links), language))
        self.happens(events.Said(seat, commands.Hello(**hello)))

    def loses(self, seat: Seat) -> None:
        """The connection of a seat is gone."""
        link = self.room.state.phones[seat].link
        assert link is not None
        self.happens(events.Left(seat, link))

    def falls_silent(self, seat: Seat) -> None:
        """The connection of a seat is there, and says nothing."""
        link = self.room.state.phones[seat].link
        assert link is not None
        self.happens(events.FellSilent(seat, link))

    def speaks_again(self, seat: Seat) -> None:
        """It says something."""
        link = self.room.state.phones[seat].link
        assert link is not None
        self.happens(events.SpokeAgain(seat, link))

    def says(self, seat: Seat, command: type[commands.Operation], /, **fields: Any) -> Told:
        """A seat gives a command; what it is answered."""
        op = self.room.state.phones[seat].op + 1
        before = len(self.told[seat])
        self.happens(events.Said(seat, command(op=op, **fields)))
        new = self.told[seat][before:]
        return next((m for m in new if isinstance(m, Done | RefusedMessage)), Done(op=0))

    def touches(self, seat: Partner, held: bool = True) -> None:
        """A phone says whether a finger rests on it."""
        self.happens(events.Said(seat, commands.HoldTouch(held=held)))

    def reports(self, seat: Seat, **changes: Any) -> None:
        """A phone says that it can begin."""
        plan_number = self.room.state.phones[seat].plan
        fields: dict[str, Any] = {"plan": plan_number, "sound": True, "clips": True, "clock": True, **changes}
        self.happens(events.Said(seat, commands.FactsReport(**fields)))

    def answers(self, seat: Seat, yes: bool) -> Told:
        """A private answer to whatever is asked."""
        ask = self.room.state.ask
        assert ask is not None
        return self.says(seat, commands.Answer, ask=ask.id, yes=yes)

    def last(self, seat: Seat, kind: type[T]) -> T:
        """The last message of a kind that a seat was told."""
        return next(m for m in reversed(self.told[seat]) if isinstance(m, kind))

    def all_of(self, seat: Seat, kind: type[T]) -> list[T]:
        """Every message of a kind that a seat was told."""
        return [m for m in self.told[seat] if isinstance(m, kind)]

    def sees(self, seat: Seat) -> RoomPicture:
        """The picture on a partner's screen."""
        return self.last(seat, RoomPicture)

    @property
    def console(self) -> ConsolePicture:
        return self.last("therapist", ConsolePicture)

    def course(self, seat: Seat) -> CourseMessage:
        """The transport that the phone of a seat was told."""
        return self.last(seat, CourseMessage)

    def plan(self, seat: Seat) -> PlanMessage:
        return self.last(seat, PlanMessage)

    def position(self, seat: Seat = "circle", after: float = 0.0) -> float:
        """The position of a phone, by its own reckoning."""
        return position_of(self.course(seat), self.now + after)

    def is_moving(self, seat: Seat = "circle", after: float = 0.0) -> bool:
        """Tell whether a phone goes on, by its own reckoning."""
        course = course_of(self.course(seat))
        return bool(course and course.vector_at(self.now + after).velocity)


def course_of(message: CourseMessage) -> Course | None:
    """A course as a phone reads it."""
    vectors = tuple(Vector(v.position, 1 if v.velocity else 0, v.at) for v in message.vectors)
    return Course(vectors) if vectors else None


def position_of(message: CourseMessage, now: float) -> float:
    """The position of a phone with this message."""
    course = course_of(message)
    assert course is not None
    return course.position_at(now)


def couple(exercise_id: str = "short") -> World:
    """Two phones that are ready, and asked whether they want to begin."""
    world = World(exercise_id)
    for seat in PARTNERS:
        world.joins(seat)
    for seat in PARTNERS:
        world.reports(seat)
    return world


def playing(exercise_id: str = "short") -> World:
    """A couple alone, half a second into the exercise."""
    world = couple(exercise_id)
    world.answers("circle", True)
    world.answers("square", True)
    world.passes(0.5)
    return world


def conducted(exercise_id: str = "short") -> World:
    """A couple with a therapist, half a second into the exercise."""
    world = World(exercise_id)
    everyone: tuple[Seat, ...] = ("therapist", *PARTNERS)
    for seat in everyone:
        world.joins(seat)
    for seat in PARTNERS:
        world.reports(seat)
    world.says("therapist", commands.Start)
    world.answers("circle", True)
    world.answers("square", True)
    world.passes(0.5)
    return world
