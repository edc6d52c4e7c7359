"""Kinds of harm: lines that each has to find and lines that it has to leave alone, and what a finding does.

The lines under examples/ were written before the patterns, one file a kind and language: `found` and `fine`.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import yaml

from exercises.errors import ScriptError
from exercises.library import load_library, load_script
from exercises.lint import lint_file
from exercises.lint.harm import harm
from exercises.lint.kinds import kinds, names
from exercises.lint.names import names as people
from exercises.lint.texts import said_in
from exercises.model import InLanguages, wordings
from server.rooms.core.protocol.sentences import GUIDE
from tests.support.scripts import FILE, LOOKING, QUIET, changed, fitted, line_with, problems_of, saying

EXAMPLES = Path(__file__).parent / "examples"
FILES = sorted(EXAMPLES.glob("*/*.yaml"))


def kinds_in(line: str, language: str) -> list[str]:
    return [remark.kind for remark in (*harm(line, language), *people(line, language))]


def read(path: Path) -> dict[str, list[str]]:
    return yaml.safe_load(path.read_text("utf-8"))


def named(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_there_are_enough_examples_of_a_kind(path: Path) -> None:
    lines = read(path)
    assert all(len(set(lines[key])) == len(lines[key]) >= 15 for key in ("found", "fine"))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_what_harms_is_found(path: Path) -> None:
    assert [line for line in read(path)["found"] if not kinds_in(line, path.parent.name)] == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_most_of_it_is_found_as_what_it_is(path: Path) -> None:
    lines = read(path)["found"]
    own = [line for line in lines if path.stem in kinds_in(line, path.parent.name)]
    assert len(own) >= 0.75 * len(lines)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_what_is_fine_is_left_alone(path: Path) -> None:
    language = path.parent.name
    assert {line: k for line in read(path)["fine"] if (k := kinds_in(line, language))} == {}


@pytest.mark.parametrize("language", names())
def test_each_kind_has_its_examples(language: str) -> None:
    written = {path.stem for path in EXAMPLES.glob(f"{language}/*.yaml")}
    assert set(names()[language]) - written == ({"alternatives"} if language == "en" else set())
    assert written <= set(names()[language])


@pytest.mark.parametrize("language", names())
def test_each_kind_says_what_it_does_and_what_to_write(language: str) -> None:
    for kind in kinds(language):
        for part in (kind.says, kind.instead):
            assert part
            assert not part.endswith(".")


def test_the_library_does_none_of_it() -> None:
    library = load_library()
    assert library.problems == ()
    scripts = [*library, *(each for found in library.translations.values() for each in found.values())]
    assert len(scripts) >= 36
    for exercise in scripts:
        for said in said_in(exercise):
            if said.where != "printed":
                assert kinds_in(said.words, exercise.language) == [], (exercise.id, said.words)


def test_what_rooms_say_does_none_of_it() -> None:
    for text in GUIDE.values():
        assert isinstance(text, InLanguages)
        for language, each in text.texts:
            for line in wordings(each):
                assert kinds_in(line, language) == [], line


@pytest.mark.parametrize(
    "written",
    [
        "CLOSE YOUR EYES NOW.", "close   your  eyes", "Close your e\u0301yes.", "Cl\u043ese your eyes.",
        "Clo*se* your eyes.", "ｃｌｏｓｅ your eyes.", "You´re not allowed to look away.", "Don`t look away.",
        "You’re not allowed to look away.", "Dont look away.", "You cannot stop now.",
    ],
)  # fmt: skip
def test_case_gaps_accents_and_letters_that_look_alike_hide_nothing(written: str) -> None:
    assert kinds_in(written, "en")


@pytest.mark.parametrize("written", ["Respiración profunda.", "respiracion profunda", "RESPIRACIÓN PROFUNDA"])
def test_accents_or_none(written: str) -> None:
    assert "breath" in kinds_in(written, "es")
    assert "breath" in kinds_in(unicodedata.normalize("NFD", written), "es")


def test_a_character_that_nobody_sees_is_refused() -> None:
    with pytest.raises(ScriptError, match="nobody can see the zero width space"):
        problems_of(saying("For\u200bgive your partner."))


@pytest.mark.parametrize(
    ("harmful", "fine"),
    [
        ("Close your eyes.", "You don't have to close your eyes."),
        ("Close your eyes.", "You can close your eyes, or leave them open."),
        ("Forgive each other.", "You don't have to forgive anyone."),
        ("Let go of your anger.", "Let go of the cup."),
        ("Take their hand.", "Nobody takes a hand in this one."),
        ("No answer means yes.", "No answer counts as a no."),
        ("You're safe here.", "Nobody can promise that you're safe."),
    ],
)
def test_what_negates_or_offers_is_fine(harmful: str, fine: str) -> None:
    assert kinds_in(harmful, "en")
    assert not kinds_in(fine, "en")


def test_a_negation_that_only_looks_like_one_takes_nothing_back() -> None:
    assert kinds_in("Don't be afraid to close your eyes.", "en")
    assert kinds_in("No tengas miedo de cerrar los ojos.", "es")


# ── what a finding does


HARMFUL = changed(QUIET, "Look round the room.", "Forgive each other.")


def test_a_finding_has_its_line_its_words_and_what_to_write() -> None:
    (problem,) = problems_of(fitted(HARMFUL))
    assert problem.severity == "harm"
    assert problem.line == line_with(fitted(HARMFUL), "Forgive each other.")
    assert problem.message.startswith('"forgive" demands forgiveness')
    assert "; ask for nothing more than noticing" in problem.message


def test_a_script_with_harm_is_not_loaded_and_the_others_are(tmp_path: Path) -> None:
    (tmp_path / "quiet.yaml").write_text(fitted(HARMFUL), "utf-8")
    (tmp_path / "looking.yaml").write_text(LOOKING, "utf-8")
    library = load_library(tmp_path)
    assert list(library.exercises) == ["looking"]
    assert [problem.severity for problem in library.problems] == ["harm"]
    with pytest.raises(ScriptError, match=r"quiet\.yaml:[0-9]+: harm: "):
        load_script(tmp_path / "quiet.yaml")


def test_a_clumsy_script_plays(tmp_path: Path) -> None:
    text = fitted(changed(QUIET, "Look round the room.", "Simply look round the room."))
    (tmp_path / "quiet.yaml").write_text(text, "utf-8")
    assert list(load_library(tmp_path).exercises) == ["quiet"]
    assert [problem.severity for problem in problems_of(text)] == ["clumsy"]


def test_a_word_that_is_allowed_once_is_told_of_the_second_time() -> None:
    once = changed(QUIET, "Look round the room.", "Let's look round the room.")
    twice = changed(once, "That's all of it.", "Let's stop. That's all of it.")
    assert problems_of(fitted(once)) == []
    (problem,) = problems_of(fitted(twice))
    assert problem.severity == "clumsy"
    assert problem.line == line_with(fitted(twice), "Let's stop.")


@pytest.mark.parametrize("where", ["title: Quiet", "aim: Sit for a minute.", '"Any time."', '"Any chair."'])
def test_what_is_printed_is_held_to_it_too(where: str) -> None:
    old = where.partition(": ")[2] or where.strip('"')
    (problem,) = problems_of(changed(QUIET, old, "Forgive each other."))
    assert problem.severity == "harm"


def test_answers_and_cues_are_held_to_it_too() -> None:
    for old in ("Floor, or sound", "Yes, one"):
        text = QUIET if old in QUIET else LOOKING
        assert [p.severity for p in problems_of(changed(text, old, "Forgive me"))] == ["harm"]


def test_a_look_that_nobody_was_asked_about_does_not_play(tmp_path: Path) -> None:
    asked = '  - choice:\n      ask: "Do you both want one glance?"\n      yes: "Yes, one"\n      no: "Not today"\n'
    path = tmp_path / "looking.yaml"
    path.write_text(fitted(changed(LOOKING, asked, "  - rest: 14\n")), "utf-8")
    with pytest.raises(ScriptError, match="nobody is asked before they look"):
        load_script(path)


def test_all_findings_come_in_one_round(tmp_path: Path) -> None:
    text = changed(HARMFUL, '      heavy: "You can stay as you are."\n', "")
    text = changed(text, "level: 0", "level: 9")
    text = changed(text, "Sit down, or stand.", "You must sit.")
    text = changed(text, "Any chair.", "A place where nobody can hurt you.")
    path = tmp_path / FILE
    path.write_text(text, "utf-8")
    exercise, problems = lint_file(path)
    assert exercise is None
    said = " ".join(problem.message for problem in problems)
    for part in (
        '"heavy" is missing',
        '"level" should be',
        '"must" is a word',
        '"forgive" demands',
        "nobody can promise",
    ):
        assert part in said
    assert problems == sorted(problems)
