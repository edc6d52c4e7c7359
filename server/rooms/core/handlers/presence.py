"""Seats, and whether their phones are there: taken, connected, silent, away, let in, given up."""

from __future__ import annotations

from server.rooms.core.effects import Seated, Vacated
from server.rooms.core.events import FellSilent, Joined, Left, SpokeAgain, TakeSeat
from server.rooms.core.protocol import sentences
from server.rooms.core.protocol.commands import AskToAdmit, Free, Hello
from server.rooms.core.protocol.errors import Crowded
from server.rooms.core.protocol.messages import Welcome
from server.rooms.core.state import Phone
from server.rooms.core.transition import Work
from server.rooms.core.types import PARTNERS, Partner, Seat

from . import playback, touching


def take_seat(work: Work, event: TakeSeat) -> None:
    """Give a free seat, or say that the room is full."""
    if event.role == "therapist":
        if work.state.is_conducted:
            raise Crowded(sentences.CROWDED_CONSOLE)
        seat: Seat = "therapist"
    else:
        free: list[Seat] = [s for s in PARTNERS if not work.phone(s).taken]
        if not free:
            raise Crowded
        seat = event.wish if event.wish in free else free[0]
    admitted = seat == "therapist" or not work.state.admission
    work.set_phone(seat, taken=True, admitted=admitted, away_since=work.now)
    work.do(Seated(seat))


def joined(work: Work, event: Joined) -> None:
    """A connection opened; it is told nothing until it has said hello."""
    if not work.phone(event.seat).taken:
        return
    if event.seat != "therapist":
        touching.let_go(work, event.seat)
    work.set_phone(
        event.seat,
        link=event.link,
        language=event.language,
        greeted=False,
        away_since=None,
        here=True,
        answer=None,
        ear="closed",
        heard_ms=None,
    )
    if not work.state.met:
        work.set(met=True)
    if event.seat == "therapist":
        work.set(unattended=False)


def left(work: Work, event: Left) -> None:
    """The connection of a seat closed; whether its phone is away shows after the grace.

    A yes that it gave to an open question goes with it: what both want is asked of two who are there.
    """
    if work.phone(event.seat).link == event.link:
        work.set_phone(event.seat, link=None, greeted=False, away_since=work.now, answer=None)
        if event.seat != "therapist":
            touching.let_go(work, event.seat)
        else:
            work.set(ducked_until=None)


def fell_silent(work: Work, event: FellSilent) -> None:
    """A phone that is gone without closing is away at once, under way: the grace went by in silence.

    Its connection stays, and with it an answer: a network that comes back goes on with it.
    """
    phone = work.phone(event.seat)
    if event.seat != "therapist" and phone.link == event.link and work.state.stage == "under_way":
        work.set_phone(event.seat, here=False, away_since=work.now)


def spoke_again(work: Work, event: SpokeAgain) -> None:
    """A phone that had fallen silent is here."""
    if work.phone(event.seat).link == event.link:
        work.set_phone(event.seat, here=True, away_since=None)


def away(work: Work, seat: Seat) -> None:
    """The grace is over. A lost phone goes on by its own plan; a lost console leaves a silence."""
    work.set_phone(seat, here=False)
    if seat == "therapist":
        playback.unattend(work)


def hello(work: Work, seat: Seat, command: Hello) -> None:
    """A connection's first message. What a person said of today comes again after a restart, from their phone."""
    work.set_phone(seat, greeted=True)
    if seat != "therapist" and command.nearest is not None:
        work.set_phone(seat, nearest=command.nearest, let_see=command.let_see)
    work.send(seat, Welcome(seat=seat, op=work.phone(seat).op))


def ask_to_admit(work: Work, command: AskToAdmit) -> None:
    """Let phones wait from now on, or let everybody in who waits."""
    work.set(admission=command.on)
    if not command.on:
        for seat in PARTNERS:
            admit(work, seat)


def admit(work: Work, seat: Partner) -> None:
    """Let the phone of a seat in, if there is one that waits."""
    if work.phone(seat).taken and not work.phone(seat).admitted:
        work.set_phone(seat, admitted=True)


def free(work: Work, command: Free) -> None:
    """Make a partner's seat free for another phone."""
    work.need(work.state.stage in ("before", "ended"), "already_started")
    vacate(work, command.seat)


def leave(work: Work, seat: Seat) -> None:
    """A seat is given up on purpose. Under way, a partner's leaving ends it gently for both."""
    vacate(work, seat)
    if seat == "therapist":
        playback.unattend(work)
    elif work.state.stage == "under_way":
        playback.close(work)


def vacate(work: Work, seat: Seat) -> None:
    """Forget everything of a seat."""
    if seat != "therapist":
        touching.let_go(work, seat)
    work.set(phones={**work.state.phones, seat: Phone()})
    work.do(Vacated(seat))
