"""Under way: what both partners may do, and what happens when the console goes away."""

from __future__ import annotations

from server.rooms.core.led_breath import ended
from server.rooms.core.protocol.messages import GuideMessage
from server.rooms.core.questions import close_ask, open_ask
from server.rooms.core.state import BEGINNING, GO_LEAD_S, STOP_LEAD_S, UNDO_S, Hold, Skipped
from server.rooms.core.transition import Work
from server.rooms.core.transport import EPSILON_S, Course, Vector, going, hold, leap, still
from server.rooms.core.types import PARTNERS, Partner, PauseCause, Seat
from server.rooms.core.views.plan import guide_words


def rewind(work: Work) -> None:
    """Back to before the start, with everything that belongs to one time through forgotten."""
    close_ask(work)
    work.set_partners(participation="with", ground=None, led=False)
    work.set(
        stage="before", course=BEGINNING, agreed=frozenset(), lower_from=None, voice=True, ducked_until=None,
        leading=None, paused=None, hold=None, skipped=None, unattended=False, note=None, line=None, closing_at=None,
        ended_at=None,
    )  # fmt: skip


def begin(work: Work) -> None:
    """Both said yes."""
    rewind(work)
    work.set(stage="under_way", course=Course((Vector(0.0, 1, work.now + GO_LEAD_S),)))


def again(work: Work) -> None:
    """Once more, turns swapped."""
    work.need(work.state.stage == "ended", "not_ended")
    rewind(work)
    work.set(circle_first=not work.state.circle_first)


def pause(work: Work, cause: PauseCause) -> None:
    """Rest, both at the same moment. Only a therapist's own pause can be ended by the therapist alone."""
    work.need_under_way()
    state = work.state
    if cause == "therapist":
        cause = state.paused or cause
    elif state.paused == "grounding":
        cause = "grounding"
    _rest(work)
    work.set(paused=cause, hold=None, leading=ended(state.leading, work.now + STOP_LEAD_S))
    if cause == "therapist":
        close_ask(work)
    else:
        # always anew: if it depended on what was answered, pausing again would tell the one who pauses
        open_ask(work, "resume")


def _rest(work: Work) -> None:
    """The course comes to rest a little ahead; at rest already, what was planned for later is dropped."""
    work.set(course=still(work.course, work.now + STOP_LEAD_S))


def go_on(work: Work) -> None:
    """Go on after an act that allows it; a line that was broken off is heard from its beginning.

    While the console is away the silence stays, since somebody else was to conduct it.
    """
    state = work.state
    assert state.score
    close_ask(work)
    work.set_partners(participation="with", ground=None, led=False)
    work.set(paused=None, note=None)
    if state.unattended:
        work.set(hold=Hold(None))
        return
    at = work.now + GO_LEAD_S
    course = work.course
    position = course.position_at(at)
    span = state.score.layout.spoken_at(position)
    work.set(course=leap(course, span.start if span else position, at, moving=True))


def too_much(work: Work, seat: Partner) -> None:
    """One phone has stopped its sound already. Both rest, and nothing goes on by itself."""
    stage = work.state.stage
    if stage == "before" and work.state.ask:
        open_ask(work, work.state.ask.kind)
    if stage in ("before", "ended"):
        return
    work.set_phone(seat, participation="quiet", ground=None, led=False)
    if stage == "under_way":
        ground_pause(work, told=[seat])


def ground_pause(work: Work, told: list[Partner]) -> None:
    """Rest for grounding; a phone that is still with the exercise hears the guide's line."""
    already = work.state.paused == "grounding"
    pause(work, "grounding")
    for seat in PARTNERS:
        if seat not in told and not already and work.phone(seat).participation == "with":
            key, at = "pause_for_both", work.now + GO_LEAD_S
            work.send(seat, GuideMessage(key=key, at=at, words=guide_words(work.state, seat)[key]))


def change_participation(work: Work, seat: Partner, to: str) -> None:
    """A person's own choice after a pause for both."""
    work.need(work.state.stage == "under_way" and work.state.paused == "grounding", "not_grounding")
    start = Course((Vector(0.0, 1, work.now + GO_LEAD_S),)) if to == "grounding" else None
    work.set_phone(
        seat, participation=to, ground=start, answer=None, led=work.phone(seat).led and to == "grounding"
    )


def skip(work: Work, seat: Seat) -> None:
    """To the return, and nowhere else; from there on it changes nothing but that nobody takes the step back.

    A step out of a question that stands is for good: taken back, it would ask again who may have said no.
    """
    work.need_under_way()
    state = work.state
    assert state.score
    layout, at = state.score.layout, work.now + GO_LEAD_S
    if work.course.position_at(at) >= layout.return_at - EPSILON_S:
        if state.skipped and state.skipped.seat != seat:
            work.set(skipped=None)
        return
    here = work.course.position_at(work.now)
    asked = any(
        beat.asked - EPSILON_S <= here < beat.until and beat.cue not in state.agreed for beat in layout.beats
    )
    move(work, layout.return_at, at)
    last = None if asked else Skipped(seat, layout.line_start(here), work.now + UNDO_S, work.state.course)
    work.set(skipped=last)


def undo(work: Work, seat: Seat) -> None:
    """Go on after all, with the line that stood there, by the hand that went to the return and by no other."""
    last = work.state.skipped
    work.need(last and work.state.may_undo(seat), "too_late")
    assert last
    work.set(skipped=None)
    move(work, last.position, work.now + GO_LEAD_S)


def move(work: Work, to: float, at: float) -> None:
    """Be somewhere else at a time. Questions from there on are asked anew; a held silence is over."""
    state = work.state
    assert state.score
    moving = not state.paused and not state.unattended
    course = leap(work.course, to, at, moving)
    later = {beat.cue for beat in state.score.layout.beats if beat.asked >= to - EPSILON_S}
    work.set(course=course, agreed=state.agreed - later)
    if moving:
        work.set(hold=None)
    if state.ask and state.ask.kind == "beat":
        close_ask(work)


def close(work: Work) -> None:
    """End gently. Before the start, and on a phone that was stopped by hand, the close has no sound.

    A phone that the therapist grounded was not stopped by hand.
    """
    stage = work.state.stage
    if stage == "before":
        end(work)
    elif stage == "under_way":
        close_ask(work)
        for seat in PARTNERS:
            if work.phone(seat).led:
                work.set_phone(seat, participation="with", ground=None)
        work.set(
            stage="closing",
            closing_at=work.now + GO_LEAD_S,
            leading=None,
            paused=None,
            hold=None,
            line=None,
            note=None,
        )


def end(work: Work) -> None:
    """It is over, at once."""
    if work.state.stage == "ended":
        return
    close_ask(work)
    work.set_partners(ground=None)
    work.set(
        stage="ended",
        ended_at=work.now,
        ducked_until=None,
        leading=None,
        paused=None,
        hold=None,
        line=None,
        note=None,
    )


def unattend(work: Work) -> None:
    """The console is gone: the line is finished, the silence held, and both phones can end gently."""
    state = work.state
    work.set(ducked_until=None)
    if state.stage != "under_way" or state.unattended:
        return
    work.set(unattended=True)
    if not state.paused:
        hold_on(work, None)


def hold_on(work: Work, seconds: float | None) -> None:
    """Hold the silence after the current line, or lengthen the one that is held."""
    state = work.state
    assert state.score
    if state.hold is None:
        course, until = hold(work.course, state.score.layout, work.now + STOP_LEAD_S, seconds)
        work.set(course=course, hold=Hold(until))
    elif state.hold.until is not None:
        resting = still(work.course, state.hold.until)
        if seconds is None:
            work.set(course=resting, hold=Hold(None))
        else:
            until = state.hold.until + seconds
            work.set(course=going(resting, until), hold=Hold(until))
