"""Lines to read aloud, and how far they have been read: the scripts line by line beside the recordings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audio.levels import MIN_GAP_S
from audio.recordings.store import Recording
from exercises.languages import LANGUAGES
from exercises.library import Library
from exercises.model import LOUDSPEAKER, Exercise, words_for
from exercises.recordable import ReadLine, line_digest, read_lines
from server.i18n.catalog import N_
from server.i18n.locale import gettext, language_here
from server.rooms.core.protocol.sentences import GUIDE

SAID_IN_ROOMS = "said-in-rooms"
FIRST_READING = 0
"""The lines for a therapist who reads one wording of each."""
_TURNS = {"first": "To the first of the two", "second": "To the second of the two"}
_STATES = {
    "guarded": N_("to someone whose guard is up"),
    "heavy": N_("to someone who would rather disappear"),
    "plain": N_("to someone who said neither"),
}
_ALOUD = "Aloud, for both to hear"
_ENDLESS_S = 60.0
NOISY = "The room is heard behind the voice. A quieter place, or nearer to the microphone, sounds better."
CLIPPED = "It was too loud in places and crackles there. Read it again a little farther away."


@dataclass(frozen=True)
class Script:
    """Something to read: an exercise, or what rooms say between exercises."""

    id: str
    title: str
    lines: tuple[ReadLine, ...]


@dataclass(frozen=True)
class ShownLine:
    """A line as the pages show it. `state` is none, kept or changed; `note` is a sentence about its take."""

    digest: str
    words: str
    place: str
    about: str
    room_s: float
    state: str
    seconds: float
    note: str


@dataclass(frozen=True)
class Count:
    """The count of a script's lines that have been read."""

    id: str
    title: str
    lines: int
    kept: int
    changed: int


def scripts(library: Library, every_wording: bool = True) -> tuple[Script, ...]:
    """Everything that there is to read, in the library's order: every wording, or one of each line."""
    guide = tuple(
        ReadLine(line_digest(words), words, str(number), "arrive", "", "", 0.0, _ENDLESS_S)
        for number, words in enumerate(
            dict.fromkeys(words_for(text, LOUDSPEAKER) for text in GUIDE.values()), 1
        )
    )
    read = tuple(
        Script(exercise.id, exercise.title, lines_of(exercise, every_wording)) for exercise in library
    )
    return (*read, Script(SAID_IN_ROOMS, gettext("Said in rooms"), guide))


def lines_of(exercise: Exercise, every_wording: bool) -> tuple[ReadLine, ...]:
    """The lines to read of an exercise, in its order: every wording, or one of each line."""
    if every_wording:
        return read_lines(exercise)
    wanted = {line.digest for line in read_lines(exercise, FIRST_READING)}
    return tuple(line for line in read_lines(exercise) if line.digest in wanted)


def stray(all_scripts: Iterable[Script], recordings: Mapping[str, Recording]) -> tuple[Recording, ...]:
    """The recordings of words that no script says (any more)."""
    said = {line.digest for script in all_scripts for line in script.lines}
    return tuple(one for digest, one in recordings.items() if digest not in said)


def shown(
    script: Script, recordings: Mapping[str, Recording], strays: Iterable[Recording]
) -> tuple[ShownLine, ...]:
    """The lines of a script, each with where it stands."""
    left = {one.place for one in strays if one.exercise == script.id}
    return tuple(_shown(script, line, recordings.get(line.digest), left) for line in script.lines)


def _shown(script: Script, line: ReadLine, take: Recording | None, left: set[str]) -> ShownLine:
    state = "kept" if take else "changed" if line.place in left else "none"
    about = (
        who(line)
        if script.id == SAID_IN_ROOMS
        else f"{LANGUAGES[language_here()].parts[line.part]} · {who(line)}"
    )
    return ShownLine(
        line.digest, line.words, line.place, about, line.room_s, state, take.seconds if take else 0.0,
        note(line, take) if take else "",
    )  # fmt: skip


def who(line: ReadLine) -> str:
    """The person a line is said to, in words; never by its tag."""
    if "shared" in (line.turn, line.state) or not (line.turn or line.state):
        return gettext(_ALOUD)
    words = ", ".join(
        filter(None, (gettext(_TURNS.get(line.turn, "")), gettext(_STATES.get(line.state, ""))))
    )
    return words[0].upper() + words[1:]


def note(line: ReadLine, take: Recording) -> str:
    """A sentence on a take: the one thing that matters most."""
    over = take.seconds + MIN_GAP_S - line.room_s
    if over > 0:
        sentence = gettext(
            "It is %(seconds)s s long, and at the shortest length the next line is due after %(room)s s: it would "
            "come %(over)s s late. Read it a little faster."
        )
        return sentence % {
            "seconds": f"{take.seconds:.1f}", "room": f"{line.room_s:.1f}", "over": f"{over:.1f}",
        }  # fmt: skip
    if take.clipped:
        return gettext(CLIPPED)
    return gettext(NOISY) if take.noisy else ""


def counts(
    all_scripts: Iterable[Script], recordings: Mapping[str, Recording], strays: Iterable[Recording]
) -> tuple[Count, ...]:
    """The count of lines read, for each script."""
    left = tuple(strays)
    result = []
    for script in all_scripts:
        states = [line.state for line in shown(script, recordings, left)]
        result.append(
            Count(script.id, script.title, len(states), states.count("kept"), states.count("changed"))
        )
    return tuple(result)
