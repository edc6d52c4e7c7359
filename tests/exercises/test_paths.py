"""Paths: every exercise that they name is there, and no week climbs more than one rung."""

from __future__ import annotations

import pathlib

import pytest

from exercises.errors import ScriptError
from exercises.languages import LANGUAGES
from exercises.library import load_library
from exercises.lint.wording import banned_words
from exercises.paths import FOLDER, Path, load_paths
from exercises.text import sentences

LIBRARY = load_library()
LANGUAGES_WITH_PATHS = sorted(file.stem for file in FOLDER.glob("*.yaml"))
PATHS = [(code, path) for code in LANGUAGES_WITH_PATHS for path in load_paths(code)]
each = pytest.mark.parametrize(("language", "path"), PATHS, ids=[f"{code}-{path.id}" for code, path in PATHS])


def test_there_are_four_in_each_language() -> None:
    assert "en" in LANGUAGES_WITH_PATHS
    assert set(LANGUAGES_WITH_PATHS) <= set(LANGUAGES)
    for language in LANGUAGES_WITH_PATHS:
        assert [path.id for path in load_paths(language)] == [
            "first-weeks", "when-looking-is-hard", "when-touch-is-far-away", "between-sessions",
        ]  # fmt: skip


@each
def test_each_exercise_is_there_and_none_of_them_twice_in_a_week(language: str, path: Path) -> None:
    for week in path.weeks:
        assert [name for name in week.exercises if name not in LIBRARY.exercises] == []
        assert len(set(week.exercises)) == len(week.exercises)


@each
def test_levels_rise_by_one_rung_a_week_at_most(language: str, path: Path) -> None:
    highest = 0
    for week in path.weeks:
        level = max(LIBRARY.get(name).level for name in week.exercises)
        assert level <= highest + 1
        highest = max(highest, level)


@each
def test_nothing_on_a_path_needs_a_therapist_in_the_room(language: str, path: Path) -> None:
    names = {name for week in path.weeks for name in week.exercises}
    assert [name for name in names if LIBRARY.get(name).first_with_therapist] == []


@each
def test_the_reasons_are_two_sentences_and_keep_to_the_guide(language: str, path: Path) -> None:
    for words in (path.about, *(week.why for week in path.weeks)):
        assert len(sentences(words, language)) == 2, words
        assert [remark.message for remark in banned_words(words, language)] == []


@pytest.mark.parametrize("language", sorted(set(LANGUAGES_WITH_PATHS) - {"en"}))
def test_other_languages_hold_the_same_weeks(language: str) -> None:
    ours, theirs = load_paths("en"), load_paths(language)
    assert [[week.exercises for week in path.weeks] for path in ours] == [
        [week.exercises for week in path.weeks] for path in theirs
    ]


def test_a_language_without_a_file_has_them_in_english(tmp_path: pathlib.Path) -> None:
    (tmp_path / "en.yaml").write_text((FOLDER / "en.yaml").read_text("utf-8"), "utf-8")
    assert load_paths("es", tmp_path) == load_paths("en")


def test_a_file_that_cannot_be_used_says_where(tmp_path: pathlib.Path) -> None:
    text = (FOLDER / "en.yaml").read_text("utf-8")
    (tmp_path / "en.yaml").write_text(text.replace("why:", "because:", 1), "utf-8")
    with pytest.raises(ScriptError) as caught:
        load_paths("en", tmp_path)
    assert "0.weeks.0.why" in str(caught.value)


@pytest.mark.parametrize(("wrong", "told"), [("week\u200bs", "zero width space"), ("weeeks", "weeeks")])
def test_what_is_wrong_in_a_file_is_told_with_its_line(tmp_path: pathlib.Path, wrong: str, told: str) -> None:
    text = (FOLDER / "en.yaml").read_text("utf-8")
    line = text[: text.index("weeks:")].count("\n") + 1
    (tmp_path / "en.yaml").write_text(text.replace("weeks:", f"{wrong}:", 1), "utf-8")
    with pytest.raises(ScriptError) as error:
        load_paths("en", tmp_path)
    assert any(told in problem.message and problem.line == line for problem in error.value.problems)
