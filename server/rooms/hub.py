"""All rooms of this process: gives each its events, and performs the effects that come out.

Everything runs in one thread under gevent. `_happens` never waits, from the event to the last effect, so the
steps of a room cannot overlap; whatever takes time (preparing, speaking) runs in a greenlet and comes back as
an event.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gevent

from exercises.variety import READINGS
from server.rooms.core.prepared import Choice, Score
from server.rooms.core.protocol.commands import Command
from server.rooms.core.protocol.errors import BadCode, BadSnapshot, Crowded, RoomClosed, Taken
from server.rooms.core.protocol.messages import Closed
from server.rooms.core.room import Room
from server.rooms.core.types import PARTNERS, SEATS, Partner, Seat
from server.services.tokens import RandomBytes, make_token, token_digest, token_matches

from . import background, persistence
from .admission.admission import Admission, NoRoomLeft
from .admission.redis_codes import RedisCodes
from .core import effects, events
from .prepare import Preparer
from .socket.connection import GIVEN_UP, OVER, REPLACED, RESTART, Connection
from .stores.store import ROOM_ID, Elsewhere, Listed, RoomStore
from .tallies import Census, Tallies, result_of
from .timers import Timers

log = logging.getLogger(__name__)

MAX_ROOMS = 10_000
FOR_THERAPISTS = 500
"""Of these, so many only therapists can open."""
TIDY_S = 60.0
"""Seconds after which what is over is gone from the disk."""
AHEAD_S = 0.5
ASK_AGAIN_S = 0.2
"""Seconds between two looks at whether a room of another service can come here."""
LINES_KEPT = 2
"""Typed lines that stay in memory: the one that is about to be spoken, and the one before."""
TAKEN_OVER = Closed(code="replaced", words="This room is open on a newer page now.")
LEFT = Closed(code="left", words="This phone has left the room.")


@dataclass
class Live:
    """One room and what the shell holds for it. `digests` are those of the seats' tokens.

    wanted     what is to be prepared next; of several only the last
    owner      the digest of the sign-in by which its therapist opened it, or came back into it
    label      what the therapist calls it; empty where she gave none
    plan       the id of the plan that it was opened with, if any
    has_typed  whether a line was typed in it
    """

    id: str
    room: Room
    digests: dict[Seat, str] = field(default_factory=dict)
    links: dict[Seat, Connection] = field(default_factory=dict)
    lines: dict[str, bytes] = field(default_factory=dict)
    seated: Seat | None = None
    wanted: Choice | None = None
    is_preparing: bool = False
    owner: str | None = None
    has_typed: bool = False
    label: str = ""
    plan: str = ""


class Hub:
    """The rooms. `clock` is the shared clock, `epoch` says which one it is."""

    def __init__(
        self,
        preparer: Preparer,
        store: RoomStore,
        clock: Callable[[], float],
        epoch: str,
        random: RandomBytes,
        codes: RedisCodes | None = None,
    ):
        self._preparer, self._store, self._random = preparer, store, random
        self.clock, self.epoch = clock, epoch
        self.admission = Admission(random, codes)
        self.tallies = Tallies()
        self._rooms: dict[str, Live] = {}
        self._revival = background.Revival(preparer, store, self._adopt)
        self._timers = Timers(clock, self._wake)
        self._tidying: Any = None

    # ── the life of the hub

    def start(self) -> None:
        """Bring back what was kept, and begin to wake rooms."""
        self._revival.start()
        self._store.start(self._leaves)
        self._timers.start()
        self._tidying = gevent.spawn(self._tidy)
        gevent.spawn(self._pin)

    def close(self, limit_s: float) -> None:
        """Close every connection with 1012, so that the phones come back to whoever runs next."""
        self._timers.stop()
        self._tidying.kill()
        open_ones = [c for live in self._rooms.values() for c in live.links.values()]
        for connection in open_ones:
            connection.close(RESTART)
        until = self.clock() + limit_s
        while any(live.links for live in self._rooms.values()) and self.clock() < until:
            gevent.sleep(0.02)
        for live in self._rooms.values():
            for connection in list(live.links.values()):
                connection.drop()
        self._store.tidy()
        self._store.close()

    def _tidy(self) -> None:
        while True:
            gevent.sleep(TIDY_S)
            self._store.tidy()
            self._pin()

    def use_catalogue(self) -> None:
        """Let open rooms choose among the exercises that there are now. What one of them plays, it keeps."""
        for live in self._rooms.values():
            live.room = Room(replace(live.room.state, catalogue=self._preparer.catalogue))

    # ── seats

    def open_room(
        self,
        choice: Choice | None,
        address: str,
        therapist: bool = False,
        owner: str | None = None,
        label: str = "",
        plan: str = "",
        ahead: Sequence[Choice] = (),
        room_id: str = "",
        admission: bool = False,
    ) -> tuple[str, Seat, str]:
        """A new room with its opener in a seat: the room's id, the seat, its token. Raises RoomError.

        owner        the digest of the therapist's sign-in; the console ends with it
        label, plan  see `Live`
        room_id      the id that a proxy found the way here by; empty where any will do
        ahead        what is prepared once the room's own choice is there, so that choosing it later takes no time
        admission    the door is closed from the beginning, also to phones that wait with a lasting link
        """
        now = self.clock()
        if not therapist:
            self.admission.may_open(address, now)
        if len(self._rooms) >= (MAX_ROOMS if therapist else MAX_ROOMS - FOR_THERAPISTS):
            raise NoRoomLeft
        chance = self._random(2)
        circle_first, reading = chance[0] & 1 == 0, chance[1] % READINGS
        room, todo = Room.open(self._preparer.catalogue, circle_first, now, choice, reading, admission)
        is_free = ROOM_ID.fullmatch(room_id) and room_id not in self._rooms
        live = Live(room_id if is_free else self._random(8).hex(), room, owner=owner, label=label, plan=plan)
        self._rooms[live.id] = live
        self._perform(live, todo)
        if ahead:
            gevent.spawn(self._prepare_ahead, live, ahead)
        return (live.id, *self._take_seat(live, "circle", therapist))

    def join(self, typed: str, address: str, owner: str | None = None) -> tuple[str, Seat, str]:
        """A seat for a code: the room's id, the seat, its token. Raises RoomError."""
        now = self.clock()
        grant = self.admission.redeem(typed, address, now, owner, self._is_full)
        live = self._rooms.get(grant.room)
        if live is None:
            raise BadCode
        wish: Partner = "square" if grant.seat == "square" else "circle"
        seat, token = self._take_seat(live, wish, False)
        self.admission.guesses.vouch(address, now)
        return live.id, seat, token

    def room_of_code(self, typed: str) -> str | None:
        """The room that a code leads into, here or elsewhere."""
        return self.admission.room_of(typed, self.clock())

    def conducted_elsewhere(self) -> list[Listed]:
        """The rooms that therapists opened and that are with other services."""
        return [listed for listed in self._store.others() if listed.room not in self._rooms]

    def room_elsewhere(self, label: str) -> str | None:
        """A room that a therapist has open under a label with another service, where there is none here."""
        if any(live.label.casefold() == label.casefold() for live in self.conducted()):
            return None
        meant = [one.room for one in self.conducted_elsewhere() if one.label.casefold() == label.casefold()]
        return meant[-1] if meant else None

    def conducted(self) -> list[Live]:
        """The rooms that therapists opened and that are not over, the newest last."""
        return [live for live in self._rooms.values() if live.owner is not None]

    def live(self, room: str) -> Live | None:
        """A room of this process, for looking at."""
        return self._rooms.get(room)

    def come_in(self, label: str, wish: Partner | None, address: str) -> tuple[str, Seat, str] | None:
        """A seat in the newest room that a therapist has open under a label: the room's id, the seat, its token.

        None where no such room is open. Raises Taken where another phone has the seat.
        """
        meant = [live for live in self.conducted() if live.label.casefold() == label.casefold()]
        if not meant:
            return None
        live = meant[-1]
        free = [seat for seat in PARTNERS if seat not in live.digests and wish in (None, seat)]
        if not free:
            raise Taken(live.id)
        seat, token = self._take_seat(live, free[0], False)
        self.admission.guesses.vouch(address, self.clock())
        return live.id, seat, token

    def come_back(self, room: str, owner: str) -> str:
        """The console's seat of a room that a therapist opened, for whoever is signed in now: its new token.

        The console that had it until now is sent away as soon as the new one connects. Raises RoomClosed.
        """
        live = self._rooms.get(room)
        if live is None or live.owner is None:
            raise RoomClosed
        live.owner = owner
        if not live.room.state.is_conducted:
            return self._take_seat(live, "circle", True)[1]
        token = make_token(self._random)
        live.digests["therapist"] = token_digest(token)
        self._keep(live)
        return token

    def end_room(self, room: str) -> None:
        """End a room that a therapist opened, for everybody in it: nothing of it stays. Raises RoomClosed."""
        live = self._rooms.get(room)
        if live is None or live.owner is None:
            raise RoomClosed
        self._forget(live)

    def end_consoles(self, which: Callable[[str | None], bool]) -> None:
        """Take the console's seat away in every room whose owner fits: its sign-in has ended."""
        for live in list(self._rooms.values()):
            if "therapist" in live.digests and which(live.owner):
                self._happens(live, events.GivenUp("therapist"))

    def _is_full(self, room: str) -> bool:
        live = self._rooms.get(room)
        return live is not None and all(seat in live.digests for seat in PARTNERS)

    def _take_seat(self, live: Live, wish: Partner, therapist: bool) -> tuple[Seat, str]:
        event = events.TakeSeat("therapist") if therapist else events.TakeSeat("partner", wish)
        token = make_token(self._random)
        live.seated = None
        self._happens(live, event, token)
        if live.seated is None:
            raise BadCode  # the room's time ran out just now
        self._store.be_kept(live.id)
        return live.seated, token

    def invite(self, room: str, wish: str | None) -> tuple[str, Seat]:
        """A fresh code for a free partner's seat, and that seat. Raises Crowded or TooMany."""
        free = [seat for seat in PARTNERS if seat not in self._rooms[room].digests]
        if not free:
            raise Crowded
        seat: Partner = next((s for s in free if s == wish), free[0])
        return self.admission.invite(room, seat, self.clock()), seat

    def seat_of(self, room: str, token: str) -> Seat | None:
        """The seat whose token this is; None where it is nobody's."""
        live = self._rooms.get(room)
        if live is None or not token:
            return None
        return next((s for s in SEATS if s in live.digests and token_matches(token, live.digests[s])), None)

    def is_admitted(self, room: str, seat: Seat) -> bool:
        """Tell whether the holder of a seat was let in, and may fetch and invite."""
        return self._rooms[room].room.state.phones[seat].admitted

    def census(self) -> Census:
        """Number of rooms, and of connections by the kind of their seat."""
        seats = [seat for live in self._rooms.values() for seat in live.links]
        guides = seats.count("therapist")
        return Census(len(self._rooms), len(seats) - guides, guides, self._store.failures)

    @property
    def store_check(self) -> tuple[Callable[[], None], str]:
        """A check that raises OSError where rooms could not be kept now, and one sentence on what to do then."""
        return self._store.check, self._store.advice

    def is_coming(self, room: str, limit_s: float = 0.0) -> bool:
        """Tell whether a room is on its way here, from a restart or from another service.

        One that can be here within `limit_s` is waited for, and then is here instead.
        """
        self.be_sure()
        until = self.clock() + limit_s
        while room not in self._rooms:
            if room not in self._revival.waiting:
                try:
                    if not self._revival.fetch(room):
                        return False
                except Elsewhere:
                    pass
                if room in self._rooms:
                    break
            if self.clock() >= until:
                return True
            gevent.sleep(ASK_AGAIN_S)
        return False

    def be_sure(self) -> None:
        """Wait until it is known that the rooms here are still this service's. After that one may be gone."""
        self._store.be_sure()

    def clip(self, room: str, key: str) -> bytes | None:
        """A clip for a phone of a room, of the size that all clips of its exercise have."""
        live = self._rooms.get(room)
        return self._preparer.clip(live.room.state.score, key) if live else None

    def line(self, room: str, key: str) -> bytes | None:
        """The sound of a typed line."""
        live = self._rooms.get(room)
        return live.lines.get(key) if live else None

    # ── connections

    def connected(self, connection: Connection, address: str) -> bool:
        """A socket is open; the newest of a seat replaces the older. False if the room is gone."""
        live = self._rooms.get(connection.room)
        if live is None or connection.seat not in live.digests:
            return False
        older = live.links.get(connection.seat)
        live.links[connection.seat] = connection
        if older:
            older.close(REPLACED, TAKEN_OVER)
        if len(live.digests) > 1:
            self.admission.guesses.vouch(address, self.clock())
        self._happens(live, events.Joined(connection.seat, connection.link, connection.language))
        return True

    def said(self, connection: Connection, command: Command) -> None:
        """A seat said something; what comes from a connection that was replaced counts for nothing."""
        self.be_sure()
        live = self._rooms.get(connection.room)
        if live and live.links.get(connection.seat) is connection:
            todo = self._happens(live, events.Said(connection.seat, command))
            self.tallies.commands[result_of(connection.seat, todo)] += 1

    def disconnected(self, connection: Connection) -> None:
        """A socket is closed."""
        live = self._rooms.get(connection.room)
        if live is None:
            return
        if live.links.get(connection.seat) is connection:
            del live.links[connection.seat]
        self._happens(live, events.Left(connection.seat, connection.link))

    def fell_silent(self, connection: Connection) -> None:
        """A socket is open, and its phone may be gone."""
        self._of_connection(connection, events.FellSilent(connection.seat, connection.link))

    def spoke_again(self, connection: Connection) -> None:
        """A phone that may have been gone is there."""
        self._of_connection(connection, events.SpokeAgain(connection.seat, connection.link))

    def _of_connection(self, connection: Connection, event: events.Event) -> None:
        self.be_sure()
        live = self._rooms.get(connection.room)
        if live and live.links.get(connection.seat) is connection:
            self._happens(live, event)

    # ── events and effects

    def _happens(
        self, live: Live, event: events.Event, token: str | None = None
    ) -> tuple[effects.Effect, ...]:
        live.room, todo = live.room.handle(event, self.clock())
        self._perform(live, todo, token)
        return todo

    def _wake(self, room: str) -> None:
        self.be_sure()
        live = self._rooms.get(room)
        if live:
            try:
                self._happens(live, events.Tick())
            except Exception:
                # one room that cannot go on must not stop the clock of all others
                log.exception("a room could not go on and is closed")
                self._forget(live)

    def _perform(self, live: Live, todo: tuple[effects.Effect, ...], token: str | None = None) -> None:
        """Carry out effects in order; what is kept stands before what is told. Never waits."""
        # a seat's digest belongs to the snapshot that Keep, which comes first, writes
        for effect in todo:
            if isinstance(effect, effects.Seated) and token:
                live.digests[effect.seat], live.seated = token_digest(token), effect.seat
            elif isinstance(effect, effects.Vacated):
                live.digests.pop(effect.seat, None)
        for effect in todo:
            match effect:
                case effects.Send(seat, message):
                    if seat in live.links:
                        live.links[seat].tell(message)
                case effects.Wake(at):
                    self._timers.set(live.id, at)
                case effects.Keep():
                    self._keep(live)
                case effects.Prepare(choice):
                    live.wanted = choice
                    if not live.is_preparing:
                        live.is_preparing = True
                        gevent.spawn(self._prepare, live)
                case effects.MakeLine() if live.room.state.choice:
                    gevent.spawn(self._make_line, live, live.room.state.choice, effect)
                case effects.Vacated(seat):
                    self._let_go(live, seat)
                case effects.Forget():
                    self._forget(live)

    def _let_go(self, live: Live, seat: Seat) -> None:
        connection = live.links.pop(seat, None)
        if connection:
            connection.close(GIVEN_UP, LEFT)

    def _forget(self, live: Live) -> None:
        self._store.forget(live.id)
        self._drop(live, OVER)

    def _leaves(self, room: str, is_wanted: bool) -> None:
        """A room goes to another service, or is there already. Its phones come back by themselves, to that one."""
        live = self._rooms.get(room)
        if live is None:
            return
        if is_wanted:
            self._store.let_go(room, self._plain(live))
        self._drop(live, RESTART)

    def _drop(self, live: Live, code: int) -> None:
        """Have a room here no more."""
        self._rooms.pop(live.id, None)
        self._timers.drop(live.id)
        self.admission.close_room(live.id)
        for connection in live.links.values():
            connection.close(code)
        live.links.clear()
        if live.has_typed:
            gevent.spawn(self._preparer.forget_typed)

    def _is_here(self, live: Live) -> bool:
        """Tell whether this is the room of its id: it may be over, or have left and come back as another."""
        return self._rooms.get(live.id) is live

    def _keep(self, live: Live) -> None:
        self._store.keep(live.id, self._plain(live))

    def _plain(self, live: Live) -> dict[str, Any]:
        return persistence.to_file(live.room, live.digests, self._clocks(), vars(live))

    def _clocks(self) -> persistence.Clocks:
        return persistence.Clocks(self.clock(), time.time(), self.epoch)

    # ── what takes time

    def _prepare(self, live: Live) -> None:
        """Prepare what a room wants, one choice at a time; of those that came meanwhile only the last."""
        try:
            while live.wanted and self._is_here(live):
                choice, live.wanted = live.wanted, None
                event = background.prepared(self._preparer, choice)
                if live.wanted is None and self._is_here(live):
                    self._happens(live, event)
                    self._pin()
        finally:
            live.is_preparing = False

    def _prepare_ahead(self, live: Live, choices: Sequence[Choice]) -> None:
        """Make what comes later, after what was asked for first; the room learns nothing of it."""
        while self._is_here(live) and live.room.state.score is None:
            gevent.sleep(AHEAD_S)
        for choice in choices:
            if self._is_here(live):
                background.prepared(self._preparer, replace(choice, reading=live.room.state.reading))

    def _pin(self) -> None:
        """Say which clips open rooms need, so that no others' wishes push them out."""
        scores = {score for live in self._rooms.values() if (score := live.room.state.score) is not None}
        self._preparer.pin(scores)

    def _make_line(self, live: Live, choice: Choice, order: effects.MakeLine) -> None:
        live.has_typed = True
        event, sound = background.spoken(self._preparer, choice, order, self._random)
        live.lines = dict([*live.lines.items(), *sound.items()][-LINES_KEPT:])
        if self._is_here(live):
            self._happens(live, event)

    def _adopt(self, room: str, plain: dict[str, Any], score: Score | None) -> None:
        """Take in a room that was kept."""
        try:
            found, digests, todo = persistence.from_file(plain, self._preparer, score, self._clocks())
        except BadSnapshot:
            log.warning("a kept room could not be brought back")
            self._store.forget(room)
            return
        live = self._rooms[room] = Live(room, found, digests)
        vars(live).update(persistence.outside_of(plain))
        self._perform(live, todo)
        self._keep(live)
