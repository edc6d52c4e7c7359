"""What can be chosen for an exercise, and the reading of those choices from a request or a command line.

One table of fields drives the page's form, the checks and the sentences about wrong values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol
from urllib.parse import urlencode

from exercises.errors import ChoiceError
from exercises.model import Exercise

SETTINGS = {"together": "One speaker for both", "earbuds": "One earbud each: left circle, right square"}
BEDS = {"none": "No background", "air": "Soft air", "hum": "Low hum"}
BELLS = {"soft": "A soft bell", "none": "No bell"}
LEAD_INS = (0, 4, 10, 20, 30, 60)
DEFAULT_LEAD_IN = 4
DEFAULT_BED = {"breathing": "air", "returns": "air"}
"""By family; everywhere else there is no bed, for gaze and reach on purpose."""


class VoiceChoice(Protocol):
    """What a voice shows of itself here."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class Option:
    """One value of a field, and its words for people."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One thing that can be chosen."""

    name: str
    label: str
    options: tuple[Option, ...]
    default: str


@dataclass(frozen=True)
class Choices:
    """Everything chosen for one listening. `length` and `lead_in` are seconds."""

    length: int
    setting: str
    voice: str
    bed: str
    bell: str
    lead_in: int

    def query(self) -> str:
        """The choices as a query string, always in the same order."""
        return urlencode(asdict(self))


def length_label(seconds: int) -> str:
    """Seconds as people say them: "75 seconds", "3 minutes", "3½ minutes", "3 min 20 s"."""
    minutes, rest = divmod(seconds, 60)
    if seconds < 120 and rest:
        return f"{seconds} seconds"
    if rest == 30:
        return f"{minutes}½ minutes"
    if rest:
        return f"{minutes} min {rest} s"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _options(table: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, label) for value, label in table.items())


def _lead_in_label(seconds: int) -> str:
    return f"{seconds} seconds" if seconds else "None"


def speaking_of(voices: Sequence[VoiceChoice], language: str) -> Sequence[VoiceChoice]:
    """The voices that can speak a language; all of them where none can."""
    return [voice for voice in voices if voice.language in (language, "")] or voices


def fields(exercise: Exercise, voices: Sequence[VoiceChoice]) -> tuple[Field, ...]:
    """The fields of an exercise with their options and defaults, in the order in which a form shows them."""
    lengths = tuple(Option(str(n), length_label(n)) for n in exercise.lengths)
    speaking = speaking_of(voices, exercise.language)
    lead_ins = tuple(Option(str(n), _lead_in_label(n)) for n in LEAD_INS)
    return (
        Field("length", "How long", lengths, str(exercise.usual_length_s)),
        Field("setting", "Who hears it how", _options(SETTINGS), "together"),
        Field("voice", "Voice", tuple(Option(v.id, v.label) for v in speaking), speaking[0].id),
        Field("bed", "Sound under the voice", _options(BEDS), DEFAULT_BED.get(exercise.family, "none")),
        Field("bell", "Bell", _options(BELLS), "soft"),
        Field("lead_in", "Quiet before it starts", lead_ins, str(DEFAULT_LEAD_IN)),
    )


def checked(offered: Sequence[Field], given: Mapping[str, str]) -> dict[str, str]:
    """A value for every field; what is absent takes its default, what is no field is ignored.

    Raises ChoiceError with one sentence that names what can be chosen.
    """
    chosen: dict[str, str] = {}
    for field in offered:
        value = given.get(field.name, field.default)
        values = [option.value for option in field.options]
        if value not in values:
            raise ChoiceError(f'For "{field.name}" choose one of: {", ".join(values)}.')
        chosen[field.name] = value
    return chosen


def parse(exercise: Exercise, voices: Sequence[VoiceChoice], given: Mapping[str, str]) -> Choices:
    """Read choices from `given`, as `checked` does; raises ChoiceError."""
    chosen = checked(fields(exercise, voices), given)
    return Choices(
        length=int(chosen["length"]),
        setting=chosen["setting"],
        voice=chosen["voice"],
        bed=chosen["bed"],
        bell=chosen["bell"],
        lead_in=int(chosen["lead_in"]),
    )
