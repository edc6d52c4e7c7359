"""After every step: number what has changed, and tell each seat what looks different from there.

Plans and courses carry numbers that only rise. A phone drops what has a lower number than it has, and says in its
hello which plan it holds, so that the long message is sent only where it is needed.
"""

from __future__ import annotations

from .. import deadlines, snapshot
from ..effects import Effect, Keep, Send, Wake
from ..events import Event, Said
from ..handlers import consent
from ..protocol.commands import Hello
from ..state import State
from ..transition import Work
from ..types import SEATS, Seat
from .plan import plan_key, plan_message
from .seat_views import course_message, picture, place


def finish(old: State, work: Work, event: Event) -> tuple[Effect, ...]:
    """All effects of a step, in order: kept first, then what was done, then what is seen, then the waking."""
    _number(old, work)
    hello = (
        (event.seat, event.command) if isinstance(event, Said) and isinstance(event.command, Hello) else None
    )
    told: list[Effect] = []
    for seat in SEATS:
        if work.phone(seat).greeted:
            told += _news(old, work.state, seat, hello[1] if hello and hello[0] == seat else None)
    keep = [Keep()] if snapshot.to_snapshot(work.state) != snapshot.to_snapshot(old) else []
    waking = deadlines.next_waking(work.state)
    return (*keep, *work.effects, *told, *([Wake(waking)] if waking is not None else []))


def _number(old: State, work: Work) -> None:
    for seat in SEATS:
        key = plan_key(work.state, seat)
        if key and (key != plan_key(old, seat) or not work.phone(seat).plan):
            work.set_phone(seat, plan=work.phone(seat).plan + 1)
    consent.follow(work)  # a phone with another plan is not ready any more
    if any(place(work.state, seat) != place(old, seat) for seat in SEATS):
        work.set(rev=work.state.rev + 1)


def _news(old: State, new: State, seat: Seat, hello: Hello | None) -> list[Effect]:
    """The plan, the course and the picture of one seat, as far as they are news to it."""
    effects: list[Effect] = []
    held = hello.plan if hello else old.phones[seat].plan
    if plan_key(new, seat) and held != new.phones[seat].plan:
        effects.append(Send(seat, plan_message(new, seat)))
    if hello or place(new, seat) != place(old, seat):
        effects.append(Send(seat, course_message(new, seat)))
    seen = picture(new, seat)
    if hello or seen != picture(old, seat):
        effects.append(Send(seat, seen))
    return effects
