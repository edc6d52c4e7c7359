"""A room: one frozen value, and one method that takes an event and gives the next value and what is to be done.

    room, effects = room.handle(event, now)

The value is frozen, rather than an object that changes, for three reasons: a refused command or a fault in a
handler leaves the room as it was; what a seat is told and what is kept follow from comparing two values, so that
no handler can forget to tell; and a test can go on from one value in two ways.

A handler changes the state only. After it, each seat whose picture, course or plan came out differently is sent
it anew, whole; a phone that missed any number of messages needs only the last of each kind.

Couples alone and couples with a therapist are the same room; the therapist's seat is then free.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.rooms.core.handlers.dispatch import take

from . import deadlines, events, snapshot
from .effects import Effect, Keep, Wake
from .handlers import consent, lobby
from .prepared import Choice, Entry, Score
from .state import State
from .transition import Work
from .views.updates import finish


@dataclass(frozen=True)
class Room:
    """One room. `state` is for reading only."""

    state: State

    @classmethod
    def open(
        cls,
        catalogue: tuple[Entry, ...],
        circle_first: bool,
        now: float,
        choice: Choice | None = None,
        reading: int = 0,
    ) -> tuple[Room, tuple[Effect, ...]]:
        """A new room. `circle_first` and `reading` were left to chance; a choice is prepared at once."""
        state = State(catalogue, at=now, heard_at=now, circle_first=circle_first, reading=reading)
        work = Work(state, now)
        if choice:
            lobby.prepare(work, choice)
        waking = deadlines.next_waking(work.state)
        assert waking is not None
        return cls(work.state), (Keep(), *work.effects, Wake(waking))

    def handle(self, event: events.Event, now: float) -> tuple[Room, tuple[Effect, ...]]:
        """The room after an event at `now`, and what is to be done, in order.

        Raises Crowded for a TakeSeat that finds no seat, and nothing else.
        """
        if self.state.forgotten:
            return self, ()
        work = Work(self.state, max(now, self.state.at))
        deadlines.catch_up(work, work.now)
        if not work.state.forgotten:
            if not isinstance(event, events.Tick):
                work.set(heard_at=work.now)
            take(work, event)
            consent.follow(work)
            deadlines.catch_up(work, work.now)
        effects = finish(self.state, work, event)
        return Room(work.state), effects

    def to_snapshot(self) -> dict[str, Any]:
        """The state that survives a restart, as plain JSON values."""
        return snapshot.to_snapshot(self.state)

    @classmethod
    def from_snapshot(
        cls,
        plain: dict[str, Any],
        catalogue: tuple[Entry, ...],
        score: Score | None,
        now: float,
        shift: float = 0.0,
    ) -> tuple[Room, tuple[Effect, ...]]:
        """The room that was kept; raises BadSnapshot.

        score  what `snapshot.choice_of(plain)` names, prepared again; without it an exercise under way is over,
               and one that has not begun is prepared anew
        shift  seconds that the clock shows more than the clock by which the snapshot was kept; 0 where it went on
        """
        work = Work(snapshot.from_snapshot(plain, catalogue, score, now, shift), now)
        if work.state.stage == "before" and work.state.choice and work.state.score is None:
            lobby.prepare(work, work.state.choice)
        waking = deadlines.next_waking(work.state)
        return cls(work.state), (*work.effects, *([Wake(waking)] if waking is not None else []))
