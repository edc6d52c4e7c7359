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

from .catalogue import N_
from .languages import gettext

SETTINGS = {
    "together": N_("One speaker for both"),
    "earbuds": N_("One earbud each: left circle, right square"),
}
BEDS = {"none": N_("No background"), "air": N_("Soft air"), "hum": N_("Low hum")}
BELLS = {"soft": N_("A soft bell"), "none": N_("No bell")}
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
        return gettext("%(count)s seconds") % {"count": seconds}
    if rest == 30:
        return gettext("%(minutes)s½ minutes") % {"minutes": minutes}
    if rest:
        return gettext("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return gettext("1 minute") if minutes == 1 else gettext("%(minutes)s minutes") % {"minutes": minutes}


def _options(table: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, gettext(label)) for value, label in table.items())


def _lead_in_label(seconds: int) -> str:
    return gettext("%(count)s seconds") % {"count": seconds} if seconds else gettext("None")


def fields(exercise: Exercise, voices: Sequence[VoiceChoice]) -> tuple[Field, ...]:
    """The fields of an exercise with their options and defaults, in the order in which a form shows them."""
    lengths = tuple(Option(str(n), length_label(n)) for n in exercise.lengths)
    lead_ins = tuple(Option(str(n), _lead_in_label(n)) for n in LEAD_INS)
    return (
        Field("length", gettext("How long"), lengths, str(exercise.usual_length_s)),
        Field("setting", gettext("Who hears it how"), _options(SETTINGS), "together"),
        Field("voice", gettext("Voice"), tuple(Option(v.id, gettext(v.label)) for v in voices), voices[0].id),
        Field(
            "bed", gettext("Sound under the voice"), _options(BEDS), DEFAULT_BED.get(exercise.family, "none")
        ),
        Field("bell", gettext("Bell"), _options(BELLS), "soft"),
        Field("lead_in", gettext("Quiet before it starts"), lead_ins, str(DEFAULT_LEAD_IN)),
    )


def parse(exercise: Exercise, voices: Sequence[VoiceChoice], given: Mapping[str, str]) -> Choices:
    """Read choices from `given`; what is absent takes its default.

    Raises ChoiceError with one sentence that names what can be chosen. Keys that are no field are ignored.
    """
    chosen: dict[str, str] = {}
    for field in fields(exercise, voices):
        value = given.get(field.name, field.default)
        offered = [option.value for option in field.options]
        if value not in offered:
            sentence = gettext('For "%(field)s" choose one of: %(values)s.')
            raise ChoiceError(sentence % {"field": field.name, "values": ", ".join(offered)})
        chosen[field.name] = value
    return Choices(
        length=int(chosen["length"]),
        setting=chosen["setting"],
        voice=chosen["voice"],
        bed=chosen["bed"],
        bell=chosen["bell"],
        lead_in=int(chosen["lead_in"]),
    )
