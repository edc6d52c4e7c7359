"""An exercise as its script describes it: the head, and the steps in their order (steps.py, lines.py).

The models mirror the YAML of `exercises/scripts/` one to one (see docs/writing-exercises.md), so their JSON
Schema is the script's schema. They hold text and natural durations in seconds; nothing here knows about samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from exercises.languages import BASE, LANGUAGES

from .levels import least_level
from .lines import (
    Strict,
    Text,
    Words,
)
from .steps import (
    PARTS,
    TIMED_STEPS,
    AnyStep,
    ChoiceStep,
    PartStep,
    texts_of,
)

CONSENT_LEVEL = 2
"""From this level on both say yes before it begins, and again within it."""

Family = Literal["breathing", "gaze", "reach", "returns", "loop", "apart", "ground"]
FAMILIES: tuple[Family, ...] = ("breathing", "gaze", "reach", "returns", "loop", "apart", "ground")


class VoiceSpec(Strict):
    """The pace of the lines: words a minute within a line, seconds between its sentences."""

    rate_wpm: Annotated[float, Field(ge=90, le=120)] = 105
    line_gap_s: Annotated[float, Field(ge=0.8, le=2)] = 1.2


class TherapistNotes(Strict):
    """Notes that a therapist reads beside the exercise; never spoken."""

    use_when: Words | None = None
    not_when: Words | None = None
    rung: Words
    watch_for: Annotated[tuple[Words, ...], Field(min_length=1)]
    what_to_do: Annotated[tuple[Words, ...], Field(min_length=1)]


class Review(Strict):
    """The sign-off of a script: by whom, when, and of which words (see review.py). Null until a clinician has."""

    initials: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}$")]
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    words: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16})?$")] = ""
    """Empty in a mark that was written by hand; such a one says of no words that they were read."""


Length = Annotated[int, Field(ge=30, le=3600)]


class Exercise(Strict):
    """One exercise in one language, whole. `lengths` are seconds: shortest, usual, longest."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
    language: str = BASE
    title: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    family: Family
    stated_level: Annotated[int, Field(alias="level", ge=0, le=3)]
    order: Annotated[int, Field(ge=1, le=999)]
    lengths: tuple[Length, Length, Length]
    aim: Words
    when: Words
    place: Words
    care: Words
    first_with_therapist: bool = False
    alone: bool = False
    reviewed: Review | None
    therapist: TherapistNotes
    voice: VoiceSpec = VoiceSpec()
    steps: Annotated[tuple[AnyStep, ...], Field(min_length=5, max_length=400)]

    @property
    def usual_length_s(self) -> int:
        """The length the script was written for, in seconds."""
        return self.lengths[1]

    @cached_property
    def level(self) -> int:
        """The level: what the steps come to (levels.py), or more where the head says so."""
        return max(self.stated_level, least_level(self.steps, self.language))

    @property
    def asks(self) -> bool:
        """Tell whether it wants a yes from both: at level 2 and up, and wherever a question stands in it."""
        return self.level >= CONSENT_LEVEL or any(isinstance(step, ChoiceStep) for step in self.steps)

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


def spoken_texts(exercise: Exercise) -> Iterator[Text]:
    """Every spoken text of an exercise, in order."""
    for step in exercise.steps:
        yield from texts_of(step)
