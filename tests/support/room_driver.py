"""Random lives of rooms, and what has to be true after every step of each.

`drive(count, seed)` plays `count` sequences; a test runs some thousands, a bench a hundred thousand. The checks
keep their own books (who said yes to what, who stopped a phone, who offered what), so that they do not lean on
the state that they judge.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from server.rooms.core import events, snapshot
from server.rooms.core.prepared import ClipRef
from server.rooms.core.protocol import commands
from server.rooms.core.protocol.messages import (
    ConsolePicture,
    CourseMessage,
    GuideMessage,
    LineMessage,
    PlanMessage,
    RefusedMessage,
    RoomPicture,
    Told,
)
from server.rooms.core.room import Room
from server.rooms.core.types import PARTNERS, SEATS, Partner, Seat, other
from tests.support.room_world import CATALOGUE, World, course_of, position_of, score_of

TYPED = "zebra quilt marmalade"
STATES = ("guarded", "heavy")


class Life:
    """One random life of one room, watched."""

    def __init__(self, random: Random):
        self.random = random
        self.world = self._world()
        self.yes: dict[Seat, int] = {}
        self.consented = False
        self.stopped: set[Seat] = set()
        self.resting = False
        self.offered: dict[Seat, str | None] = {}
        self.nearest: dict[Seat, str] = {}
        self.offered_before: dict[Seat, str | None] = {}
        self.looked_at: dict[Seat, int] = {}

    def _world(self) -> World:
        return World("short")

    # what can happen

    def step(self) -> None:
        """One random thing, then every check. Life mostly goes on, so that all phases are come to."""
        world, random = self.world, self.random
        self.offered_before = dict(self.offered)
        state = world.room.state
        world.now += random.choice((0.0, 0.01, 0.2, 0.6, 2.0, 9.0))
        roll = random.random()
        if roll < 0.06:
            world.passes(random.choice((5.0, 20.0, 60.0, 700.0)))
        elif roll < 0.12:
            self._connect_or_lose()
        elif roll < 0.15:
            self._restart()
        elif roll < 0.25 and state.line:
            world.happens(events.LineMade(state.lines, ClipRef("typed", 2.0)))
        elif state.stage == "before" and roll < 0.75:
            self._towards_start()
        elif state.ask and roll < 0.45:
            self._answer(random.choice(PARTNERS), random.random() < 0.8)
        else:
            self._command(random.choice(SEATS))
        self.check()

    def _connect_or_lose(self) -> None:
        seat = self.random.choice(SEATS)
        if self.world.room.state.phones[seat].link is None:
            self._join(seat)
        elif self.random.random() < 0.3:
            self.world.falls_silent(seat)
            if self.random.random() < 0.5:
                self.world.speaks_again(seat)
        else:
            self.world.loses(seat)
            self.yes.pop(seat, None)

    def _join(self, seat: Seat) -> None:
        nearest = self.random.choice((None, *STATES))
        let_see = self.random.random() < 0.3
        if seat != "therapist" and nearest:
            self.nearest[seat], self.offered[seat] = nearest, nearest if let_see else None
        self.yes.pop(seat, None)
        self.world.joins(seat, nearest=nearest, let_see=let_see)

    def _restart(self) -> None:
        """The server goes away and comes back with what it kept."""
        world = self.world
        kept = self._carried(world.room.to_snapshot())
        text = json.dumps(kept)
        assert not any(word in text for word in (*STATES, "zebra", "Yes", "token"))
        choice = snapshot.choice_of(kept)
        before = world.room
        shift = self.random.choice((0.0, -500.0))
        score = before.state.score if choice else None
        world.now += shift
        world.room, out = Room.from_snapshot(kept, CATALOGUE, score, world.now, shift)
        self._same_but_forgotten(before, world.room, kept, shift)
        world._perform(out)
        self.nearest.clear()
        self.offered.clear()
        self.yes.clear()
        for told in world.told.values():
            told.clear()
        self.looked_at.clear()

    def _carried(self, snapshot: dict[str, Any]) -> dict[str, Any]:
        """A snapshot as it comes back from where it was kept."""
        return json.loads(json.dumps(snapshot))

    def _same_but_forgotten(self, old: Room, new: Room, kept: dict[str, Any], shift: float) -> None:
        if shift == 0:
            assert json.loads(json.dumps(new.to_snapshot())) == kept
        state, was = new.state, old.state
        assert (state.stage, state.paused, state.setting, state.rev) == (
            was.stage,
            was.paused,
            was.setting,
            was.rev,
        )
        assert all(p.nearest == "plain" and not p.let_see and p.answer is None for p in state.phones.values())
        for ahead in (0.0, 3.0, 40.0):
            here = state.effective.position_at(self.world.now + ahead)
            assert abs(here - was.effective.position_at(self.world.now - shift + ahead)) < 1e-6

    def _towards_start(self) -> None:
        """Something that brings a room nearer to playing, so that most lives come to that."""
        world, random = self.world, self.random
        state = world.room.state
        if state.choice is None or state.score is None:
            if not state.choice:
                seat = random.choice([s for s in SEATS if state.phones[s].taken] or list(PARTNERS))
                exercise = "side-by-side" if state.quieter_only else "short"
                if state.phones[seat].link is None:
                    self._join(seat)
                length = score_of(exercise).choice.length_s
                world.says(seat, commands.Choose, exercise=exercise, length=length)
            if world.room.state.choice:
                score = score_of(world.room.state.choice.exercise_id)
                failed = events.NotPrepared(score.choice.exercise_id, random.choice(("script", "voice")))
                world.happens(failed if random.random() < 0.1 else events.Prepared(score))
            return
        for seat in PARTNERS:
            phone = world.room.state.phones[seat]
            if phone.link is None:
                self._join(seat)
            elif world.room.state.missing(seat):
                world.reports(seat, clock_ms=0.8, heard=random.choice((None, False, True)))
        if world.room.state.ask:
            self._answer(random.choice(PARTNERS), random.random() < 0.93)
        elif state.is_conducted:
            if state.therapist.link is None:
                self._join("therapist")
            world.says("therapist", commands.Start, anyway=random.random() < 0.5)

    def _answer(self, seat: Partner, yes: bool) -> None:
        ask = self.world.room.state.ask
        if ask is None or self.world.room.state.phones[seat].link is None:
            return
        given = self.world.answers(seat, yes)
        if isinstance(given, RefusedMessage):
            return
        self.yes[seat] = ask.id if yes else 0
        if yes and self.yes.get(other(seat)) == ask.id:
            if ask.kind == "start":
                self.consented = True
            if ask.kind in ("start", "resume"):
                self.stopped.clear()
                self.resting = False

    def _command(self, seat: Seat) -> None:
        world = self.world
        if world.room.state.phones[seat].link is None:
            return
        kind, fields = self.random.choice(_COMMANDS)(self.random)
        if seat not in kind.seats:
            return
        stage = world.room.state.stage
        given = world.says(seat, kind, **fields)
        if self.random.random() < 0.2:  # the answer was lost, so it is sent again
            again = world.room.state.phones[seat]
            kept = world.room.to_snapshot()
            if again.taken:
                world.happens(events.Said(seat, kind(op=again.op, **fields)))
                assert {**world.room.to_snapshot(), "heard_at": 0, "rev": 0} == {
                    **kept,
                    "heard_at": 0,
                    "rev": 0,
                }
        if not isinstance(given, RefusedMessage):
            self._book(seat, kind, fields, stage)

    def _book(self, seat: Seat, kind: type, fields: dict[str, Any], stage: str) -> None:
        if kind is commands.TooMuch and stage in ("under_way", "closing"):
            self.stopped.add(seat)
            self.resting = self.resting or stage == "under_way"
        elif kind is commands.ChooseParticipation:
            (self.stopped.discard if fields["to"] == "grounding" else self.stopped.add)(seat)
        elif kind is commands.Ground:
            self.resting = True
        elif kind is commands.ChooseNearest:
            self.nearest[seat] = fields["nearest"] or "plain"
            self.offered[seat] = self.nearest[seat] if fields["let_see"] else None
        elif kind in (commands.Leave, commands.Free):
            gone = fields.get("seat", seat)
            self.offered.pop(gone, None)
            self.nearest.pop(gone, None)
            self.stopped.discard(gone)

    def end(self) -> None:
        """Nothing comes after this life."""

    # what has to be true

    def check(self) -> None:
        """Every promise, after every step."""
        state = self.world.room.state
        if state.stage in ("before", "ended"):
            self.resting = False
            self.stopped.clear()
            if state.stage == "before":
                self.consented = False
        for seat in SEATS:
            for message in self.world.told[seat][self.looked_at.get(seat, 0) :]:
                self._check_message(seat, message)
            self._check_stopped(seat)
        self._check_one_vector()
        for seat in SEATS:
            self.world.told[seat] = _latest(self.world.told[seat])
            self.looked_at[seat] = len(self.world.told[seat])
        assert state.forgotten or self.world.wake_at is not None

    def _check_message(self, seat: Seat, message: Told) -> None:
        if seat != "therapist" and not self.world.room.state.phones[seat].admitted:
            assert not isinstance(message, PlanMessage | GuideMessage | LineMessage), "told to one who waits"
            assert not isinstance(message, RoomPicture) or message.missing == ["admission"]
            assert not isinstance(message, CourseMessage) or message.track is None
        sounding = isinstance(message, GuideMessage | LineMessage)
        sounding = sounding or (isinstance(message, CourseMessage) and message.track is not None)
        if sounding and not isinstance(message, CourseMessage):
            assert self.consented, "a sound before both had said yes"
        if isinstance(message, ConsolePicture):
            for partner, phone in message.phones.items():
                offers = (self.offered.get(partner), self.offered_before.get(partner))
                assert phone.nearest in (None, *offers), "a state that was not offered"
        elif seat != "therapist":
            self._check_unnamed(seat, message)

    def _check_unnamed(self, seat: Seat, message: Told) -> None:
        if isinstance(message, PlanMessage):
            return  # looked at whole in its own test
        plain = message.model_dump()
        plain.pop("speaker", None)  # which phone speaks is the couple's own choice
        if isinstance(message, RoomPicture) and message.ask:
            mine = self.world.room.state.phones[seat].answer
            current = self.world.room.state.ask
            if current and current.id == message.ask.id and message is self.world.sees(seat):
                assert message.ask.answered == mine
        text = json.dumps(plain)
        if plain["type"] != "welcome":
            assert not any(name in text for name in ("circle", "square", *STATES)), text

    def _check_stopped(self, seat: Seat) -> None:
        courses = self.world.all_of(seat, CourseMessage)
        if not courses or not self.world.room.state.phones[seat].greeted:
            return  # a lost phone goes on by its own plan until it is back
        course = course_of(courses[-1])
        if courses[-1].track is not None:
            assert self.consented, "a way to go before both had said yes"
        moving = course is not None and any(v.velocity for v in course.since(self.world.now + 2).vectors)
        if seat in self.stopped:
            assert not moving, "a phone that was stopped went on by itself"
        if self.resting and courses[-1].track == "main":
            assert not moving, "the exercise went on by itself after a pause for both"

    def _check_one_vector(self) -> None:
        on_main: list[CourseMessage] = []
        for seat in SEATS:
            courses = self.world.all_of(seat, CourseMessage)
            if self.world.room.state.phones[seat].greeted and courses and courses[-1].track == "main":
                on_main.append(courses[-1])
        for ahead in (0.0, 0.3, 4.0, 30.0):
            now = self.world.now + ahead
            expected = self.world.room.state.effective.position_at(now)
            for message in on_main:
                assert abs(position_of(message, now) - expected) < 1e-6, "phones at two places"
        assert all(message.breath == on_main[0].breath for message in on_main), "phones breathe apart"


def _latest(told: list[Told]) -> list[Told]:
    """The messages that an outbox would keep: the last of each whole picture, so that old news is checked once only."""
    return list({type(m): m for m in told if m.latest_wins}.values())


_Made = Callable[[Random], tuple[type[commands.Operation], dict[str, Any]]]


def _plain(kind: type[commands.Operation], **choices: tuple[Any, ...]) -> _Made:
    return lambda random: (kind, {name: random.choice(values) for name, values in choices.items()})


_COMMANDS: tuple[_Made, ...] = (
    _plain(commands.Pause),
    _plain(commands.Pause),
    _plain(commands.TooMuch),
    _plain(commands.ChooseParticipation, to=("quiet", "grounding")),
    _plain(commands.ChooseNearest, nearest=(None, *STATES), let_see=(True, False)),
    _plain(commands.ChooseSetting, setting=("together", "apart"), speaker=PARTNERS),
    _plain(commands.Skip),
    _plain(commands.Skip),
    _plain(commands.Undo),
    _plain(commands.Undo),
    _plain(commands.Again),
    _plain(commands.Start, anyway=(False, True)),
    _plain(commands.Resume),
    _plain(commands.Resume),
    _plain(commands.HoldSilence, seconds=(10, None)),
    _plain(commands.HoldSilence, seconds=(10, None)),
    _plain(commands.Release),
    _plain(commands.Release),
    _plain(commands.RepeatLine),
    _plain(commands.LowerIntensity),
    _plain(commands.Voice, on=(True, False)),
    _plain(commands.Duck, on=(True, False)),
    _plain(commands.Tap),
    _plain(commands.Tap),
    _plain(commands.SayLine, text=(TYPED, "<b>", "word " * 31)),
    _plain(commands.SayLine, text=(TYPED,)),
    _plain(commands.Ground, who=("circle", "square", "both")),
    lambda random: random.choice(_RARE)(random),
)
_RARE: tuple[_Made, ...] = (
    _plain(commands.Close),
    _plain(commands.Leave),
    _plain(commands.Stop),
    _plain(commands.Free, seat=PARTNERS),
    _plain(commands.AskToAdmit, on=(True, False)),
    _plain(commands.Admit, seat=PARTNERS),
    _plain(commands.Choose, exercise=("short", "halfway", "nowhere"), length=(100,)),
)


def drive(
    count: int, seed: int = 0, steps: int = 40, begin: Callable[[Random], Life] = Life
) -> dict[str, int]:
    """Play `count` lives; how often each phase was come to. A broken promise names the life that broke it."""
    seen: dict[str, int] = {}
    for number in range(count):
        life = begin(Random(f"{seed}:{number}"))
        for _ in range(steps):
            try:
                life.step()
            except Exception as error:
                raise AssertionError(f"life {number} of seed {seed}: {error!r}") from error
            phase = life.world.room.state.phase
            seen[phase] = seen.get(phase, 0) + 1
            if life.world.room.state.forgotten:
                break
        life.end()
    return seen
