"""Lines as the pages show them: how far a script is read, and whom a line is for, never by its tag."""

from __future__ import annotations

import dataclasses

from audio.recordings.store import Recording
from exercises.library import load_library
from exercises.model import LOUDSPEAKER, STATES, words_for
from server.rooms.core.protocol.sentences import GUIDE
from server.services.voices.recording_status import (
    CLIPPED,
    NOISY,
    SAID_IN_ROOMS,
    counts,
    note,
    scripts,
    shown,
    stray,
    who,
)

LIBRARY = load_library()
SCRIPTS = scripts(LIBRARY)
HALFWAY = next(script for script in SCRIPTS if script.id == "halfway")


def take(
    line: str, place: str = "1", seconds: float = 2.0, room_db: float = -70, clipped: bool = False
) -> Recording:
    return Recording(line, "halfway", place, "t", seconds, -30, room_db, clipped)


def test_every_exercise_can_be_read_and_what_rooms_say() -> None:
    assert [script.id for script in SCRIPTS] == [*(exercise.id for exercise in LIBRARY), SAID_IN_ROOMS]
    assert {line.words for line in SCRIPTS[-1].lines} == {
        words_for(line, LOUDSPEAKER) for line in GUIDE.values()
    }


def test_whom_a_line_is_for_is_said_in_words() -> None:
    said = {who(line) for line in HALFWAY.lines}
    assert "To the first of the two, to someone whose guard is up" in said
    assert "Aloud, for both to hear" in said
    assert not [words for words in said if any(tag in words.lower().split() for tag in STATES)]


def test_a_line_whose_words_changed_is_known_by_its_place() -> None:
    first, second = HALFWAY.lines[:2]
    recordings = {"old": take("old", place=first.place), second.digest: take(second.digest, second.place)}
    left = stray(SCRIPTS, recordings)
    assert [one.line for one in left] == ["old"]
    assert [line.state for line in shown(HALFWAY, recordings, left)[:3]] == ["changed", "kept", "none"]
    count = next(one for one in counts(SCRIPTS, recordings, left) if one.id == "halfway")
    assert (count.kept, count.changed, count.lines) == (1, 1, len(HALFWAY.lines))


def test_one_remark_on_a_take_and_the_weightiest_first() -> None:
    line = HALFWAY.lines[0]
    assert note(line, take(line.digest)) == ""
    assert note(line, take(line.digest, room_db=-40)) == NOISY
    assert note(line, take(line.digest, room_db=-40, clipped=True)) == CLIPPED
    late = note(dataclasses.replace(line, room_s=5.0), take(line.digest, seconds=6.0, clipped=True))
    assert "1.2 s late" in late or "1.3 s late" in late
