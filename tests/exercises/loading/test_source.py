"""A script's text as values: what nobody sees is told with its line, and every string is one line."""

from __future__ import annotations

import pytest

from exercises.errors import ScriptError
from exercises.library import parse_script
from exercises.loading.source import read_source
from exercises.model import SayStep
from tests.support.scripts import FILE, QUIET, changed, line_with, saying


def refused(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ScriptError) as error:
        parse_script(text, FILE)
    return [(problem.line, problem.message) for problem in error.value.problems]


def message(name: str, place: str) -> str:
    return f"nobody can see the {name} {place}, and voices read it aloud or stumble; delete it"


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u200b", "zero width space (U+200B)"),
        ("\ufeff", "zero width no-break space (U+FEFF)"),
        ("\u202e", "right-to-left override (U+202E)"),
        ("\x07", "control character (U+0007)"),
        ("\x00", "control character (U+0000)"),
        ("\ue123", "private-use character (U+E123)"),
        ("\\u200b", "zero width space (U+200B)"),
        ("\\0", "control character (U+0000)"),
    ],
)
@pytest.mark.parametrize(
    "words",
    ["Look round", "Floor, or sound", "Any time", "A held", "R0"],
    ids=["say", "cue", "head", "list", "notes"],
)
def test_what_nobody_sees_is_refused_in_any_field(character: str, name: str, words: str) -> None:
    text = changed(changed(QUIET, "B0", "R0"), words, f"{words}{character}")
    assert refused(text) == [(line_with(text, f"{words}{character}"), message(name, f'after "{words}"'))]


def test_all_of_them_are_told_at_once_with_what_else_is_wrong() -> None:
    text = changed(changed(saying("Lo\u200bok."), "Find the", "Fi\u200dnd the"), "level: 0", "level: 9")
    assert [line for line, _ in refused(text)] == [
        line_with(text, "level:"), line_with(text, "Fi\u200dnd"), line_with(text, "Lo\u200bok"),
    ]  # fmt: skip


def test_a_mark_at_the_very_start_of_a_file_is_an_editors() -> None:
    assert parse_script("\ufeff" + QUIET, FILE) == parse_script(QUIET, FILE)


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_ends_of_lines_count_the_same(ending: str) -> None:
    text = changed(QUIET, "Look round", "Lo\u200bok round")
    assert refused(text.replace("\n", ending)) == refused(text)


def test_letters_are_composed_before_anything_reads_them() -> None:
    read = parse_script(saying("Man\u0303ana, perdo\u0301n."), FILE)
    assert read == parse_script(saying("Mañana, perdón."), FILE)


def test_line_breaks_in_a_text_are_spaces() -> None:
    for block in (
        "|\n      Look round.\n\n      Then rest.\n",
        ">-\n      Look round.\n\n      Then rest.\n",
    ):
        text = changed(QUIET, '"Look round the room."\n', block)
        said = [step.say for step in parse_script(text, FILE).steps if isinstance(step, SayStep)]
        assert "Look round. Then rest." in said


def test_what_no_editor_counts_as_a_line_does_not_move_the_others() -> None:
    source = read_source(FILE, 'a: "x\u2028y"\nb: z\n')
    assert source.value == {"a": "x y", "b": "z"}
    assert source.line_of(("b",)) == 2


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000", "\u202f"])
def test_a_space_of_another_kind_indents_like_any(space: str) -> None:
    assert read_source("x.yaml", f"a:\n{space * 2}b: 1\n{space * 2}c:{space}2\n").value == {
        "a": {"b": 1, "c": 2}
    }
