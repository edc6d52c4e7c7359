"""The steps of a script, each a mapping with its name as the only key. Times are in seconds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from .lines import Strict, Text, Words, sides

PartName = Literal["arrive", "consent", "practice", "return", "close"]
PARTS: tuple[PartName, ...] = ("arrive", "consent", "practice", "return", "close")

Seconds = Annotated[float, Field(gt=0, le=120)]


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
        if any(isinstance(said, tuple) for said in sides(text)):
            raise ValueError(f"{why}; write one between quotes, without a list")
        return text

    return AfterValidator(check)


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


class TouchSpec(Strict):
    """A touch by way of two phones, for `wait` seconds at most: a finger on one is felt and seen on the other.

    `one_phone` is said in place of `say` where both listen to one phone.
    """

    say: Text
    one_phone: Text
    wait: Annotated[float, Field(gt=0, le=60)]


class TouchStep(Step):
    touch: TouchSpec


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
    "touch": TouchStep,
    "choice": ChoiceStep,
}


TIMED_STEPS = (SayStep, RestStep, PauseStep, BreathStep, GazeStep, ReachStep, TouchStep, ChoiceStep)


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
    | Annotated[TouchStep, Tag("touch")]
    | Annotated[ChoiceStep, Tag("choice")],
    Discriminator(
        _step_name,
        custom_error_type="step_unknown",
        custom_error_message="a step is a mapping with one of the step names as its only key",
    ),
]


def texts_of(step: Step) -> list[Text]:
    """The spoken texts of a step, in the order they are heard."""
    match step:
        case SayStep():
            return [step.say]
        case GazeStep():
            return [step.gaze.instead]
        case ReachStep():
            return [step.reach.instead]
        case TouchStep():
            return [step.touch.say, step.touch.one_phone]
        case ChoiceStep():
            return [step.choice.ask]
    return []
