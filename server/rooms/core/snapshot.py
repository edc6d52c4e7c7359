"""A snapshot that survives a restart, as plain JSON: what is played, where it is, and which seats are taken.

Never a state, a name, a code, a token, an answer, or a word that was typed; nor which phone was stopped by hand.
That some phone was is kept, and then a restart finds every phone quiet, so that no sound begins on that one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter
from pydantic_core import to_json

from .prepared import Choice, Entry, Score
from .protocol import sentences
from .protocol.errors import BadSnapshot
from .state import Hold, Phone, State
from .transport import Course, Vector
from .types import PARTNERS, SEATS, Participation, Partner, PauseCause, Seat, Setting, Stage

VERSION = 1
_AS_IT_IS = (
    "circle_first", "reading", "setting", "speaker", "stage", "rev", "lower_from", "voice", "paused", "unattended",
    "quieter_only", "asked", "lines", "heard_at", "closing_at", "ended_at", "note",
)  # fmt: skip
_TIMES = ("heard_at", "closing_at", "ended_at")


_Time = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
_Number = Annotated[int, Field(ge=0, le=2**31)]


def _note(code: str) -> str:
    if code not in sentences.NOTES:
        raise ValueError("no note")
    return code


class _Shape(BaseModel):
    """The types of a snapshot's values. A line that was damaged, or written by hand, must not become a room."""

    model_config = ConfigDict(strict=True)
    circle_first: bool
    setting: Setting
    speaker: Partner
    stage: Stage
    rev: _Number
    lower_from: _Time | None
    voice: bool
    paused: PauseCause | None
    unattended: bool
    quieter_only: bool
    asked: _Number
    lines: _Number
    reading: _Number
    heard_at: _Time
    closing_at: _Time | None
    ended_at: _Time | None
    note: Annotated[str, AfterValidator(_note)] | None
    course: Annotated[list[tuple[_Time, Literal[0, 1], _Time]], Field(min_length=1)]
    agreed: list[_Number]
    hold: Annotated[list[_Time | None], Field(min_length=1, max_length=1)] | None
    quiet: bool
    seats: dict[Seat, tuple[_Number, _Number]]
    admission: bool
    waiting: list[Partner]


_CHOICE: TypeAdapter[Choice] = TypeAdapter(Choice)


def to_snapshot(state: State) -> dict[str, Any]:
    """A room as plain values, worked out once for each state; not to be changed."""
    key = ("snapshot", "")
    if key not in state.known:
        state.known[key] = _to_snapshot(state)
    return state.known[key]


def _to_snapshot(state: State) -> dict[str, Any]:
    plain: dict[str, Any] = {"snapshot": VERSION}
    plain |= {name: getattr(state, name) for name in _AS_IT_IS}
    plain["heard_at"] = round(state.heard_at / 60) * 60.0  # to the minute: idleness needs no more
    plain["choice"] = vars(state.choice).copy() if state.choice else None
    plain["course"] = [[v.position, v.velocity, v.at] for v in state.course.vectors]
    plain["agreed"] = sorted(state.agreed)
    plain["hold"] = [state.hold.until] if state.hold else None
    plain["met"] = state.met
    plain["admission"] = state.admission
    plain["waiting"] = [seat for seat in PARTNERS if not state.phones[seat].admitted]
    plain["quiet"] = any(state.phones[seat].participation != "with" for seat in PARTNERS)
    plain["seats"] = {s: [p.op, p.plan] for s in SEATS if (p := state.phones[s]).taken}
    return plain


def choice_of(plain: dict[str, Any]) -> Choice | None:
    """The choice of a snapshot's room, for the shell to prepare again; raises BadSnapshot."""
    try:
        if plain["snapshot"] != VERSION:
            raise BadSnapshot
        return _CHOICE.validate_json(to_json(plain["choice"]), strict=True) if plain["choice"] else None
    except (KeyError, TypeError, AttributeError, ValueError):
        raise BadSnapshot from None


def from_snapshot(
    plain: dict[str, Any], catalogue: tuple[Entry, ...], score: Score | None, now: float, shift: float
) -> State:
    """The room that was kept. `shift` is what the clock shows more than the clock it was kept by."""
    choice = choice_of(plain)
    try:
        # rooms that were kept before there were readings, or a door
        plain = {"reading": 0, "admission": False, "waiting": [], **plain}
        _Shape.model_validate_json(to_json(plain))
        state = State(
            catalogue=catalogue,
            at=now,
            choice=choice,
            score=score if score and score.choice == choice else None,
            course=Course(tuple(Vector(p, v, at) for p, v, at in plain["course"])).shifted(shift),
            agreed=frozenset(plain["agreed"]),
            hold=Hold(_later(plain["hold"][0], shift)) if plain["hold"] else None,
            met=plain.get("met") is not False,
            admission=plain["admission"],
            phones={seat: _phone(plain, seat, now, bool(plain["quiet"])) for seat in SEATS},
            **{name: plain[name] for name in _AS_IT_IS if name not in _TIMES},
            **{name: _later(plain[name], shift) for name in _TIMES},  # type: ignore[arg-type]
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise BadSnapshot from None
    return _careful(state)


def _later(at: float | None, shift: float) -> float | None:
    return None if at is None else at + shift


def _phone(plain: dict[str, Any], seat: Seat, now: float, quiet: bool) -> Phone:
    """A seat that was taken counts as lost only now, so that its phone has the whole grace to come back."""
    if seat not in plain["seats"]:
        return Phone()
    op, plan = plain["seats"][seat]
    participation: Participation = "quiet" if quiet and seat != "therapist" else "with"
    admitted = seat not in plain["waiting"]
    return Phone(
        taken=True,
        admitted=admitted,
        away_since=now,
        here=True,
        op=int(op),
        plan=int(plan),
        participation=participation,
    )


def _careful(state: State) -> State:
    """Without its timelines an exercise cannot go on; it is over."""
    if state.stage in ("under_way", "closing") and state.score is None:
        state = replace(state, stage="ended", ended_at=state.at, paused=None, hold=None)
    return state
