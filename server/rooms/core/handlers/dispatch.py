"""Which handler takes which event; and that every operation is carried out once, however often it comes."""

from __future__ import annotations

from server.rooms.core import events
from server.rooms.core.protocol import commands
from server.rooms.core.protocol.errors import Refused
from server.rooms.core.protocol.messages import Done, RefusedMessage, Told
from server.rooms.core.transition import Work
from server.rooms.core.types import Partner, Seat

from . import consent, console, hearing, lobby, playback, presence, touching


def take(work: Work, event: events.Event) -> None:
    """Change the state by one event."""
    match event:
        case events.Said():
            _said(work, event.seat, event.command)
        case events.TakeSeat():
            presence.take_seat(work, event)
        case events.Joined():
            presence.joined(work, event)
        case events.Left():
            presence.left(work, event)
        case events.FellSilent():
            presence.fell_silent(work, event)
        case events.SpokeAgain():
            presence.spoke_again(work, event)
        case events.GivenUp():
            if work.phone(event.seat).taken:
                presence.leave(work, event.seat)
        case events.Prepared():
            lobby.prepared(work, event)
        case events.NotPrepared():
            lobby.not_prepared(work, event)
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
            presence.hello(work, seat, command)
        case commands.FactsReport():
            lobby.facts(work, _partner(seat), command)
        case commands.HoldTouch():
            touching.hold(work, _partner(seat), command)


def _partner(seat: Seat) -> Partner:
    assert seat != "therapist"
    return seat


def _carry_out(work: Work, seat: Seat, command: commands.Operation) -> None:
    if seat == "therapist" and _conducted(work, command):
        return
    work.need(work.phone(seat).admitted or isinstance(command, commands.Leave), "not_admitted")
    match command:
        case commands.Answer():
            consent.answer(work, _partner(seat), command)
        case commands.ChooseNearest():
            lobby.nearest(work, _partner(seat), command)
        case commands.OpenEar():
            hearing.open_ear(work, _partner(seat), command)
        case commands.ReportHeard():
            hearing.report(work, _partner(seat), command)
        case commands.TooMuch():
            playback.too_much(work, _partner(seat))
        case commands.ChooseParticipation():
            playback.change_participation(work, _partner(seat), command.to)
        case commands.Pause():
            playback.pause(work, "therapist" if seat == "therapist" else "couple")
        case commands.ChooseSetting():
            lobby.setting(work, command)
        case commands.Choose():
            lobby.choose(work, command)
        case commands.Skip():
            work.need(work.state.paused != "grounding", "not_playing")
            playback.skip(work, seat)
        case commands.Undo():
            playback.undo(work, seat)
        case commands.Close():
            playback.close(work)
        case commands.Again():
            playback.again(work)
        case commands.Leave():
            presence.leave(work, seat)


def _conducted(work: Work, command: commands.Operation) -> bool:
    """Carry out what only the console has; False if this is not such a command."""
    match command:
        case commands.Start():
            console.start(work, command)
        case commands.Resume():
            console.resume(work)
        case commands.HoldSilence():
            console.hold(work, command)
        case commands.Release():
            console.release(work)
        case commands.RepeatLine():
            console.repeat(work)
        case commands.LowerIntensity():
            console.lower_intensity(work)
        case commands.Voice():
            work.need_under_way()
            work.set(voice=command.on)
        case commands.Duck():
            console.duck(work, command)
        case commands.Tap():
            console.tap(work)
        case commands.SayLine():
            console.say(work, command)
        case commands.Ground():
            console.ground(work, command)
        case commands.Stop():
            playback.end(work)
        case commands.Free():
            presence.free(work, command)
        case commands.AskToAdmit():
            presence.ask_to_admit(work, command)
        case commands.Admit():
            presence.admit(work, command.seat)
        case _:
            return False
    return True
