"""The timeline: exact lengths, no overlap, consent first. Most of it as properties over random exercises."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exercises.errors import ChoiceError
from exercises.library import load_library, parse_script
from exercises.model import PARTS, BreathStep, Exercise, PauseStep, RestStep, wordings
from exercises.timeline import (
    BREATH_GAP_S,
    BREATH_S,
    LEAD_IN_S,
    LEAST_REST_S,
    MAX_STRETCH,
    MIN_LEAD_IN_S,
    MIN_STRETCH,
    SAMPLE_RATE,
    Timeline,
    estimate_s,
    length_bounds,
    natural_length_s,
    plan,
    samples,
    seconds,
    slot_s,
    syllables,
)
from exercises.variety import READINGS
from tests.support.scripts import TOUCHING

LIBRARY = load_library()

WORDS = ("floor", "window", "kettle", "stay", "another", "ordinary", "near", "whichever", "chair", "quieter")
line = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(
    lambda ws: " ".join(ws).capitalize() + "."
)
several = st.lists(line, min_size=3, max_size=5, unique=True)
said = st.one_of(line, several)
by_state = st.fixed_dictionaries(dict.fromkeys(("guarded", "heavy", "plain", "shared"), said))
text = st.one_of(said, by_state, st.fixed_dictionaries({"first": by_state, "second": said, "shared": said}))
rest = st.floats(1, 40).map(lambda s: {"rest": round(s, 2)})
breath = st.builds(
    lambda i, o, n, k: {"breath": {"in": i, "out": o, "cycles": n, "spoken": min(k, n)}},
    st.sampled_from((3, 4, 4.5, 5)), st.sampled_from((4, 5, 6, 7.5)), st.integers(1, 12), st.integers(0, 3),
)  # fmt: skip
hold = st.builds(
    lambda kind, s, t: {kind: {"seconds": s, "instead": t}},
    st.sampled_from(("gaze", "reach")), st.integers(3, 30), text,
)  # fmt: skip
touch = st.builds(
    lambda s, t, u: {"touch": {"wait": s, "say": t, "one_phone": u}}, st.integers(10, 30), text, text
)
step = st.one_of(
    text.map(lambda t: {"say": t}), rest, breath, hold, touch, line.map(lambda t: {"cue": t}),
    st.just({"bell": "soft"}),
    st.floats(0.5, 5).map(lambda s: {"pause": s}),
    line.map(lambda t: {"choice": {"ask": t, "yes": "Yes", "no": "Not today"}}),
)  # fmt: skip


@st.composite
def exercises(draw: st.DrawFn) -> Exercise:
    """Any exercise that the models accept, with rests in every part."""
    steps: list[dict[str, object]] = []
    for part in PARTS:
        steps += [{"part": part}, draw(rest), *draw(st.lists(step, max_size=5))]
    return Exercise.model_validate(
        {
            "id": "drawn", "title": "Drawn", "family": "gaze", "level": 2, "order": 1, "lengths": (30, 60, 3600),
            "aim": "a", "when": "w", "place": "p", "care": "c", "reviewed": None,
            "therapist": {"rung": "r", "watch_for": ["w"], "what_to_do": ["d"]}, "steps": steps,
        }
    )  # fmt: skip


def some_length(data: st.DataObject, exercise: Exercise) -> int:
    shortest, longest = length_bounds(exercise)
    assume(shortest <= longest)
    return data.draw(st.integers(shortest, longest))


def planned(exercise: Exercise, length: int, lead_in: float = LEAD_IN_S) -> Timeline:
    """A plan, or no example where breaths are too coarse to meet this very length."""
    try:
        return plan(exercise, length, lead_in)
    except ChoiceError:
        assume(False)
        raise


@settings(max_examples=150, deadline=None)
@given(st.data(), exercises())
def test_total_is_the_chosen_length_to_the_sample(data: st.DataObject, exercise: Exercise) -> None:
    length = some_length(data, exercise)
    timeline = planned(exercise, length)
    assert timeline.length == length * SAMPLE_RATE
    assert timeline.cues[-1].end == timeline.length or timeline.cues[-1].kind in ("bell", "prompt", "word")
    assert max(cue.end for cue in timeline.cues) == timeline.length


@settings(max_examples=60, deadline=None)
@given(st.data(), exercises(), st.integers(0, 60))
def test_a_lead_in_beyond_four_seconds_is_added_in_front(
    data: st.DataObject, exercise: Exercise, lead_in: int
) -> None:
    length = some_length(data, exercise)
    timeline = planned(exercise, length, lead_in)
    assert timeline.length == (length + max(0, lead_in - 4)) * SAMPLE_RATE
    assert timeline.lead_in == max(samples(lead_in), samples(MIN_LEAD_IN_S))
    assert min(cue.start for cue in timeline.cues[1:]) == timeline.lead_in


@settings(max_examples=150, deadline=None)
@given(st.data(), exercises())
def test_no_two_spoken_cues_overlap(data: st.DataObject, exercise: Exercise) -> None:
    timeline = planned(exercise, some_length(data, exercise))
    for before, after in pairwise(timeline.spoken()):
        assert before.end <= after.start


@settings(max_examples=100, deadline=None)
@given(st.data(), exercises())
def test_cues_other_than_prompts_and_words_tile_the_whole(data: st.DataObject, exercise: Exercise) -> None:
    timeline = planned(exercise, some_length(data, exercise))
    tiles = [cue for cue in timeline.cues if cue.kind not in ("prompt", "word")]
    assert tiles[0].start == 0
    assert tiles[-1].end == timeline.length
    for before, after in pairwise(tiles):
        assert before.end == after.start


@settings(max_examples=100, deadline=None)
@given(st.data(), exercises())
def test_five_parts_in_order_without_a_gap(data: st.DataObject, exercise: Exercise) -> None:
    timeline = planned(exercise, some_length(data, exercise))
    assert [part.name for part in timeline.parts] == list(PARTS)
    assert timeline.parts[0].start == 0
    assert timeline.parts[-1].end == timeline.length
    for before, after in pairwise(timeline.parts):
        assert before.start < before.end == after.start


@settings(max_examples=150, deadline=None)
@given(st.data(), exercises())
def test_rests_stay_between_40_and_250_percent(data: st.DataObject, exercise: Exercise) -> None:
    timeline = planned(exercise, some_length(data, exercise))
    written = [s.rest for s in exercise.steps if type(s).__name__ == "RestStep"]
    pauses = [s.pause for s in exercise.steps if type(s).__name__ == "PauseStep"]
    placed = [seconds(c.end - c.start) for c in timeline.cues[1:] if c.kind == "rest"]
    for pause in [*pauses, *_gaps(exercise)]:
        placed.remove(min(placed, key=lambda p, pause=pause: abs(p - pause)))
    for natural, actual in zip(sorted(written), sorted(placed), strict=True):
        least = max(natural * MIN_STRETCH, min(natural, LEAST_REST_S))
        assert least - 0.001 <= actual <= natural * MAX_STRETCH + 0.001


def _gaps(exercise: Exercise) -> list[float]:
    """The fixed silences nobody wrote: between lines that follow each other, and before another rhythm of breath."""
    timed = [s for s in exercise.steps if type(s).__name__ not in ("PartStep", "CueStep", "BellStep")]
    kinds = [type(s).__name__ for s in exercise.steps if type(s).__name__ != "PartStep"]
    starts_spoken = {"SayStep", "GazeStep", "ReachStep", "TouchStep", "ChoiceStep"}
    found = [1.2 for a, b in pairwise(kinds) if a == "SayStep" and b in starts_spoken]
    rhythm = None
    for before, step in pairwise(timed):
        if isinstance(step, BreathStep):
            changed = (step.breath.in_s, step.breath.out_s) != rhythm
            rhythm = (step.breath.in_s, step.breath.out_s)
            if changed and not isinstance(before, (RestStep, PauseStep)):
                found.append(BREATH_GAP_S)
    return found


@settings(max_examples=100, deadline=None)
@given(st.data(), exercises(), st.integers(0, READINGS - 1))
def test_a_reading_changes_words_and_nothing_else(
    data: st.DataObject, exercise: Exercise, reading: int
) -> None:
    length = some_length(data, exercise)
    try:
        one, other = plan(exercise, length), plan(exercise, length, reading=reading)
    except ChoiceError:
        assume(False)
        raise
    assert [replace(cue, text=None) for cue in one.cues] == [replace(cue, text=None) for cue in other.cues]
    assert replace(one, cues=()) == replace(other, cues=())


@settings(max_examples=60, deadline=None)
@given(st.data(), exercises())
def test_a_second_phone_changes_the_words_of_a_touch_and_nothing_else(
    data: st.DataObject, exercise: Exercise
) -> None:
    length = some_length(data, exercise)
    one, two = planned(exercise, length), plan(exercise, length, two_phones=True)
    assert [replace(cue, text=None) for cue in one.cues] == [replace(cue, text=None) for cue in two.cues]
    for before, after in zip(pairwise(one.cues), pairwise(two.cues), strict=True):
        if before[0].text != after[0].text:
            assert "touch" in (before[0].move, before[1].move)


def test_each_number_of_phones_hears_its_own_words_of_a_touch() -> None:
    exercise = parse_script(TOUCHING)
    assert "It's felt on the other phone." in spoken_in(plan(exercise, two_phones=True))
    assert "Rest a finger on your own side of the screen." in spoken_in(plan(exercise))


def spoken_in(timeline: Timeline) -> str:
    return " ".join(words for cue in timeline.spoken() if cue.text for words in wordings(cue.text))


@settings(max_examples=60, deadline=None)
@given(st.data(), exercises())
def test_the_same_choices_give_the_same_timeline(data: st.DataObject, exercise: Exercise) -> None:
    length = some_length(data, exercise)
    assert planned(exercise, length) == planned(exercise, length)


@settings(max_examples=100, deadline=None)
@given(text)
def test_a_slot_is_as_long_as_the_longest_that_anybody_hears_in_any_reading(said: object) -> None:
    line = _one_line(said).steps[2].say  # type: ignore[union-attr]
    slot = slot_s(line, 105, 1.2)
    assert slot > max(estimate_s(words, 105, 1.2) for words in wordings(line))
    longest = max(wordings(line), key=lambda words: estimate_s(words, 105, 1.2))
    assert slot == slot_s(_one_line(longest).steps[2].say, 105, 1.2)  # type: ignore[union-attr]


def _one_line(said: object) -> Exercise:
    steps: list[dict[str, object]] = []
    for part in PARTS:
        steps += [{"part": part}, {"rest": 10}]
        if part == "arrive":
            steps.append({"say": said})
    steps[1], steps[2] = steps[1], steps[2]
    return Exercise.model_validate(
        {
            "id": "one", "title": "One", "family": "gaze", "level": 0, "order": 1, "lengths": (40, 60, 90),
            "aim": "a", "when": "w", "place": "p", "care": "c", "reviewed": None,
            "therapist": {"rung": "r", "watch_for": ["w"], "what_to_do": ["d"]}, "steps": steps,
        }
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.data(), exercises())
def test_breaths_keep_their_pace_and_change_only_in_number(data: st.DataObject, exercise: Exercise) -> None:
    timeline = planned(exercise, some_length(data, exercise))
    specs = [s.breath for s in exercise.steps if type(s).__name__ == "BreathStep"]
    blocks = [cue for cue in timeline.cues if cue.kind == "breath"]
    for spec, cue in zip(specs, blocks, strict=True):
        ins = [p for p in cue.phases if p.direction == "in"]
        assert {p.end - p.start for p in ins} == {samples(spec.in_s)}
        assert spec.spoken <= len(ins) <= max(spec.spoken, 1, spec.cycles * MAX_STRETCH)
        assert cue.phases[0].start == cue.start
        assert cue.phases[-1].end == cue.end
        words = [w for w in timeline.cues if w.kind == "word" and cue.start <= w.start < cue.end]
        assert [word.start for word in words] == [phase.start for phase in cue.phases][: 2 * spec.spoken]


@pytest.mark.parametrize("exercise", LIBRARY, ids=lambda e: e.id)
def test_every_script_can_be_planned_at_each_of_its_lengths(exercise: Exercise) -> None:
    for length in exercise.lengths:
        for lead_in in (0, 4, 60):
            assert plan(exercise, length, lead_in).length == (length + max(0, lead_in - 4)) * SAMPLE_RATE


@pytest.mark.parametrize("exercise", LIBRARY, ids=lambda e: e.id)
def test_every_consent_comes_before_the_first_gaze_or_reach(exercise: Exercise) -> None:
    timeline = plan(exercise)
    first_hold = min((c.start for c in timeline.cues if c.kind == "hold"), default=timeline.length)
    consent = next(p for p in timeline.parts if p.name == "consent")
    assert consent.end <= first_hold
    asked = [c.start for c in timeline.cues if c.kind == "decision" and c.part == "consent"]
    assert exercise.level < 2 or (asked and max(asked) < first_hold)


def test_a_length_out_of_reach_is_refused_with_the_lengths_that_are_not() -> None:
    exercise = LIBRARY.get("side-by-side")
    shortest, longest = length_bounds(exercise)
    with pytest.raises(ChoiceError, match=f"from {shortest} to {longest} seconds"):
        plan(exercise, longest + 60)
    with pytest.raises(ChoiceError, match="from 0 to 60 seconds"):
        plan(exercise, 210, 61)


def test_natural_length_is_the_sum_of_what_is_written() -> None:
    exercise = _one_line("Chair.")
    expected = LEAD_IN_S + 5 * 10 + slot_s("Chair.", exercise.voice.rate_wpm, exercise.voice.line_gap_s)
    assert natural_length_s(exercise) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("word", "count"),
    [("chair", 1), ("window", 2), ("kettle", 2), ("here", 1), ("ordinary", 4), ("the", 1), ("see", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(("words", "count"), [("Three breaths.", 3), ("For two slow breaths, look.", 2)])
@given(data=st.data())
def test_counted_breaths_get_their_time_at_every_length(words: str, count: int, data: st.DataObject) -> None:
    exercise = _one_line(words)
    timeline = planned(exercise, some_length(data, exercise))
    line = timeline.spoken()[0]
    quiet = sum(cue.end - cue.start for cue in timeline.cues if cue.kind == "rest" and cue.start >= line.end)
    until = next((cue.start for cue in timeline.spoken() if cue.start > line.end), timeline.length)
    assert min(quiet, until - line.end) >= samples(count * BREATH_S) - 24


def test_a_rest_stands_before_a_breath_in_another_rhythm() -> None:
    breaths = [{"breath": {"in": 4, "out": out, "cycles": 2}} for out in (4, 4, 6)]
    steps: list[dict[str, object]] = []
    for part in PARTS:
        steps += [{"part": part}, {"rest": 10}, *(breaths if part == "practice" else [])]
    exercise = _one_line("Chair.").model_dump(by_alias=True) | {"steps": steps, "lengths": (60, 110, 180)}
    cues = plan(Exercise.model_validate(exercise), natural_length_s(Exercise.model_validate(exercise))).cues
    kinds = [cue.kind for cue in cues if cue.part == "practice"]
    assert kinds == ["rest", "breath", "breath", "rest", "breath"]
