"""Touches by way of two phones: what one phone holds, the other is told, while a step of the exercise is for that.

Nothing of it is kept, and nobody else learns of it: not the console, not a snapshot, and no picture. A phone says again
and again that it is held; one that falls silent, is away or has lost its page has let go.
"""

from __future__ import annotations

from server.rooms.core.protocol.commands import HoldTouch
from server.rooms.core.protocol.messages import TouchedMessage
from server.rooms.core.state import GO_LEAD_S, MEETING_S, TOUCH_S, State, Touching
from server.rooms.core.transition import Work
from server.rooms.core.transport import EPSILON_S, Touch
from server.rooms.core.types import PARTNERS, Partner, other

from . import playback


def touch_on(state: State) -> Touch | None:
    """The touch that the exercise is at, from its invitation on; none where it rests or that is passed over."""
    if state.stage != "under_way" or state.paused or not state.score:
        return None
    position = state.effective.position_at(state.at)
    return next(
        (
            touch
            for touch in state.score.layout.touches
            if touch.invited - EPSILON_S <= position < touch.end - EPSILON_S
            and (state.lower_from is None or touch.invited < state.lower_from - EPSILON_S)
        ),
        None,
    )


def hold(work: Work, seat: Partner, command: HoldTouch) -> None:
    """Take what a phone says of its touch, and tell the other phone."""
    phone = work.phone(seat)
    if not command.held or touch_on(work.state) is None or not phone.admitted:
        let_go(work, seat)
        return
    before = phone.touching
    since = before.since if before else work.now
    work.set_phone(seat, touching=Touching(since, work.now + TOUCH_S))
    work.send(other(seat), TouchedMessage(held=True))


def let_go(work: Work, seat: Partner) -> None:
    """The touch of a phone is over, if there was one."""
    if work.phone(seat).touching:
        work.set_phone(seat, touching=None)
        work.send(other(seat), TouchedMessage(held=False))


def let_go_both(work: Work) -> None:
    """The exercise is at no touch any more."""
    for seat in PARTNERS:
        let_go(work, seat)


def met_at(state: State) -> float | None:
    """The time at which both have touched for a while, so that the exercise can go on; None where that is no sooner."""
    touch = touch_on(state)
    held = [state.phones[seat].touching for seat in PARTNERS]
    if touch is None or state.hold or state.unattended or not all(held):
        return None
    waits = state.effective.when(touch.start, state.at)
    over = state.effective.when(touch.end, state.at)
    both = max(one.since for one in held if one) + MEETING_S
    at = max(state.at, both, state.at if waits is None else waits)
    return at if over is not None and over > at + GO_LEAD_S + EPSILON_S else None


def go_on(work: Work) -> None:
    """Both have touched for a while: go on with what follows."""
    touch = touch_on(work.state)
    assert touch
    playback.move(work, touch.end, work.now + GO_LEAD_S)
