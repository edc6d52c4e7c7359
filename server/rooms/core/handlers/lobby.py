"""Before the start: what each phone reports, what is chosen and prepared."""

from __future__ import annotations

from dataclasses import fields, replace

from server.rooms.core.effects import Prepare
from server.rooms.core.events import NotPrepared, Prepared
from server.rooms.core.prepared import Choice
from server.rooms.core.protocol.commands import Choose, ChooseNearest, ChooseSetting, FactsReport
from server.rooms.core.questions import close_ask
from server.rooms.core.state import Facts
from server.rooms.core.transition import Work, refused
from server.rooms.core.types import Partner

from . import playback

_FACTS = tuple(field.name for field in fields(Facts))


def facts(work: Work, seat: Partner, command: FactsReport) -> None:
    """Keep what a phone reports of itself."""
    work.set_phone(seat, facts=Facts(*(getattr(command, name) for name in _FACTS)))


def nearest(work: Work, seat: Partner, command: ChooseNearest) -> None:
    """Keep how a person is today, here alone, told to the therapist only if they want that."""
    work.need(work.state.stage == "before", "already_started")
    work.set_phone(seat, nearest=command.nearest or "plain", let_see=command.let_see)


def setting(work: Work, command: ChooseSetting) -> None:
    """One phone speaks, or both."""
    work.need(work.state.stage == "before", "already_started")
    work.set(setting=command.setting, speaker=command.speaker)


def choose(work: Work, command: Choose) -> None:
    """Take an exercise and have everything of it prepared."""
    state = work.state
    work.need(state.stage in ("before", "ended"), "already_started")
    entry = state.entry(command.exercise)
    if entry is None:
        raise refused("unknown_exercise")
    work.need(entry.level == 0 or not state.quieter_only, "above_today")
    work.need(state.is_conducted or not entry.first_with_therapist, "with_therapist")
    if state.stage == "ended":
        playback.rewind(work)
    before = state.choice
    words = command.words or (before.words if before else "all")
    kept_voice = before.voice if before and before.exercise_id == command.exercise else ""
    prepare(work, Choice(command.exercise, command.length, command.voice or kept_voice, words))


def prepare(work: Work, choice: Choice) -> None:
    """Ask the shell for timelines and clips, in the room's reading. Nothing starts before all of them are there."""
    close_ask(work)
    choice = replace(choice, reading=work.state.reading)
    work.set(choice=choice, score=None, note=None)
    work.do(Prepare(choice))


def prepared(work: Work, event: Prepared) -> None:
    """Everything is there; what was prepared for an earlier choice is dropped."""
    state = work.state
    if state.stage == "before" and state.choice == event.score.choice and state.score is None:
        work.set(score=event.score)


def not_prepared(work: Work, event: NotPrepared) -> None:
    """Say so to everybody, and let them choose again."""
    state = work.state
    if state.choice and state.choice.exercise_id == event.exercise_id and state.score is None:
        work.set(choice=None, note=f"{event.reason}_failed")
