"""Which handler takes which event; and that every operation is carried out once, however often it comes."""

from __future__ import annotations

from . import before, commands, consent, console, during, events
from .errors import Refused
from .messages import Done, RefusedMessage, Told
from .terms import Partner, Seat
from .work import Work


def take(work: Work, event: events.Event) -> None:
    """Change the state by one event."""
    match event:
        case events.Said():
            _said(work, event.seat, event.command)
        case events.TakeSeat():
            before.take_seat(work, event)
        case events.Joined():
            before.joined(work, event)
        case events.Left():
            before.left(work, event)
        case events.Prepared():
            before.prepared(work, event)
        case events.NotPrepared():
            before.not_prepared(work, event)
        case events.LineMade():
            console.line_made(work, event)
        case events.LineNotMade():
            console.line_not_made(work, event)


def _said(work: Work, seat: Seat, command: commands.Command) -> None:
    """Carry out a command once; one that comes again is answered again and does nothing."""
    phone = work.phone(seat)
    if phone.link is None or seat not in command.seats:
        return
    if not isinstance(command, commands.Operation):
        _report(work, seat, command)
        return
    if command.op <= phone.op:
        seen = phone.reply if command.op == phone.op else None
        work.send(seat, seen or Done(op=command.op))
        return
    state, effects, reply = work.state, list(work.effects), Done(op=command.op)
    answered: Told = reply
    try:
        _carry_out(work, seat, command)
    except Refused as error:
        work.state, work.effects = state, effects
        answered = RefusedMessage(op=command.op, code=error.code, words=str(error))
    if work.phone(seat).taken:
        work.set_phone(seat, op=command.op, reply=answered)
    work.send(seat, answered)


def _report(work: Work, seat: Seat, command: commands.Command) -> None:
    match command:
        case commands.Hello():
            before.hello(work, seat, command)
        case commands.FactsReport():
            before.facts(work, _partner(seat), command)


def _partner(seat: Seat) -> Partner:
    assert seat != "therapist"
    return seat


def _carry_out(work: Work, seat: Seat, command: commands.Operation) -> None:
    if seat == "therapist" and _conducted(work, command):
        return
    match command:
        case commands.Answer():
            consent.answer(work, _partner(seat), command)
        case commands.ChooseNearest():
            before.nearest(work, _partner(seat), command)
        case commands.TooMuch():
            during.too_much(work, _partner(seat))
        case commands.ChooseFooting():
            during.footing(work, _partner(seat), command.to)
        case commands.Pause():
            during.pause(work, "therapist" if seat == "therapist" else "couple")
        case commands.ChooseSetting():
            before.setting(work, command)
        case commands.Choose():
            before.choose(work, command)
        case commands.Skip():
            work.need(work.state.paused != "grounding", "not_playing")
            during.skip(work)
        case commands.Close():
            during.close(work)
        case commands.Again():
            during.again(work)
        case commands.Leave():
            before.leave(work, seat)


def _conducted(work: Work, command: commands.Operation) -> bool:
    """Carry out what only the console has; False if this is not such a command."""
    match command:
        case commands.Start():
            console.start(work)
        case commands.Resume():
            console.resume(work)
        case commands.HoldSilence():
            console.hold(work, command)
        case commands.Release():
            console.release(work)
        case commands.RepeatLine():
            console.repeat(work)
        case commands.RungDown():
            console.rung_down(work)
        case commands.Voice():
            work.need_under_way()
            work.set(voice=command.on)
        case commands.SayLine():
            console.say(work, command)
        case commands.Ground():
            console.ground(work, command)
        case commands.Stop():
            during.end(work)
        case commands.Free():
            before.free(work, command)
        case _:
            return False
    return True
