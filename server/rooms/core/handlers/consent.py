"""Answers: a yes counts only from both, and a no, or no answer, is resolved to the gentler choice.

What one phone answered is told to no other, in no way: until both have answered, everything that the other gets, and
when, is the same whatever the answer was. A beat inside the exercise is resolved when its time is up, never sooner, so
that nothing can be read from the moment; and the phones need nobody to tell them, since their course leads to the
return unless both have said yes. A no to going on changes nothing for the other: the rest lasts, both questions stand,
and whoever said no may say yes later.
"""

from __future__ import annotations

from dataclasses import replace

from server.rooms.core.protocol.commands import Answer
from server.rooms.core.questions import close_ask, open_ask
from server.rooms.core.state import ASK_S, Ask, State
from server.rooms.core.transition import Work, refused
from server.rooms.core.types import PARTNERS, Partner

from . import playback


def may_start(state: State) -> bool:
    """Both phones are ready, and a therapist is here if the exercise wants one."""
    accompanied = state.therapist.here or not (state.score and state.score.entry.first_with_therapist)
    return state.is_ready and accompanied


def follow(work: Work) -> None:
    """Keep the open question true to what is so.

    A couple alone is asked for the start as soon as both can begin. A rest that takes two yeses to end always has
    its question open, also after a restart, which forgets questions and answers.
    """
    state = work.state
    if state.stage == "under_way":
        if state.paused in ("couple", "grounding") and state.ask is None:
            open_ask(work, "resume")
        return
    asking = state.ask is not None and state.ask.kind == "start"
    if asking and not may_start(state):
        close_ask(work)
    elif not state.ask and not state.is_conducted and may_start(state):
        open_ask(work, "start")


def answer(work: Work, seat: Partner, command: Answer) -> None:
    """One private yes or no."""
    ask = work.state.ask
    if ask is None or ask.id != command.ask:
        raise refused("not_asked")
    work.set_phone(seat, answer=command.yes)
    given = [work.phone(s).answer for s in PARTNERS]
    if all(given):
        _agreed(work, ask)
    elif ask.kind == "start" and None not in given:
        decline_start(work)
    elif ask.kind == "start" and ask.until is None:
        work.set(ask=replace(ask, until=work.now + ASK_S))


def _agreed(work: Work, ask: Ask) -> None:
    close_ask(work)
    if ask.kind == "start":
        playback.begin(work)
    elif ask.kind == "resume":
        playback.go_on(work)
    elif ask.cue is not None:
        work.set(agreed=work.state.agreed | {ask.cue})


def decline_start(work: Work) -> None:
    """A no to the start, or no answer: a quieter one for both, or none."""
    close_ask(work)
    refused = {work.state.choice.exercise_id} if work.state.choice else set()
    declined = work.state.declined | refused
    work.set(quieter_only=True, declined=declined, choice=None, score=None, note="quieter_offer")


def decline_beat(work: Work) -> None:
    """The time of a question inside the exercise is up without two yeses."""
    close_ask(work)
    work.set(note="quieter")
