"""Facts that a room was told about its exercise: what can be chosen, what was chosen, what was prepared.

The shell plans the timelines and makes the clips; a room only needs to know when things are and where clips lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from exercises.model import AnyText
from exercises.timeline import Timeline
from exercises.timeline.fewer_words import HowMany

from .transport import Layout


@dataclass(frozen=True)
class Entry:
    """One exercise of the catalogue, as far as choosing goes. `length_s` is its usual length."""

    exercise_id: str
    title: AnyText
    level: int
    length_s: int
    first_with_therapist: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Choice:
    """A choice to prepare. An empty `voice` leaves it to the service.

    words    all that is said, or the beginning, the turns and the end
    reading  which wordings are heard: the room's
    """

    exercise_id: str
    length_s: int
    voice: str = ""
    words: HowMany = "all"
    reading: int = 0


@dataclass(frozen=True)
class ClipRef:
    """The address of the sound of one wording, and how long it is."""

    address: str
    seconds: float


@dataclass(frozen=True, eq=False)
class Score:
    """Everything prepared for one choice. Two scores are the same only if they are the same object.

    main, grounding  timelines of the exercise and of the grounding exercise that any phone may turn to
    clips            by wording: every wording of both timelines in every language, and of every line of the guide
    """

    choice: Choice
    entry: Entry
    main: Timeline
    grounding: Timeline
    clips: Mapping[str, ClipRef]

    @cached_property
    def layout(self) -> Layout:
        """The exercise, measured for conducting."""
        return Layout.of(self.main)

    @cached_property
    def grounding_layout(self) -> Layout:
        """The grounding exercise, measured."""
        return Layout.of(self.grounding)
