"""The thirty-six exercises that come with the project: all there, all clean, each readable by everyone it is for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from exercises.library import SCRIPTS, load_library, parse_script
from exercises.lint import lint, lint_file
from exercises.loading.source import read_source
from exercises.model import (
    PARTS,
    STATES,
    TURNS,
    AnyStep,
    BellStep,
    BreathStep,
    ByState,
    ByTurn,
    Exercise,
    GazeStep,
    PartStep,
    ReachStep,
    SayStep,
    spoken_texts,
    wordings,
)
from exercises.text import sentences
from exercises.timeline import SAMPLE_RATE, length_bounds, natural_length_s, plan

FAMILIES = {
    "breathing": {
        "side-by-side": 0, "the-long-way-out": 1, "overheard": 1, "braced": 0, "the-small-exhale": 0,
    },
    "gaze": {
        "same-window": 0, "a-glance-that-doesnt-harden": 1, "a-glance-and-a-rest": 2, "looking-up": 2,
        "seen-a-little": 3,
    },
    "reach": {
        "open-hand": 1, "passing-the-cup": 1, "same-blanket": 2, "halfway": 3, "three-breaths-hand-on-hand": 3,
    },
    "returns": {
        "doorway": 0, "lamp-out": 0, "coffee-on-the-counter": 0, "keys": 0, "dishes": 0, "first-light": 0,
        "after-the-appointment": 0, "goodnight-through-the-wall": 0, "the-message-left-on-read": 0,
        "coming-home-late": 0, "two-minutes-in-the-car": 0, "a-word-at-the-table": 0,
    },
    "loop": {
        "the-loop": 1, "im-still-here": 1, "when-it-comes-back": 1, "when-you-want-to-vanish": 0,
        "when-you-need-to-know": 0,
    },
    "apart": {"back-in-the-room": 0, "twenty-minutes-apart": 0},
    "ground": {"too-much-for-now": 0, "staying-nearby": 0},
}  # fmt: skip
"""Each with its level, in the order of the list."""
ORDER = [name for family in FAMILIES.values() for name in family]
ALONE = {
    "the-message-left-on-read", "when-you-want-to-vanish", "when-you-need-to-know", "twenty-minutes-apart",
    "too-much-for-now", "staying-nearby",
}  # fmt: skip
ASKING = {
    "a-glance-and-a-rest", "looking-up", "seen-a-little", "same-blanket", "halfway", "three-breaths-hand-on-hand",
    "im-still-here",
}  # fmt: skip
BY_TURN = {"seen-a-little", "passing-the-cup", "halfway", "three-breaths-hand-on-hand", "when-it-comes-back"}
RITUAL = {"That's the end of this one.", "That's all.", "No answer counts as a no."}
THREE_BREATHS_S = 12
LIBRARY = load_library()
DOC = Path(__file__).parents[2] / "docs" / "writing-exercises.md"

each = pytest.mark.parametrize("exercise", LIBRARY, ids=lambda e: e.id)


def test_all_thirty_six_are_there_in_their_order() -> None:
    assert [e.id for e in LIBRARY] == ORDER
    assert [e.order for e in LIBRARY] == list(range(1, 37))
    assert LIBRARY.problems == ()


@pytest.mark.parametrize("name", ORDER)
def test_no_script_has_a_problem_or_a_warning(name: str) -> None:
    exercise, problems = lint_file(SCRIPTS / f"{name}.yaml")
    assert [str(p) for p in problems] == []
    assert exercise is not None
    assert exercise.id == name


@each
def test_five_parts(exercise: Exercise) -> None:
    assert tuple(step.part for step in exercise.steps if isinstance(step, PartStep)) == PARTS


@each
def test_nothing_claims_a_review_that_did_not_happen(exercise: Exercise) -> None:
    assert exercise.reviewed is None


def test_those_that_are_met_with_a_therapist_first() -> None:
    first = {e.id for e in LIBRARY if e.first_with_therapist}
    assert first == {"seen-a-little", "halfway", "three-breaths-hand-on-hand"}


def test_levels_and_families() -> None:
    assert {e.id: (e.family, e.level) for e in LIBRARY} == {
        name: (family, level) for family, levels in FAMILIES.items() for name, level in levels.items()
    }


def test_those_that_are_for_one_person_alone_say_so() -> None:
    assert {e.id for e in LIBRARY if e.alone} == ALONE
    for name in ALONE - {"too-much-for-now", "staying-nearby"}:
        assert "one person alone" in LIBRARY.get(name).when, name
    for name in ALONE:
        assert re.search(r"\bon your own\b", LIBRARY.get(name).aim, re.IGNORECASE), name


def test_those_that_ask_are_no_files() -> None:
    assert {e.id for e in LIBRARY if e.asks} == ASKING


def middle(exercise: Exercise) -> Iterator[SayStep]:
    """The lines said between the opening and the close."""
    said = [(part, step) for part, step in walk_parts(exercise) if isinstance(step, SayStep)]
    yield from (step for part, step in said[1:] if part != "close")


def walk_parts(exercise: Exercise) -> Iterator[tuple[str, object]]:
    part = ""
    for step in exercise.steps:
        part = step.part if isinstance(step, PartStep) else part
        yield part, step


@each
def test_every_line_in_the_middle_has_wordings_for_three_evenings(exercise: Exercise) -> None:
    for step in middle(exercise):
        for turn in TURNS:
            for state in STATES:
                side = getattr(step.say, turn) if isinstance(step.say, ByTurn) else step.say
                said = getattr(side, state) if isinstance(side, ByState) else side
                assert isinstance(said, tuple), said
                assert 3 <= len(said) <= 5


@each
def test_a_therapist_reads_when_to_use_it_and_when_not(exercise: Exercise) -> None:
    assert exercise.therapist.use_when
    assert exercise.therapist.not_when


@pytest.mark.parametrize("name", ["the-loop", "when-it-comes-back", "when-you-need-to-know"])
def test_what_wants_a_clinician_most_says_that_none_has_read_it(name: str) -> None:
    exercise = LIBRARY.get(name)
    assert "No clinician has read this one yet." in exercise.care
    assert "No clinician has read this script." in (exercise.therapist.not_when or "")


WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@each
def test_it_sounds_like_somebody_talking(exercise: Exercise) -> None:
    said = [line for text in spoken_texts(exercise) for line in wordings(text)]
    words = [word for line in said for word in WORD.findall(line)]
    assert sum(1 for line in said if re.search(r"\bor\b", line, re.IGNORECASE)) <= len(said) / 4
    assert sum(1 for word in words if "'" in word) >= 3 * len(words) / 100
    assert not re.search(r"\bor (?:not|none|neither|don't|leave it)\b", " ".join(said))
    lengths = [len(WORD.findall(sentence)) for line in said for sentence in sentences(line, "en")]
    assert 5 <= sum(lengths) / len(lengths) <= 16
    assert max(lengths) <= 16


def test_no_two_exercises_share_a_line() -> None:
    heard_in = defaultdict(set)
    for exercise in LIBRARY:
        for text in spoken_texts(exercise):
            for line in wordings(text):
                heard_in[line].add(exercise.id)
    assert {line: names for line, names in heard_in.items() if len(names) > 1} == {}


def test_few_sentences_are_met_in_more_than_two_exercises() -> None:
    heard_in = defaultdict(set)
    for exercise in LIBRARY:
        for text in spoken_texts(exercise):
            for line in wordings(text):
                for sentence in sentences(line, "en"):
                    heard_in[sentence].add(exercise.id)
    often = {sentence for sentence, names in heard_in.items() if len(names) > 3}
    assert {s for s in often if not re.search(r"\bpause\b|\bthe one who wants less\b", s)} <= RITUAL


CUTTING = re.compile(
    r"\b(?:truth|honest\w*|hid(?:e|es|ing|den)|secrets?|ow(?:e|es|ed)|prov(?:e|es|ed)|plead\w*|earn\w*|deserv\w*|"
    r"turned aside|over|nothing happened|come back or don't)\b",
    re.IGNORECASE,
)
MISREAD = re.compile(
    r"\b(?:live|lead|wind|tear|read|content|wound|shh)\b|(?:^|[.?!] )(?:Or|Close)\b", re.IGNORECASE
)


@each
def test_no_word_cuts_and_no_word_is_misread(exercise: Exercise) -> None:
    said = [line for text in spoken_texts(exercise) for line in wordings(text)]
    assert [line for line in said if CUTTING.search(line)] == []
    assert [line for line in said if MISREAD.search(line)] == []


@each
def test_everyone_has_words_in_every_line(exercise: Exercise) -> None:
    for text in spoken_texts(exercise):
        assert [line for line in wordings(text) if not line.endswith((".", "?"))] == []


@each
def test_each_offered_length_can_be_planned_with_room_to_spare(exercise: Exercise) -> None:
    shortest, longest = length_bounds(exercise)
    assert abs(natural_length_s(exercise) / exercise.usual_length_s - 1) < 0.1
    assert shortest <= exercise.lengths[0]
    assert exercise.lengths[2] <= longest
    for length in exercise.lengths:
        assert plan(exercise, length).length > 0


@each
def test_every_offered_length_is_made_of_whole_frames(exercise: Exercise) -> None:
    assert [n for n in exercise.lengths if n % 3] == []


def test_one_of_them_can_be_ten_minutes_long() -> None:
    assert LIBRARY.get("the-long-way-out").lengths[2] == 600


def test_the_returns_take_a_minute_or_so() -> None:
    for exercise in LIBRARY:
        if exercise.family == "returns":
            assert exercise.lengths[0] >= 45, exercise.id
            assert exercise.lengths[2] <= 90, exercise.id


@each
def test_three_breaths_have_the_time_of_three_breaths_at_every_length(exercise: Exercise) -> None:
    """Check that what asks for three breaths is followed by silence in which they fit."""
    for length in exercise.lengths:
        cues = plan(exercise, length, reading=None).cues
        for i, cue in enumerate(cues):
            if cue.kind != "line" or cue.text is None:
                continue
            if any(re.search(r"\bthree (?:\w+ )?breaths\b", line) for line in wordings(cue.text)):
                quiet_until = next((c.start for c in cues[i + 1 :] if c.kind == "line"), cues[-1].end)
                if cue.part == "practice" and not _is_only_told(cue, cues, i):
                    assert (quiet_until - cue.end) / SAMPLE_RATE >= THREE_BREATHS_S


def _is_only_told(cue: object, cues: tuple[object, ...], i: int) -> bool:
    """Tell whether the breaths are in a question or a line before a hold, and not asked for yet."""
    following = [c for c in cues[i + 1 :] if getattr(c, "kind", "") != "rest"]
    return bool(following) and getattr(following[0], "kind", "") == "decision"


@each
def test_turns_are_taken_where_two_do_different_things_and_nowhere_else(exercise: Exercise) -> None:
    by_turn = any(isinstance(text, ByTurn) for text in spoken_texts(exercise))
    assert by_turn == (exercise.id in BY_TURN)


@each
def test_everyone_is_met_by_state_except_in_an_emergency(exercise: Exercise) -> None:
    def has_states(text: object) -> bool:
        return isinstance(text, ByState) or (
            isinstance(text, ByTurn) and isinstance(text.first, ByState) and isinstance(text.second, ByState)
        )

    assert any(map(has_states, spoken_texts(exercise))) == (exercise.id != "too-much-for-now")


def test_too_much_is_for_one_person_alone_and_leaves_breath_touch_and_partner_out() -> None:
    exercise = LIBRARY.get("too-much-for-now")
    lines = [line.lower() for text in spoken_texts(exercise) for line in wordings(text)]
    said = " ".join(lines)
    assert not any(isinstance(text, (ByTurn, ByState)) for text in spoken_texts(exercise))
    assert not any(isinstance(s, (BreathStep, GazeStep, ReachStep, BellStep)) for s in exercise.steps)
    assert not re.search(
        r"\b(breath\w*|partner|other|both|either|two of you|touch\w*|clos\w*|lower\w*)\b", said
    )
    (consent,) = (
        step.say for part, step in walk_parts(exercise) if part == "consent" and isinstance(step, SayStep)
    )
    assert all("keep your eyes open" in line.lower() for line in wordings(consent))


def test_lamp_out_ends_in_silence_without_a_bell() -> None:
    exercise = LIBRARY.get("lamp-out")
    assert not any(isinstance(step, BellStep) for step in exercise.steps)
    last = plan(exercise).spoken()[-1]
    assert plan(exercise).length - last.end > 10 * 24_000


@each
def test_bells_only_begin_and_end_except_where_one_calls_to_look_up(exercise: Exercise) -> None:
    if exercise.id == "looking-up":
        return
    parts = list(exercise.steps)
    inside = range(parts.index(PartStep(part="consent")), parts.index(PartStep(part="close")))
    assert not any(isinstance(parts[i], BellStep) for i in inside)


def test_no_line_says_who_someone_is_or_what_happened() -> None:
    said = " ".join(line for e in LIBRARY for t in spoken_texts(e) for line in wordings(t))
    assert not re.search(r"\b(guarded|hurt\w*|affair|sorry|apolog\w*|partner|wound\w*)\b", said.lower())


def test_the_example_in_the_guide_for_writers_is_a_clean_script() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", DOC.read_text("utf-8"), re.DOTALL)
    (example,) = [block for block in blocks if block.startswith("id:")]
    name = "docs/writing-exercises.md"
    assert [str(p) for p in lint(parse_script(example, name), read_source(name, example))] == []
    assert example == (SCRIPTS / "coffee-on-the-counter.yaml").read_text("utf-8")


def test_the_steps_in_the_guide_for_writers_are_steps() -> None:
    blocks = re.findall(r"```yaml\n(- .*?)```", DOC.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 10
    for block in blocks:
        assert TypeAdapter(list[AnyStep]).validate_python(read_source("doc", block).value)


def test_the_guide_for_writers_shows_every_step() -> None:
    text = DOC.read_text("utf-8")
    for step in ("part", "say", "rest", "pause", "bell", "breath", "cue", "gaze", "reach", "choice"):
        assert f"- {step}:" in text, step
    for key, field in Exercise.model_fields.items():
        assert f"`{field.alias or key}`" in text, key
