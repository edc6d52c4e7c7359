"""Handlers of commands that only the therapist's console has."""

from __future__ import annotations

from exercises.text import has_words, typed_line
from exercises.timeline import seconds
from server.rooms.core.effects import MakeLine
from server.rooms.core.events import LineMade, LineNotMade
from server.rooms.core.led_breath import after_tap
from server.rooms.core.protocol.commands import Duck, Ground, HoldSilence, SayLine, Start
from server.rooms.core.protocol.messages import GuideMessage, LineMessage, RefusedMessage
from server.rooms.core.protocol.sentences import REFUSALS
from server.rooms.core.questions import open_ask
from server.rooms.core.state import DUCK_S, GO_LEAD_S, LINE_GAP_S, SAY_LEAD_S, Hold
from server.rooms.core.transition import Work, refused
from server.rooms.core.transport import Course, Vector, going, interject
from server.rooms.core.types import PARTNERS, SEATS, Partner
from server.rooms.core.views.plan import guide_words
from server.rooms.core.views.seat_views import speaks

from . import playback
from .consent import may_start

MAX_LINE_WORDS = 30


def start(work: Work, command: Start) -> None:
    """Ask both whether they want to begin; their two yeses begin it. Nothing starts half-heard, unless it is wanted."""
    work.need(work.state.stage == "before", "already_started")
    work.need(may_start(work.state), "not_ready")
    unheard = any(work.state.heard(seat) is False for seat in PARTNERS)
    work.need(command.anyway or not unheard, "unheard")
    if work.state.ask is None:
        open_ask(work, "start")


def resume(work: Work) -> None:
    """Go on after the therapist's own pause."""
    work.need_under_way()
    work.need(work.state.paused, "not_paused")
    work.need(work.state.paused == "therapist", "needs_both")
    playback.go_on(work)


def hold(work: Work, command: HoldSilence) -> None:
    """Lengthen the silence after the current line."""
    work.need_under_way()
    work.need(not work.state.paused, "not_playing")
    playback.hold_on(work, command.seconds)


def release(work: Work) -> None:
    """Go on after a held silence, or leave out one that has not begun."""
    work.need_under_way()
    work.need(work.state.hold, "not_held")
    work.set(course=going(work.course, work.now + GO_LEAD_S), hold=None)


def repeat(work: Work) -> None:
    """The current line once more, or the last one that was heard."""
    work.need_under_way()
    work.need(work.state.paused != "grounding", "not_playing")
    assert work.state.score
    at = work.now + GO_LEAD_S
    playback.move(work, work.state.score.layout.line_start(work.course.position_at(work.now)), at)


def lower_intensity(work: Work) -> None:
    """From here on, leave out looking and reaching; questions that would lead there are not asked any more."""
    work.need_under_way()
    state = work.state
    assert state.score
    if state.lower_from is not None:
        return
    lower_from = work.course.position_at(work.now + GO_LEAD_S)
    layout = state.score.layout
    left = layout.passed_over(lower_from) or [b for b in layout.beats if b.asked >= lower_from]
    work.need(left, "nothing_lower")
    work.set(lower_from=lower_from)


def duck(work: Work, command: Duck) -> None:
    """Make both phones quieter while the therapist speaks; what ends it is never refused."""
    if command.on:
        work.need(work.state.stage in ("under_way", "closing"), "not_started")
    work.set(ducked_until=work.now + DUCK_S if command.on else None)


def tap(work: Work) -> None:
    """Lead the breath: a tap is a turn of it."""
    if code := work.state.no_tap:
        raise refused(code)
    work.set(leading=after_tap(work.state.leading, work.now))


def say(work: Work, command: SayLine) -> None:
    """Have a typed line made, without markup and without what nobody can see."""
    work.need_under_way()
    work.need(work.state.paused != "grounding", "not_playing")
    text = typed_line(command.text)
    work.need(has_words(text), "no_words")
    work.need(len(text.split()) <= MAX_LINE_WORDS, "too_many_words")
    work.need(work.state.line is None, "line_waiting")
    number = work.state.lines + 1
    work.set(line=(number, text), lines=number)
    work.do(MakeLine(number, text, work.phone("therapist").language))


def line_made(work: Work, event: LineMade) -> None:
    """Speak the line, in a silence made for it. What has changed meanwhile may have made it out of place."""
    state = work.state
    if state.line is None or state.line[0] != event.line:
        return
    work.set(line=None)
    if state.stage != "under_way" or state.paused == "grounding":
        return
    at = work.now + SAY_LEAD_S
    if not state.paused:
        _make_room(work, at, event.clip.seconds + LINE_GAP_S)
    for seat in SEATS:
        clip = event.clip.address if seat in PARTNERS and speaks(state, seat) else None
        work.send(
            seat,
            LineMessage(line=event.line, at=at, seconds=event.clip.seconds, words=state.line[1], clip=clip),
        )


def _make_room(work: Work, at: float, seconds: float) -> None:
    state = work.state
    assert state.score
    if state.hold is None:
        work.set(course=interject(work.course, state.score.layout, at, seconds, go_on=True))
        return
    quiet = interject(work.course, state.score.layout, at, seconds, go_on=False)
    if state.hold.until is not None:
        until = max(state.hold.until, at + seconds)
        quiet = going(quiet, until)
        work.set(hold=Hold(until))
    work.set(course=quiet)


def line_not_made(work: Work, event: LineNotMade) -> None:
    """Say so on the console; the phones never knew."""
    if work.state.line and work.state.line[0] == event.line:
        work.set(line=None)
        work.send("therapist", RefusedMessage(op=None, code="line_failed", words=REFUSALS["line_failed"]))


def ground(work: Work, command: Ground) -> None:
    """Begin grounding on one phone or both. A phone that was stopped by hand begins only by hand."""
    work.need_under_way()
    who: list[Partner] = [s for s in PARTNERS if command.who in (s, "both")]
    able = [s for s in who if work.phone(s).participation != "quiet" or work.phone(s).led]
    if not able:
        raise refused("stopped_by_hand")
    for seat in able:
        if work.phone(seat).participation == "with" or work.phone(seat).led:
            _lead_to_ground(work, seat)
        else:
            work.set_phone(
                seat, participation="grounding", ground=Course((Vector(0.0, 1, work.now + GO_LEAD_S),))
            )
    playback.ground_pause(work, told=able)


def _lead_to_ground(work: Work, seat: Partner) -> None:
    """Ground somebody who did not stop: the guide says why, in place of an opening for those who did."""
    assert work.state.score
    at, words = work.now + GO_LEAD_S, guide_words(work.state, seat)["grounded"]
    after = next(part.start for part in work.state.score.grounding.parts if part.name != "arrive")
    start = at + work.state.score.clips[words].seconds + LINE_GAP_S
    way = Course((Vector(seconds(after), 1, start),))
    work.set_phone(seat, participation="grounding", ground=way, led=True)
    work.send(seat, GuideMessage(key="grounded", at=at, words=words))
