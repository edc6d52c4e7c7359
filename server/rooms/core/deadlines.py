"""Deadlines, which time alone brings about: one list of what is due when, for catching up and for the next waking.

Every entry, once carried out, changes the state so that it leaves the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from .effects import Forget
from .handlers import consent, playback, presence, touching
from .protocol import sentences
from .protocol.messages import Closed
from .questions import open_ask
from .state import CLOSE_S, GO_LEAD_S, GRACE_S, IDLE_S, KEEP_ENDED_S, UNMET_S, State
from .transition import Work
from .transport import EPSILON_S
from .types import PARTNERS, SEATS, Partner

Action = Callable[[Work], None]
Due = tuple[float, Action]


def deadlines_of(state: State) -> Iterator[Due]:
    """Everything that is due, and when, as far as it is known from here."""
    if state.forgotten:
        return
    yield state.heard_at + (IDLE_S if state.met else UNMET_S), forget
    yield from _presence(state)
    yield from _touches(state)
    if state.ducked_until is not None:
        yield state.ducked_until, _as_loud_as_before
    if state.leading:
        yield state.leading.until, _breath_over
    if state.skipped:
        yield state.skipped.until, _too_late
    if state.ask and state.ask.until is not None:
        yield state.ask.until, consent.decline_start
    if state.stage == "under_way":
        yield from _under_way(state)
    elif state.stage == "closing" and state.closing_at is not None:
        yield state.closing_at + CLOSE_S, playback.end
    elif state.stage == "ended" and state.ended_at is not None:
        yield state.ended_at + KEEP_ENDED_S, forget


def _presence(state: State) -> Iterator[Due]:
    for seat in SEATS:
        phone = state.phones[seat]
        if phone.here and phone.away_since is not None:
            yield phone.away_since + GRACE_S, partial(presence.away, seat=seat)


def _touches(state: State) -> Iterator[Due]:
    held = {seat: one for seat in PARTNERS if (one := state.phones[seat].touching)}
    if not held:
        return
    for seat, one in held.items():
        yield one.until, partial(touching.let_go, seat=seat)
    touch = touching.touch_on(state)
    over = state.effective.leaves(touch.invited, touch.end, state.at) if touch else state.at
    if over is not None:
        yield over, touching.let_go_both
    met = touching.met_at(state)
    if met is not None:
        yield met, touching.go_on


def _under_way(state: State) -> Iterator[Due]:
    assert state.score
    for seat in PARTNERS:
        ground = state.phones[seat].ground
        over = ground.when(state.score.grounding_layout.length, state.at) if ground else None
        if over is not None:
            yield over, partial(_grounded, seat=seat)
    if state.paused:
        return
    if state.hold and state.hold.until is not None:
        yield state.hold.until, _hold_over
    course = state.effective
    over = course.when(state.score.layout.length, state.at)
    if over is not None:
        yield over, playback.end
    yield from _beats(state)


def _beats(state: State) -> Iterator[Due]:
    assert state.score
    course = state.effective
    position = course.position_at(state.at)
    for beat in state.score.layout.beats:
        deadline = beat.until - GO_LEAD_S
        if state.ask and state.ask.cue == beat.cue:
            inside = beat.asked - EPSILON_S <= position < deadline - EPSILON_S
            closes = course.when(deadline, state.at) if inside else state.at
            if closes is not None:
                yield closes, consent.decline_beat
        elif state.ask is None and beat.cue not in state.agreed:
            begun = state.lower_from is None or beat.asked < state.lower_from - EPSILON_S
            inside = beat.asked - EPSILON_S <= position < deadline - EPSILON_S
            opens = state.at if inside else course.when(beat.asked, state.at)
            if begun and opens is not None:
                yield opens, partial(open_ask, kind="beat", cue=beat.cue)


def _grounded(work: Work, seat: Partner) -> None:
    """The grounding exercise is over; its phone stays quiet until somebody acts."""
    work.set_phone(seat, participation="quiet", ground=None)


def _as_loud_as_before(work: Work) -> None:
    work.set(ducked_until=None)


def _too_late(work: Work) -> None:
    work.set(skipped=None)


def _breath_over(work: Work) -> None:
    work.set(leading=None)


def _hold_over(work: Work) -> None:
    work.set(hold=None)


def forget(work: Work) -> None:
    """The room is over for good."""
    for seat in SEATS:
        work.send(seat, Closed(code="room_closed", words=sentences.ROOM_CLOSED))
    work.set(forgotten=True)
    work.do(Forget())


def catch_up(work: Work, now: float) -> None:
    """Carry out everything that is due by `now`, each at its own time and in order."""
    while True:
        due = min(deadlines_of(work.state), key=lambda entry: entry[0], default=None)
        if due is None or due[0] > now:
            break
        work.now = max(work.state.at, due[0])
        work.set(at=work.now)
        due[1](work)
    work.now = max(work.state.at, now)
    if work.state.at != work.now:
        work.set(at=work.now)


def next_waking(state: State) -> float | None:
    """The time at which something is due next."""
    return min((at for at, _ in deadlines_of(state)), default=None)
