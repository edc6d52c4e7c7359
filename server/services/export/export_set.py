"""The set that can be taken along: every exercise that asks for no consent, at choices made once for all of them.

Files, the archive of all files and the feed are three ways to the same set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from audio.recipe import FORMATS, Format
from exercises.languages import BASE
from exercises.library import Library
from exercises.model import Exercise
from exercises.variety import episode_reading
from server.i18n.catalog import N_
from server.i18n.locale import gettext
from server.services.sound.choices import (
    BEDS,
    BELLS,
    DEFAULT_LEAD_IN,
    LEAD_INS,
    SETTINGS,
    Choices,
    Field,
    Option,
    VoiceChoice,
    checked,
    chosen_reading,
    options_of,
    parse,
    speaking_of,
    words_field,
)

LENGTHS = {"usual": "The usual length of each", "shortest": "The shortest", "longest": "The longest"}
_PLACES = {"shortest": 0, "usual": 1, "longest": 2}
KINDS = {"mp3": N_("MP3, for any player"), "flac": N_("FLAC, without loss"), "wav": N_("WAV, for editing")}
SPREAD = "spread"
"""In place of a reading: each exercise has one of its own, for files that are heard for good."""
USUAL_BED = "usual"
_BEDS = {USUAL_BED: "As each exercise has it", **BEDS}


@dataclass(frozen=True)
class SetChoices:
    """The choices for the whole set. `length` is a place among an exercise's three, `lead_in` seconds.

    reading  a number, or SPREAD
    """

    kind: Format
    length: str
    setting: str
    voice: str
    bed: str
    bell: str
    lead_in: str
    words: str
    reading: str = "0"

    def plain(self) -> dict[str, str]:
        """The choices by name."""
        return asdict(self)


@dataclass(frozen=True)
class Entry:
    """One exercise of the set with its choices."""

    exercise: Exercise
    choices: Choices
    kind: Format


def may_be_taken_along(exercise: Exercise) -> bool:
    """Tell whether an exercise may be a file: one that asks for consent, or for a therapist, may not."""
    return not exercise.asks and not exercise.first_with_therapist


def set_fields(voices: Sequence[VoiceChoice]) -> tuple[Field, ...]:
    """The choices for the set, with options and defaults, in the order in which a form shows it."""
    speaking = speaking_of(voices, BASE)
    lead_ins = tuple(
        Option(str(n), gettext("%(count)s seconds") % {"count": n} if n else gettext("None"))
        for n in LEAD_INS
    )
    return (
        Field("kind", gettext("Kind of file"), options_of(KINDS), FORMATS[0]),
        Field("length", gettext("How long"), options_of(LENGTHS), "usual"),
        Field("setting", gettext("Who hears it how"), options_of(SETTINGS), "together"),
        Field(
            "voice", gettext("Voice"), tuple(Option(v.id, gettext(v.label)) for v in speaking), speaking[0].id
        ),
        Field("bed", gettext("Sound under the voice"), options_of(_BEDS), USUAL_BED),
        Field("bell", gettext("Bell"), options_of(BELLS), "soft"),
        Field("lead_in", gettext("Quiet before it starts"), lead_ins, str(DEFAULT_LEAD_IN)),
        words_field(),
    )


def parse_set(voices: Sequence[VoiceChoice], given: Mapping[str, str]) -> SetChoices:
    """Read choices for the set; what is absent takes its default. Raises ChoiceError."""
    chosen = checked(set_fields(voices), given)
    return SetChoices(**chosen, reading=str(chosen_reading(given)))  # type: ignore[arg-type]


def entries(library: Library, voices: Sequence[VoiceChoice], chosen: SetChoices) -> Iterator[Entry]:
    """The exercises of the set in the library's order."""
    for exercise in filter(may_be_taken_along, library):
        yield entry_of(exercise, voices, chosen)


def entry_of(exercise: Exercise, voices: Sequence[VoiceChoice], chosen: SetChoices) -> Entry:
    """One exercise at the choices of the set."""
    given = {name: value for name, value in chosen.plain().items() if name != "kind"}
    if chosen.reading == SPREAD:
        given["reading"] = str(episode_reading(exercise.order))
    given["length"] = str(exercise.lengths[_PLACES[chosen.length]])
    if chosen.bed == USUAL_BED:
        del given["bed"]
    return Entry(exercise, parse(exercise, voices, given), chosen.kind)
