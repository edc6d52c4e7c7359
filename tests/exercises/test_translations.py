"""Scripts in other languages: the same steps in other words, checked, planned alone and together."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.errors import Problem
from exercises.languages import BASE, LANGUAGES
from exercises.library import SCRIPTS, Library, load_library
from exercises.lint import lint_file
from exercises.loading.loader import parse_source
from exercises.loading.playable import load_script
from exercises.model import STATES, TURNS, Exercise, Listener, words_for
from exercises.timeline import SAMPLE_RATE, estimate_s, length_bounds, plan

LIBRARY = load_library()
PAIRS = [(LIBRARY.get(t.id), t) for language in LIBRARY.translations.values() for t in language.values()]
pairs = pytest.mark.parametrize(("original", "translation"), PAIRS, ids=lambda e: f"{e.language}-{e.id}")


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != BASE])
def test_every_exercise_is_there_in_every_language(language: str) -> None:
    assert [e.id for e in LIBRARY.in_language(language) if e.language != language] == []
    assert LIBRARY.problems == ()


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*/*.yaml")), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_translation_keeps_the_rules_of_its_language(path: Path) -> None:
    assert lint_file(path)[1] == []


@pairs
def test_no_wording_was_left_untranslated(original: Exercise, translation: Exercise) -> None:
    ours, theirs = (_texts(exercise) for exercise in (original, translation))
    assert len(ours) == len(theirs)
    assert [a for a, b in zip(ours, theirs, strict=True) if a == b and " " in a] == []


def _texts(exercise: Exercise) -> list[str]:
    """Every wording and sentence of an exercise, in order."""
    found: list[str] = []

    def walk(value: object, key: str = "") -> None:
        if isinstance(value, dict):
            for name, each in value.items():
                walk(each, name)
        elif isinstance(value, list):
            for each in value:
                walk(each, key)
        elif isinstance(value, str) and key not in ("id", "language", "family", "part", "bell"):
            found.append(value)

    walk(exercise.model_dump(mode="json"))
    return found


@pairs
@given(st.data())
def test_one_timeline_serves_both(original: Exercise, translation: Exercise, data: st.DataObject) -> None:
    shortest, longest = length_bounds(original, translation)
    length = data.draw(st.integers(shortest, longest))
    both = plan(original, length, translations=(translation,))
    assert both.length == length * SAMPLE_RATE
    assert both.languages == (original.language, translation.language)
    for cue in both.spoken():
        assert cue.text is not None
        for listener in _listeners(both.languages):
            line = words_for(cue.text, listener)
            takes = estimate_s(line, both.rate_wpm, both.line_gap_s, listener.language)
            assert cue.kind == "word" or (cue.end - cue.start) / SAMPLE_RATE > takes


def _listeners(languages: tuple[str, ...]) -> list[Listener]:
    return [Listener(turn, state, code) for turn in TURNS for state in STATES for code in languages]


@pairs
def test_each_hears_only_its_own_language(original: Exercise, translation: Exercise) -> None:
    both = plan(original, translations=(translation,))
    alone = {e.language: plan(e, e.lengths[2]) for e in (original, translation)}
    for language, own in alone.items():
        listener = Listener(language=language)
        assert [words_for(cue.text, listener) for cue in both.spoken() if cue.text is not None] == [
            words_for(cue.text, listener) for cue in own.spoken() if cue.text is not None
        ]


@pairs
def test_every_offered_length_can_be_shared(original: Exercise, translation: Exercise) -> None:
    for length in original.lengths:
        assert plan(original, length, translations=(translation,)).length == length * SAMPLE_RATE


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with one exercise and its translation."""
    (tmp_path / "es").mkdir()
    for name in ("side-by-side.yaml", "es/side-by-side.yaml"):
        shutil.copy(SCRIPTS / name, tmp_path / name)
    return tmp_path


def test_an_exercise_comes_in_its_first_language_where_it_is_not_translated(shelf: Path) -> None:
    shutil.copy(SCRIPTS / "dishes.yaml", shelf / "dishes.yaml")
    library = load_library(shelf)
    assert library.get("dishes", "es").language == BASE
    assert library.get("side-by-side", "es").language == "es"
    assert library.translations_of("dishes") == ()


def changed(shelf: Path, old: str, new: str) -> tuple[Library, list[Problem]]:
    """The library after a change to the translation, and what it says of it."""
    path = shelf / "es" / "side-by-side.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    library = load_library(shelf)
    return library, list(library.problems)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("language: es\n", "", 1, "this lies in the folder of \"es\"; write `language: es`"),
        ("language: es", "language: xx", 2, '"xx" is no language here; write one of: en, es'),
        ("id: side-by-side", "id: far-away", 1, 'there is no exercise "far-away" to translate'),
        ("level: 0", "level: 1", 5, '"level" differs from the en script; write the same there'),
        ("  - rest: 16\n", "  - rest: 15\n", 50, "is not that of the en script"),
        ("  - bell: soft\n", "", 0, "is not that of the en script"),
    ],
)  # fmt: skip
def test_what_is_no_translation_is_left_out_and_says_where(
    shelf: Path, old: str, new: str, line: int, says: str
) -> None:
    library, problems = changed(shelf, old, new)
    assert len(problems) == 1, problems
    assert says in problems[0].message
    assert "es/side-by-side.yaml" in problems[0].file
    assert line in (0, problems[0].line)
    assert library.get("side-by-side", "es").language == BASE, "the original still plays"


def test_the_check_of_a_file_compares_it_with_its_original(shelf: Path) -> None:
    path = shelf / "es" / "side-by-side.yaml"
    assert lint_file(path)[1] == []
    path.write_text(path.read_text().replace("  - rest: 16\n", "  - rest: 15\n", 1))
    assert ["is not that of the en script" in p.message for p in lint_file(path)[1]] == [True]
    (shelf / "side-by-side.yaml").write_text("- nothing\n")
    assert lint_file(path)[1] == [], "what is wrong with the original is told of the original"


def test_the_check_of_a_file_tells_of_a_length_that_both_languages_together_cannot_have(shelf: Path) -> None:
    first, other = shelf / "side-by-side.yaml", shelf / "es" / "side-by-side.yaml"
    long = {first: "Let your eyes move slowly over all that there is in the room around you.",
            other: "Dejen que los ojos recorran despacio todo lo que hay en este cuarto."}  # fmt: skip
    # each is long where the other is short, so that together they need more time than either
    for path, at in ((first, 0), (other, -1)):
        said = [line for line in path.read_text().splitlines() if line.startswith("  - say: ")]
        path.write_text(path.read_text().replace(said[at], f'  - say: "{long[path]} {long[path]}"', 1))
    alone = [
        exercise for path in (first, other) if (exercise := parse_source(path.read_text(), str(path))[0])
    ]
    least = max(length_bounds(exercise)[0] for exercise in alone)
    assert length_bounds(*alone)[0] > least
    for path, exercise in zip((first, other), alone, strict=True):
        lengths = f"lengths: [{least}, {exercise.lengths[1]}, {exercise.lengths[2]}]"
        path.write_text(re.sub(r"(?m)^lengths: .*$", lengths, path.read_text(), count=1))
        load_script(path)
    told = [problem.message for problem in lint_file(other)[1]]
    assert any(f"a length of {least} s would stretch or squeeze" in message for message in told)


def test_a_step_too_few_is_told(shelf: Path) -> None:
    path = shelf / "es" / "side-by-side.yaml"
    whole = path.read_text()
    assert whole.endswith("  - bell: soft\n  - rest: 6\n")
    path.write_text(whole.removesuffix("  - rest: 6\n"))
    [problem] = load_library(shelf).problems
    assert "steps, and" in problem.message
    assert problem.message.startswith("there are ")


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_a_language_is_whole(language: object) -> None:
    english = LANGUAGES[BASE]
    assert set(vars(language)) == set(vars(english))
    assert all(vars(language)[name] for name in vars(english) if name != "silent_e")
    assert list(vars(language)["parts"]) == list(english.parts)
    assert list(vars(language)["seats"]) == list(english.seats)
