"""Views of the state for each seat: whole pictures, worked out from it alone.

Nothing here can name a person: a partner's picture holds what is the couple's, what is the room's, and what is
that phone's own.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal

from exercises.model import Listener, shown_for
from exercises.timeline.fewer_words import HowMany

from ..led_breath import Breath
from ..prepared import Entry
from ..protocol import sentences
from ..protocol.messages import (
    AskPicture,
    BreathPicture,
    ConsolePicture,
    CourseMessage,
    ExercisePicture,
    Note,
    PhonePicture,
    RoomPicture,
    Told,
    VectorPicture,
)
from ..state import CLOSE_S, Phone, State, once
from ..transport import Course, Vector
from ..types import PARTNERS, Partner, Seat, Track, other

_QUESTIONS = {
    "start": (sentences.ASK_START, sentences.START_YES, sentences.START_NO),
    "resume": (sentences.ASK_RESUME, sentences.RESUME_YES, sentences.RESUME_NO),
}
_NOTE_OF_PHASE = {"paused", "held", "grounding", "closing", "ended"}


@once
def picture(state: State, seat: Seat) -> Told:
    """The room as one seat sees it."""
    return _console(state) if seat == "therapist" else _room(state, seat)


def _note(state: State) -> Note | None:
    phase = state.phase
    code = "unattended" if state.unattended and phase in ("held", "paused") else None
    code = code or (phase if phase in _NOTE_OF_PHASE else state.note)
    return _note_of(code) if code else None


@cache
def _note_of(code: str) -> Note:
    return Note(code=code, words=sentences.NOTES[code])


@lru_cache(maxsize=512)
def exercise_picture(
    entry: Entry, language: str, length: int | None = None, words: HowMany = "all"
) -> ExercisePicture:
    """An exercise, for choosing it or for naming the one that was chosen."""
    return ExercisePicture(
        id=entry.exercise_id,
        title=shown_for(entry.title, Listener(language=language)),
        level=entry.level,
        length=length or entry.length_s,
        words=words,
    )


def _chosen(state: State, seat: Seat) -> ExercisePicture | None:
    entry = state.entry(state.choice.exercise_id) if state.choice else None
    if not (entry and state.choice):
        return None
    language, choice = state.phones[seat].language, state.choice
    return exercise_picture(entry, language, choice.length_s, choice.words)


def _choices(state: State, seat: Seat) -> list[ExercisePicture]:
    if not state.quieter_only or state.stage != "before":
        return []
    return [
        exercise_picture(entry, state.phones[seat].language)
        for entry in state.catalogue
        if entry.level == 0
        and entry.exercise_id not in state.declined
        and (state.is_conducted or not (entry.first_with_therapist or entry.alone))
    ]


def _ask(state: State, seat: Partner) -> AskPicture | None:
    ask = state.ask
    if ask is None:
        return None
    if ask.kind == "beat":
        assert state.score
        assert ask.cue is not None
        cue = state.score.main.cues[ask.cue]
        listener = Listener(language=state.phones[seat].language)
        text, (yes, no) = "", (shown_for(answer, listener) for answer in cue.answers or ("", ""))
    else:
        text, yes, no = _QUESTIONS[ask.kind]
    answered = state.phones[seat].answer
    return AskPicture(id=ask.id, kind=ask.kind, words=text, yes=yes, no=no, answered=answered)


def _door(state: State, seat: Partner) -> RoomPicture:
    """The room as a phone sees it that waits to be let in: nothing of what is chosen or of who is there."""
    return RoomPicture(
        phase="gathering", note=None, exercise=None, setting="together", speaker="circle", turn=state.turn(seat),
        partner="absent", therapist=_presence(state.therapist), missing=["admission"], ask=None, choices=[],
        offer_close=False, padding=1,
    )  # fmt: skip


def _room(state: State, seat: Partner) -> RoomPicture:
    if not state.phones[seat].admitted:
        return _door(state, seat)
    theirs = state.phones[other(seat)]
    before = state.stage == "before"
    ready = before and theirs.here and not state.missing(other(seat))
    return RoomPicture(
        phase=state.phase,
        note=_note(state),
        exercise=_chosen(state, seat),
        setting=state.setting,
        speaker=state.speaker,
        turn=state.turn(seat),
        partner="ready" if ready else _presence(theirs) if theirs.admitted else "absent",
        therapist=_presence(state.therapist),
        missing=state.missing(seat) if before else [],
        ask=_ask(state, seat),
        choices=_choices(state, seat),
        offer_close=state.unattended,
        # "false" is a letter longer than "true" and "null"
        padding=0 if state.phones[seat].answer is False else 1,
    )


def _presence(phone: Phone) -> Literal["absent", "here", "away"]:
    if not phone.taken:
        return "absent"
    return "here" if phone.here else "away"


def _console(state: State) -> ConsolePicture:
    return ConsolePicture(
        phase=state.phase,
        note=_note(state),
        exercise=_chosen(state, "therapist"),
        setting=state.setting,
        speaker=state.speaker,
        phones={seat: _phone(state, seat) for seat in PARTNERS},
        asking=state.ask.kind if state.ask else None,
        admission=state.admission,
        can_resume=state.paused == "therapist",
        hold_until=state.hold.until if state.hold else None,
        tap=state.no_tap,
        choices=_choices(state, "therapist"),
    )


def _phone(state: State, seat: Partner) -> PhonePicture:
    phone = state.phones[seat]
    missing = state.missing(seat) if phone.taken and state.stage == "before" else []
    # A fault says it better than that there is no sound.
    told = [reason for reason in missing if not (reason == "sound" and phone.facts.fault)]
    return PhonePicture(
        here=_presence(phone),
        admitted=phone.admitted,
        ready=phone.taken and not missing,
        reasons=[sentences.REASONS[reason] for reason in told],
        clock_ms=phone.facts.clock_ms,
        output=phone.facts.output,
        fault=phone.facts.fault,
        grounding=phone.participation != "with",
        footing=phone.participation,
        away_since=phone.away_since if phone.taken and not phone.here else None,
        heard=state.heard(seat),
        delay_ms=phone.facts.delay_ms,
        battery=phone.facts.battery,
        network=phone.facts.network,
        nearest=phone.nearest if phone.let_see else None,
    )


def speaks(state: State, seat: Seat) -> bool:
    """Tell whether the phone of this seat is the one that is heard. A console only listens along."""
    if seat == "therapist":
        return False
    if state.setting == "apart" or seat == state.speaker:
        return True
    # alone in the grounding exercise, a phone speaks for itself
    participations = {s: state.phones[s].participation for s in PARTNERS}
    return participations[seat] == "grounding" and participations[other(seat)] != "grounding"


@once
def place(state: State, seat: Seat) -> tuple[object, ...]:
    """Everything that a course message says, for comparing."""
    track, vectors = _way(state, seat)
    spans = state.score.layout.passed_over(state.lower_from) if state.score and track == "main" else ()
    ducked = state.ducked_until is not None
    return (
        track,
        vectors,
        state.voice or track != "main",
        ducked,
        track is not None and speaks(state, seat),
        spans,
        _led(state, track),
    )


def course_message(state: State, seat: Seat) -> CourseMessage:
    """The transport of this seat's phone. Before the start and after the end, nowhere."""
    track, vectors = _way(state, seat)
    spans = state.score.layout.passed_over(state.lower_from) if state.score and track == "main" else ()
    led = _led(state, track)
    return CourseMessage(
        rev=state.rev,
        track=track,
        vectors=[VectorPicture(position=v.position, velocity=v.velocity, at=v.at) for v in vectors],
        voice=state.voice or track != "main",
        ducked=state.ducked_until is not None,
        speaks=track is not None and speaks(state, seat),
        passed_over=[(span.start, span.end) for span in spans],
        breath=BreathPicture(**vars(led)) if led else None,
    )


def _led(state: State, track: Track | None) -> Breath | None:
    """The breath that the therapist leads; the grounding exercise has its own, and so has the close."""
    return state.leading.breath if state.leading and track == "main" else None


def _way(state: State, seat: Seat) -> tuple[Track | None, tuple[Vector, ...]]:
    phone = state.phones[seat]
    if not phone.admitted:
        return None, ()
    if state.stage == "under_way":
        if phone.participation == "with":
            return "main", state.effective.vectors
        return ("grounding", phone.ground.vectors) if phone.ground else (None, ())
    if state.stage == "closing" and phone.participation == "with" and state.closing_at is not None:
        at = state.closing_at
        return "close", Course((Vector(0.0, 1, at), Vector(CLOSE_S, 0, at + CLOSE_S))).vectors
    return None, ()
