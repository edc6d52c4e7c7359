"""Commands of a phone or a console to its room: one frozen model a command, with the seats that have it.

Every command but `hello`, `facts`, `touch` and `probe` carries `op`, a number that rises by one with each command of
that seat. A command that arrives twice is carried out once and answered twice, so it can be sent again without harm.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from exercises.timeline.fewer_words import HowMany

from ..types import PARTNERS, SEATS, Nearest, Network, Output, Partner, Seat, Setting, SoundFault

Op = Annotated[int, Field(ge=1, le=2**31)]
Moment = Annotated[float, Field(ge=-1e15, le=1e15)]
THERAPIST: tuple[Seat, ...] = ("therapist",)


class Message(BaseModel):
    """A frozen message that takes nothing but its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
    v: Literal[1] = 1


class Command(Message):
    """One thing said by a seat."""

    seats: ClassVar[tuple[Seat, ...]] = SEATS


class Operation(Command):
    """A command that changes something, and is therefore numbered."""

    op: Op


class Probe(Command):
    """Ask for the shared clock; the endpoint answers, the room never sees it."""

    type: Literal["probe"] = "probe"
    id: Annotated[int, Field(ge=0, le=2**31)]
    t0: Moment


class Hello(Command):
    """The first message of every connection: which plan the phone holds, and how its person is today."""

    type: Literal["hello"] = "hello"
    plan: Annotated[int, Field(ge=0, le=2**31)] = 0
    nearest: Nearest | None = None
    let_see: bool = False


class FactsReport(Command):
    """The phone's knowledge of itself: sound unlocked, clips of `plan` decoded, clock steady and how well.

    `output` is by what it knows when its sound is heard, `fault` is what keeps it from being heard. `heard` tells if
    its person heard the word of the check; null from a page that has no check. `delay_ms` is by how much later than its
    browser says it sounds, `battery` its charge in percent where the browser tells.
    """

    type: Literal["facts"] = "facts"
    seats: ClassVar[tuple[Seat, ...]] = PARTNERS
    plan: Annotated[int, Field(ge=0, le=2**31)]
    sound: bool
    clips: bool
    clock: bool
    clock_ms: Annotated[float, Field(ge=0, le=60_000)] | None = None
    output: Output = "unknown"
    fault: SoundFault | None = None
    heard: bool | None = None
    delay_ms: Annotated[float, Field(ge=-1000, le=1000)] | None = None
    battery: Annotated[int, Field(ge=0, le=100)] | None = None
    network: Network | None = None


class HoldTouch(Command):
    """A finger rests on this phone, or does no more. Not numbered: it is said again, and the last one counts."""

    type: Literal["touch"] = "touch"
    seats: ClassVar[tuple[Seat, ...]] = PARTNERS
    held: bool


class ChooseNearest(Operation):
    """ "What is nearest today?" Skipped or something else is null. Seen by the therapist only if `let_see`."""

    type: Literal["nearest"] = "nearest"
    seats: ClassVar[tuple[Seat, ...]] = PARTNERS
    nearest: Nearest | None
    let_see: bool = False


class ChooseSetting(Operation):
    """One phone speaks (which one), or each its own track."""

    type: Literal["setting"] = "setting"
    setting: Setting
    speaker: Partner = "circle"


class Choose(Operation):
    """Choose the exercise, or try again after preparing it did not work.

    `words` says how many are said; left out, as many as in what was chosen before.
    An empty `voice` is the one before for the same exercise, else the service's.
    """

    type: Literal["choose"] = "choose"
    exercise: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
    length: Annotated[int, Field(ge=30, le=3600)]
    voice: Annotated[str, Field(pattern=r"^[\w.:/+-]{0,80}$")] = ""
    words: HowMany | None = None


class Answer(Operation):
    """A private yes or no to the open question `ask`."""

    type: Literal["answer"] = "answer"
    seats: ClassVar[tuple[Seat, ...]] = PARTNERS
    ask: Annotated[int, Field(ge=1, le=2**31)]
    yes: bool


class OpenEar(Operation):
    """The microphone of this phone is open, so that both phones can hear each other's chirps; or closed again."""

    type: Literal["ear"] = "ear"
    seats: ClassVar[tuple[Seat, ...]] = PARTNERS
    on: bool


class ReportHeard(Operation):
    """The ms by which the other phone's chirp came later than planned after the own; null where it was not heard."""

    type: Literal["heard"] = "heard"
    seats: ClassVar[tuple[Seat, ...]] = PARTNERS
    ms: Annotated[float, Field(ge=-2000, le=2000)] | None


class Pause(Operation):
    type: Literal["pause"] = "pause"


class TooMuch(Operation):
    """Sent after the phone has stopped its own sound."""

    type: Literal["too_much"] = "too_much"
    seats: ClassVar[tuple[Seat, ...]] = PARTNERS


class ChooseParticipation(Operation):
    """After a pause for both: be quiet, or do the grounding exercise on this phone."""

    type: Literal["footing"] = "footing"
    seats: ClassVar[tuple[Seat, ...]] = PARTNERS
    to: Literal["quiet", "grounding"]


class Skip(Operation):
    """Go to the return; there is no other place to skip to."""

    type: Literal["skip"] = "skip"


class Undo(Operation):
    """Take back the own step to the return, for some seconds and while nothing else has changed the way."""

    type: Literal["undo"] = "undo"


class Close(Operation):
    """End gently, with a close of 20 seconds."""

    type: Literal["close"] = "close"


class Again(Operation):
    """Once more from the beginning, turns swapped."""

    type: Literal["again"] = "again"


class Leave(Operation):
    """Give the seat up, and its token with it."""

    type: Literal["leave"] = "leave"


class Start(Operation):
    """Ask both partners whether they want to begin; `anyway`, though a phone that speaks was not heard yet."""

    type: Literal["start"] = "start"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST
    anyway: bool = False


class Resume(Operation):
    """Go on after a pause of the therapist's own."""

    type: Literal["resume"] = "resume"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST


class HoldSilence(Operation):
    """Rest after the current line: some seconds more, or until released (null)."""

    type: Literal["hold"] = "hold"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST
    seconds: Annotated[int, Field(ge=1, le=120)] | None


class Release(Operation):
    type: Literal["release"] = "release"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST


class RepeatLine(Operation):
    type: Literal["repeat"] = "repeat"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST


class LowerIntensity(Operation):
    """From here on, leave out the looking and the reaching."""

    type: Literal["rung_down"] = "rung_down"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST


class Voice(Operation):
    """Silence the voice and keep the pace, or let it be heard again."""

    type: Literal["voice"] = "voice"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST
    on: bool


class Duck(Operation):
    """The therapist speaks, or has spoken: both phones are quieter as long as this is said again and again."""

    type: Literal["duck"] = "duck"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST
    on: bool


class Tap(Operation):
    """A turn of the breath, as the therapist's hand leads it."""

    type: Literal["tap"] = "tap"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST


class SayLine(Operation):
    """Speak a typed line on the phones."""

    type: Literal["say"] = "say"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST
    text: Annotated[str, Field(min_length=1, max_length=400)]


class Ground(Operation):
    """Begin the grounding exercise on one phone or on both."""

    type: Literal["ground"] = "ground"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST
    who: Literal["circle", "square", "both"]


class Stop(Operation):
    """End at once, without a close."""

    type: Literal["stop"] = "stop"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST


class Free(Operation):
    """Give a partner's seat free for another phone, before the start or after the end."""

    type: Literal["free"] = "free"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST
    seat: Partner


class AskToAdmit(Operation):
    """A phone that takes a seat from now on waits until the therapist lets it in. Off, whoever waits is let in."""

    type: Literal["admission"] = "admission"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST
    on: bool


class Admit(Operation):
    """Let the phone of a seat in."""

    type: Literal["admit"] = "admit"
    seats: ClassVar[tuple[Seat, ...]] = THERAPIST
    seat: Partner


COMMANDS: dict[str, type[Command]] = {
    model.model_fields["type"].default: model
    for model in (
        Probe, Hello, FactsReport, HoldTouch, ChooseNearest, ChooseSetting, Choose, Answer, OpenEar, ReportHeard,
        Pause, TooMuch, ChooseParticipation, Skip, Undo, Close, Again, Leave, Start, Resume, HoldSilence, Release,
        RepeatLine, LowerIntensity, Voice, Duck, Tap, SayLine, Ground, Stop, Free, AskToAdmit, Admit,
    )
}  # fmt: skip
