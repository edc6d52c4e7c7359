"""Choices for an exercise, and the reading of those choices from a request or a command line.

One table of fields drives the page's form, the checks and the sentences about wrong values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, cast
from urllib.parse import urlencode

from exercises.errors import ChoiceError
from exercises.model import Exercise
from exercises.timeline import length_bounds
from exercises.timeline.fewer_words import HowMany
from exercises.variety import MAX_READING, typed_reading
from server.i18n.catalog import N_
from server.i18n.locale import gettext

SETTINGS = {
    "together": N_("One speaker for both"),
    "earbuds": N_("One earbud each: left circle, right square"),
}
BEDS = {"none": N_("No background"), "air": N_("Soft air"), "hum": N_("Low hum")}
BELLS = {"soft": N_("A soft bell"), "none": N_("No bell")}
PACES = (90, 95, 100, 105, 110, 115, 120, 125, 130)
PITCHES = {
    "-3": N_("Lower and warmer"),
    "-1": N_("A little lower"),
    "0": N_("As it is"),
    "1": N_("A little higher"),
    "3": N_("Higher"),
}
"""By semitones. The timbre moves along with the pitch, so lower is warmer as well."""
WORDS: dict[HowMany, str] = {
    "all": N_("All of them"),
    "fewer": N_("Fewer: the start, the main steps, the end"),
}
LEAD_INS = (0, 4, 10, 20, 30, 60)
DEFAULT_LEAD_IN = 4
DEFAULT_BED = {"breathing": "air", "returns": "air"}
"""By family; everywhere else there is no bed, for gaze and reach on purpose."""


class VoiceChoice(Protocol):
    """The part of a voice that choices need."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    def speaks(self, language: str) -> bool: ...


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
    """Everything chosen for one listening. `length` and `lead_in` are seconds.

    pace   words a minute within a line
    pitch  semitones above the voice's own
    words  all that is said, or the beginning, the turns and the end (exercises/timeline/fewer_words.py)
    reading  which wordings are heard (exercises/variety.py)
    """

    length: int
    setting: str
    voice: str
    pace: int
    pitch: int
    bed: str
    bell: str
    lead_in: int
    words: HowMany = "all"
    reading: int = 0

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


def options_of(table: Mapping[Any, str]) -> tuple[Option, ...]:
    """The options of a field, in the language of who asks."""
    return tuple(Option(value, gettext(label)) for value, label in table.items())


def _lead_in_label(seconds: int) -> str:
    return gettext("%(count)s seconds") % {"count": seconds} if seconds else gettext("None")


def speaking_of(voices: Sequence[VoiceChoice], language: str) -> Sequence[VoiceChoice]:
    """The voices that can speak a language; all of them where none can."""
    return [voice for voice in voices if voice.speaks(language)] or voices


def _pace_label(pace: int, own: int) -> str:
    words = (
        gettext("%(pace)s words a minute, as written") if pace == own else gettext("%(pace)s words a minute")
    )
    return words % {"pace": pace}


def fields(exercise: Exercise, voices: Sequence[VoiceChoice]) -> tuple[Field, ...]:
    """The fields of an exercise with their options and defaults, in the order in which a form shows them."""
    lengths = tuple(Option(str(n), length_label(n)) for n in exercise.lengths)
    speaking = speaking_of(voices, exercise.language)
    lead_ins = tuple(Option(str(n), _lead_in_label(n)) for n in LEAD_INS)
    own_pace = round(exercise.voice.rate_wpm)
    paces = tuple(Option(str(n), _pace_label(n, own_pace)) for n in sorted({*PACES, own_pace}))
    return (
        Field("length", gettext("How long"), lengths, str(exercise.usual_length_s)),
        Field("setting", gettext("Who hears it how"), options_of(SETTINGS), "together"),
        Field(
            "voice", gettext("Voice"), tuple(Option(v.id, gettext(v.label)) for v in speaking), speaking[0].id
        ),
        Field("pace", gettext("How fast it speaks"), paces, str(own_pace)),
        Field("pitch", gettext("How high it speaks"), options_of(PITCHES), "0"),
        Field(
            "bed",
            gettext("Sound under the voice"),
            options_of(BEDS),
            DEFAULT_BED.get(exercise.family, "none"),
        ),
        Field("bell", gettext("Bell"), options_of(BELLS), "soft"),
        Field("lead_in", gettext("Quiet before it starts"), lead_ins, str(DEFAULT_LEAD_IN)),
        words_field(),
    )


def words_field() -> Field:
    """The share of an exercise that is said."""
    return Field("words", gettext("How many words"), options_of(WORDS), "all")


def chosen_reading(given: Mapping[str, str]) -> int:
    """The reading that is asked for, the first if none is; raises ChoiceError with one sentence."""
    try:
        return typed_reading(given.get("reading", "0"))
    except ChoiceError:
        sentence = gettext("A reading is a whole number from 0 to %(most)s.")
        raise ChoiceError(sentence % {"most": MAX_READING}) from None


def checked(offered: Sequence[Field], given: Mapping[str, str]) -> dict[str, str]:
    """A value for every field; what is absent takes its default, what is no field is ignored.

    Raises ChoiceError with one sentence that names what can be chosen.
    """
    chosen: dict[str, str] = {}
    for field in offered:
        value = given.get(field.name, field.default)
        values = [option.value for option in field.options]
        if value not in values:
            sentence = gettext('For "%(field)s" choose one of: %(values)s.')
            raise ChoiceError(sentence % {"field": field.name, "values": ", ".join(values)})
        chosen[field.name] = value
    return chosen


def parse(exercise: Exercise, voices: Sequence[VoiceChoice], given: Mapping[str, str]) -> Choices:
    """Read choices from `given`, as `checked` does, and hold length and pace together; raises ChoiceError."""
    chosen = checked(fields(exercise, voices), given)
    length, pace = int(chosen["length"]), int(chosen["pace"])
    shortest, longest = length_bounds(exercise, rate_wpm=pace)
    if not shortest <= length <= longest:
        sentence = gettext(
            "At %(pace)s words a minute %(title)s can be from %(shortest)s to %(longest)s seconds long. "
            "Choose a longer one, or another pace."
        )
        known = {"pace": pace, "title": exercise.title, "shortest": shortest, "longest": longest}
        raise ChoiceError(sentence % known)
    return Choices(
        length=length,
        setting=chosen["setting"],
        voice=chosen["voice"],
        pace=pace,
        pitch=int(chosen["pitch"]),
        bed=chosen["bed"],
        bell=chosen["bell"],
        lead_in=int(chosen["lead_in"]),
        words=cast(HowMany, chosen["words"]),
        reading=chosen_reading(given),
    )
