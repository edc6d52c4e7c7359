"""The twelve exercises that come with the project: all there, all clean, each readable by everyone it is for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from exercises.library import SCRIPTS, load_library, parse_script
from exercises.lint import lint, lint_file
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
    Listener,
    PartStep,
    ReachStep,
    SayStep,
    spoken_texts,
    words_for,
)
from exercises.source import read_source
from exercises.timeline import length_bounds, natural_length_s, plan

ORDER = [
    "side-by-side", "the-long-way-out", "overheard", "same-window", "a-glance-and-a-rest", "seen-a-little",
    "open-hand", "halfway", "doorway", "lamp-out", "back-in-the-room", "too-much-for-now",
]  # fmt: skip
LIBRARY = load_library()
DOC = Path(__file__).parents[2] / "docs" / "writing-exercises.md"

each = pytest.mark.parametrize("exercise", LIBRARY, ids=lambda e: e.id)


def test_all_twelve_are_there_in_their_order() -> None:
    assert [e.id for e in LIBRARY] == ORDER
    assert [e.order for e in LIBRARY] == list(range(1, 13))
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


def test_the_two_that_are_met_with_a_therapist_first() -> None:
    assert {e.id for e in LIBRARY if e.first_with_therapist} == {"seen-a-little", "halfway"}


def test_levels_and_families() -> None:
    assert {e.id: e.level for e in LIBRARY} == dict(
        zip(ORDER, (0, 1, 1, 0, 2, 3, 1, 3, 0, 0, 1, 0), strict=True)
    )
    families = ["breathing"] * 3 + ["gaze"] * 3 + ["reach"] * 2 + ["returns"] * 3 + ["ground"]
    assert [e.family for e in LIBRARY] == families


@each
def test_everyone_has_words_in_every_line(exercise: Exercise) -> None:
    listeners = [Listener(turn, state) for turn in TURNS for state in STATES]
    for text in spoken_texts(exercise):
        for listener in listeners:
            assert words_for(text, listener).endswith((".", "?"))


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


@each
def test_turns_are_taken_where_two_do_different_things_and_nowhere_else(exercise: Exercise) -> None:
    by_turn = any(isinstance(text, ByTurn) for text in spoken_texts(exercise))
    assert by_turn == (exercise.id in {"seen-a-little", "halfway"})


@each
def test_everyone_is_met_by_state_except_alone(exercise: Exercise) -> None:
    def has_states(text: object) -> bool:
        return isinstance(text, ByState) or (
            isinstance(text, ByTurn) and isinstance(text.first, ByState) and isinstance(text.second, ByState)
        )

    assert any(map(has_states, spoken_texts(exercise))) == (exercise.id != "too-much-for-now")


def test_too_much_is_for_one_person_alone_and_leaves_breath_touch_and_partner_out() -> None:
    exercise = LIBRARY.get("too-much-for-now")
    said = " ".join(map(str, spoken_texts(exercise))).lower()
    assert all(isinstance(step.say, str) for step in exercise.steps if isinstance(step, SayStep))
    assert not any(isinstance(s, (BreathStep, GazeStep, ReachStep, BellStep)) for s in exercise.steps)
    assert not re.search(
        r"\b(breath\w*|partner|other|both|either|two of you|touch\w*|clos\w*|lower\w*)\b", said
    )
    assert "keep your eyes open" in said


def test_lamp_out_ends_in_silence_without_a_bell() -> None:
    exercise = LIBRARY.get("lamp-out")
    assert not any(isinstance(step, BellStep) for step in exercise.steps)
    last = plan(exercise).spoken()[-1]
    assert plan(exercise).length - last.end > 10 * 24_000


@each
def test_bells_only_begin_and_end(exercise: Exercise) -> None:
    parts = list(exercise.steps)
    inside = range(parts.index(PartStep(part="consent")), parts.index(PartStep(part="close")))
    assert not any(isinstance(parts[i], BellStep) for i in inside)


def test_no_line_says_who_someone_is_or_what_happened() -> None:
    said = " ".join(
        words_for(t, Listener("first", s)) for e in LIBRARY for t in spoken_texts(e) for s in STATES
    )
    assert not re.search(r"\b(guarded|heavy|hurt\w*|affair|sorry|apolog\w*|partner|wound\w*)\b", said.lower())


def test_the_example_in_the_guide_for_writers_is_a_clean_script() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", DOC.read_text("utf-8"), re.DOTALL)
    (example,) = [block for block in blocks if block.startswith("id:")]
    name = "docs/writing-exercises.md"
    assert [str(p) for p in lint(parse_script(example, name), read_source(name, example))] == []


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
