"""An exercise as its script describes it: parts, steps, and who hears which words.

The models mirror the YAML of `exercises/scripts/` one to one (see docs/writing-exercises.md), so their JSON
Schema is the script's schema. They hold text and natural durations in seconds; nothing here knows about samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    field_validator,
    model_validator,
)

from .languages import BASE, LANGUAGES

PartName = Literal["arrive", "consent", "practice", "return", "close"]
PARTS: tuple[PartName, ...] = ("arrive", "consent", "practice", "return", "close")

CONSENT_LEVEL = 2
"""From this level on both say yes before it begins, and again within it."""

State = Literal["guarded", "heavy", "plain", "shared"]
STATES: tuple[State, ...] = ("guarded", "heavy", "plain", "shared")

Turn = Literal["first", "second", "shared"]
TURNS: tuple[Turn, ...] = ("first", "second", "shared")

Family = Literal["breathing", "gaze", "reach", "returns", "ground"]
FAMILIES: tuple[Family, ...] = ("breathing", "gaze", "reach", "returns", "ground")

MIN_WORDINGS, MAX_WORDINGS = 3, 5

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


def _several(value: Any) -> Any:
    """Refuse a list that is not three to five different wordings, in a sentence for whoever wrote it."""
    if not isinstance(value, (list, tuple)):
        return value
    if len(value) == 1:
        raise ValueError("one wording stands without a list; write it after the colon, between quotes")
    if not MIN_WORDINGS <= len(value) <= MAX_WORDINGS:
        raise ValueError(
            f"a list here holds three to five wordings, and this one has {len(value)}; "
            f"{'write three' if len(value) < MIN_WORDINGS else 'keep the best five'}, or one without a list"
        )
    known = [" ".join(str(words).split()) for words in value]
    twice = next((words for words in known if known.count(words) > 1), None)
    if twice is not None:
        raise ValueError(f'the wording "{twice}" stands twice in this list; write another in its place')
    return value


Wordings = Annotated[
    tuple[Words, ...], BeforeValidator(_several), Field(min_length=MIN_WORDINGS, max_length=MAX_WORDINGS)
]
"""Three to five wordings of equal worth, of which one reading has one (see variety.py)."""
Seconds = Annotated[float, Field(gt=0, le=120)]


@dataclass(frozen=True)
class Listener:
    """Whom a track is for. A loudspeaker that both hear has the turn and the state `shared`.

    `language` matters only where a timeline was planned in several.
    """

    turn: Turn = "shared"
    state: State = "shared"
    language: str = BASE


LOUDSPEAKER = Listener()


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _shape(value: Any) -> str:
    if isinstance(value, dict):
        return "by_turn" if {"first", "second"} & set(value) else "by_state"
    if isinstance(value, (list, tuple)):
        return "wordings"
    return "by_state" if isinstance(value, ByState) else "by_turn" if isinstance(value, ByTurn) else "words"


Said = Annotated[Annotated[Words, Tag("words")] | Annotated[Wordings, Tag("wordings")], Discriminator(_shape)]
"""What one person hears as one line."""


class ByState(Strict):
    """One line for four people, by how a person is today; `shared` is what a loudspeaker says."""

    guarded: Said
    heavy: Said
    plain: Said
    shared: Said


class ByTurn(Strict):
    """One line by whose turn it is; each side may itself be worded by state."""

    first: StateText
    second: StateText
    shared: StateText


StateText = Annotated[
    Annotated[Words, Tag("words")]
    | Annotated[Wordings, Tag("wordings")]
    | Annotated[ByState, Tag("by_state")],
    Discriminator(_shape),
]
Text = Annotated[
    Annotated[Words, Tag("words")]
    | Annotated[Wordings, Tag("wordings")]
    | Annotated[ByState, Tag("by_state")]
    | Annotated[ByTurn, Tag("by_turn")],
    Discriminator(_shape),
]
ByTurn.model_rebuild()


@dataclass(frozen=True)
class InLanguages:
    """One text in several languages, by their codes; the first is the one that stands in for all others.

    Scripts never hold this: it is made where one timeline serves listeners of more than one language.
    """

    texts: tuple[tuple[str, Text], ...]

    def of(self, language: str) -> Text:
        """The text in a language."""
        return dict(self.texts).get(language, self.texts[0][1])


AnyText = Text | InLanguages


def in_languages(text: AnyText, language: str) -> tuple[tuple[str, Text], ...]:
    """A text by its languages; one that is in no more than one is in `language`."""
    return text.texts if isinstance(text, InLanguages) else ((language, text),)


def words_for(text: AnyText, listener: Listener) -> str:
    """The wording of `text` that `listener` gets; the first of several where none was chosen."""
    if isinstance(text, InLanguages):
        text = text.of(listener.language)
    side: str | tuple[str, ...] | ByState = getattr(text, listener.turn) if isinstance(text, ByTurn) else text
    said = getattr(side, listener.state) if isinstance(side, ByState) else side
    return said[0] if isinstance(said, tuple) else said


def wordings(text: AnyText) -> list[str]:
    """Every distinct wording of `text` for everybody, in every reading and language, in a fixed order."""
    return list(dict.fromkeys(_all_wordings(text)))


def _all_wordings(text: AnyText) -> Iterator[str]:
    match text:
        case InLanguages():
            for _, each in text.texts:
                yield from _all_wordings(each)
        case ByTurn() | ByState():
            for key in type(text).model_fields:
                yield from _all_wordings(getattr(text, key))
        case tuple():
            yield from text
        case _:
            yield text


class Step(Strict):
    """One step of a script: a mapping with the step's name as its only key."""


class PartStep(Step):
    part: PartName


class SayStep(Step):
    say: Text


class RestStep(Step):
    """Silence that stretches with the chosen length; `rest` is in seconds at the usual length."""

    rest: Seconds


class PauseStep(Step):
    """Silence that never stretches, in seconds."""

    pause: Seconds


class BellStep(Step):
    bell: Literal["soft"]


class BreathSpec(Strict):
    """A paced breath. `in` and `out` are seconds a phase; `cycles` stretch with the length, `spoken` do not."""

    in_s: Annotated[float, Field(alias="in", ge=3, le=6)]
    out_s: Annotated[float, Field(alias="out", ge=3, le=8)]
    cycles: Annotated[int, Field(ge=1, le=40)]
    spoken: Annotated[int, Field(ge=0, le=6)] = 0

    @model_validator(mode="after")
    def _spoken_within_cycles(self) -> BreathSpec:
        if self.spoken > self.cycles:
            raise ValueError(f"spoken is {self.spoken}, but there are only {self.cycles} cycles")
        return self


class BreathStep(Step):
    breath: BreathSpec


def _in_one_wording(why: str) -> AfterValidator:
    """Refuse a text of several wordings, and say why."""

    def check(text: Text) -> Text:
        if any(isinstance(said, tuple) for said in _sides(text)):
            raise ValueError(f"{why}; write one between quotes, without a list")
        return text

    return AfterValidator(check)


def _sides(text: Any) -> Iterator[Any]:
    """What each kind of listener hears of a text."""
    if isinstance(text, (ByTurn, ByState)):
        for key in type(text).model_fields:
            yield from _sides(getattr(text, key))
    else:
        yield text


class CueStep(Step):
    """Silent text on the screen."""

    cue: Annotated[Text, _in_one_wording("words on the screen have one wording")]


class HoldSpec(Strict):
    """A silent stretch of looking or reaching, and the equal alternative that is spoken before it."""

    seconds: Annotated[float, Field(gt=0, le=60)]
    instead: Text


class GazeStep(Step):
    gaze: HoldSpec


class ReachStep(Step):
    reach: HoldSpec


class ChoiceSpec(Strict):
    """A consent beat: what is asked aloud, and the two answers as they stand on the screen."""

    ask: Annotated[Text, _in_one_wording("a question has one wording, so that a yes always means the same")]
    yes: Words
    no: Words


class ChoiceStep(Step):
    choice: ChoiceSpec


STEP_CLASSES: dict[str, type[Step]] = {
    "part": PartStep,
    "say": SayStep,
    "rest": RestStep,
    "pause": PauseStep,
    "bell": BellStep,
    "breath": BreathStep,
    "cue": CueStep,
    "gaze": GazeStep,
    "reach": ReachStep,
    "choice": ChoiceStep,
}


TIMED_STEPS = (SayStep, RestStep, PauseStep, BreathStep, GazeStep, ReachStep, ChoiceStep)


def _step_name(value: Any) -> str | None:
    if isinstance(value, dict) and len(value) == 1:
        return next(iter(value))
    return next((n for n, c in STEP_CLASSES.items() if isinstance(value, c)), None)


AnyStep = Annotated[
    Annotated[PartStep, Tag("part")]
    | Annotated[SayStep, Tag("say")]
    | Annotated[RestStep, Tag("rest")]
    | Annotated[PauseStep, Tag("pause")]
    | Annotated[BellStep, Tag("bell")]
    | Annotated[BreathStep, Tag("breath")]
    | Annotated[CueStep, Tag("cue")]
    | Annotated[GazeStep, Tag("gaze")]
    | Annotated[ReachStep, Tag("reach")]
    | Annotated[ChoiceStep, Tag("choice")],
    Discriminator(
        _step_name,
        custom_error_type="step_unknown",
        custom_error_message="a step is a mapping with one of the step names as its only key",
    ),
]


class VoiceSpec(Strict):
    """How the lines are read: words a minute within a line, seconds between its sentences."""

    rate_wpm: Annotated[float, Field(ge=90, le=120)] = 105
    line_gap_s: Annotated[float, Field(ge=0.8, le=2)] = 1.2


class TherapistNotes(Strict):
    """What a therapist reads beside the exercise; never spoken."""

    rung: Words
    watch_for: Annotated[tuple[Words, ...], Field(min_length=1)]
    what_to_do: Annotated[tuple[Words, ...], Field(min_length=1)]


class Review(Strict):
    """Who signed a script off, and when. Null until a clinician has."""

    initials: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}$")]
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


Length = Annotated[int, Field(ge=30, le=3600)]


class Exercise(Strict):
    """One exercise in one language, whole. `lengths` are seconds: shortest, usual, longest."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
    language: str = BASE
    title: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    family: Family
    level: Annotated[int, Field(ge=0, le=3)]
    order: Annotated[int, Field(ge=1, le=999)]
    lengths: tuple[Length, Length, Length]
    aim: Words
    when: Words
    place: Words
    care: Words
    first_with_therapist: bool = False
    reviewed: Review | None
    therapist: TherapistNotes
    voice: VoiceSpec = VoiceSpec()
    steps: Annotated[tuple[AnyStep, ...], Field(min_length=5, max_length=400)]

    @property
    def usual_length_s(self) -> int:
        """The length the script was written for, in seconds."""
        return self.lengths[1]

    @field_validator("language")
    @classmethod
    def _known_language(cls, code: str) -> str:
        if code not in LANGUAGES:
            raise ValueError(f'"{code}" is no language here; write one of: {", ".join(LANGUAGES)}')
        return code

    @model_validator(mode="after")
    def _lengths_rise(self) -> Exercise:
        if list(self.lengths) != sorted(set(self.lengths)):
            raise ValueError("lengths are three different numbers of seconds, shortest first")
        return self

    @model_validator(mode="after")
    def _five_parts(self) -> Exercise:
        named = [step.part for step in self.steps if isinstance(step, PartStep)]
        if named != list(PARTS) or not isinstance(self.steps[0], PartStep):
            raise ValueError(
                f"the parts are {', '.join(PARTS)}, each once, in this order, from the first step on"
            )
        timed = [isinstance(step, TIMED_STEPS) for step in self.steps]
        edges = [i for i, step in enumerate(self.steps) if isinstance(step, PartStep)]
        for start, end, part in zip(edges, [*edges[1:], len(timed)], PARTS, strict=True):
            if not any(timed[start:end]):
                raise ValueError(f'the part "{part}" is empty; give it a line or a rest')
        return self


def texts_of(step: Step) -> list[Text]:
    """The spoken texts of a step, in the order they are heard."""
    match step:
        case SayStep():
            return [step.say]
        case GazeStep():
            return [step.gaze.instead]
        case ReachStep():
            return [step.reach.instead]
        case ChoiceStep():
            return [step.choice.ask]
    return []


def spoken_texts(exercise: Exercise) -> Iterator[Text]:
    """Every spoken text of an exercise, in order."""
    for step in exercise.steps:
        yield from texts_of(step)
