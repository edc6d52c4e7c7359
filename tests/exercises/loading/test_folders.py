"""The library of folders that change: the last good version stays, and a later folder takes the place of an earlier."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from exercises.library import Library, ScriptFolders
from tests.support.scripts import LOOKING, QUIET, changed

TOO_MUCH = changed(QUIET, "id: quiet", "id: too-much-for-now")
IN_SPANISH = changed(QUIET, "id: quiet\n", "id: quiet\nlanguage: es\n")


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    put(folder / "quiet.yaml", QUIET)
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "data" / "scripts"


def put(path: Path, text: str) -> None:
    """Write a file as another inode, so that it counts as changed however quickly it follows another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, "utf-8")
    os.replace(part, path)


def titles(library: Library) -> dict[str, str]:
    return {exercise.id: exercise.title for exercise in library}


def faults(library: Library) -> list[str]:
    return [Path(problem.file).name for problem in library.problems]


def test_what_has_not_changed_is_neither_read_nor_made_again(shipped: Path) -> None:
    folders = ScriptFolders(shipped)
    first = folders.read()
    assert not folders.has_changed()
    put(shipped / "looking.yaml", LOOKING)
    assert folders.has_changed()
    assert folders.read().exercises["quiet"] is first.exercises["quiet"]


def test_a_file_that_comes_changes_and_goes_is_followed(shipped: Path) -> None:
    folders = ScriptFolders(shipped)
    folders.read()
    put(shipped / "quiet.yaml", changed(QUIET, "title: Quiet", "title: Quieter"))
    assert titles(folders.read()) == {"quiet": "Quieter"}
    (shipped / "quiet.yaml").unlink()
    assert folders.has_changed()
    assert titles(folders.read()) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        "id: quiet\n  title: [",
        changed(QUIET, "Look round the room.", "Close your eyes and keep them closed."),
        changed(QUIET, "  - part: close\n", ""),
        "x" * 70_000,
        "",
    ],
)
def test_a_wrong_file_leaves_the_last_good_version_and_is_told(shipped: Path, wrong: str) -> None:
    folders = ScriptFolders(shipped)
    good = folders.read().exercises["quiet"]
    put(shipped / "quiet.yaml", wrong)
    library = folders.read()
    assert library.exercises["quiet"] is good
    assert set(faults(library)) == {"quiet.yaml"}
    put(shipped / "quiet.yaml", changed(QUIET, "title: Quiet", "title: Mended"))
    assert (titles(folders.read()), faults(folders.read())) == ({"quiet": "Mended"}, [])


def test_a_wrong_file_that_never_was_good_is_left_out(shipped: Path) -> None:
    put(shipped / "quiet.yaml", "title: nothing else")
    library = ScriptFolders(shipped).read()
    assert titles(library) == {}
    assert set(faults(library)) == {"quiet.yaml"}


def test_an_own_script_takes_the_place_of_one_with_its_id_and_gives_it_back(shipped: Path, own: Path) -> None:
    folders = ScriptFolders(shipped, own)
    assert folders.read().own == frozenset()
    put(own / "quiet.yaml", changed(QUIET, "title: Quiet", "title: Our quiet"))
    library = folders.read()
    assert (titles(library), library.own, library.problems) == ({"quiet": "Our quiet"}, {"quiet"}, ())
    (own / "quiet.yaml").unlink()
    assert titles(folders.read()) == {"quiet": "Quiet"}


def test_where_too_much_leads_is_not_replaced(shipped: Path, own: Path) -> None:
    put(shipped / "too-much-for-now.yaml", TOO_MUCH)
    put(own / "too-much-for-now.yaml", changed(TOO_MUCH, "title: Quiet", "title: Another"))
    library = ScriptFolders(shipped, own).read()
    assert library.exercises["too-much-for-now"].title == "Quiet"
    assert "stays as it is" in library.problems[0].message


def test_a_translation_follows_its_original_and_falls_back_to_what_fits(shipped: Path) -> None:
    folders = ScriptFolders(shipped)
    put(shipped / "es" / "quiet.yaml", IN_SPANISH)
    assert "quiet" in folders.read().translations["es"]
    put(shipped / "es" / "quiet.yaml", changed(IN_SPANISH, "  - rest: 10\n", "  - rest: 11\n"))
    library = folders.read()
    assert library.translations["es"]["quiet"].steps[10].rest == 10  # type: ignore[union-attr]
    assert faults(library) == ["quiet.yaml"]
    put(shipped / "quiet.yaml", changed(QUIET, "  - rest: 10\n", "  - rest: 11\n"))
    library = folders.read()
    assert library.translations["es"]["quiet"].steps[10].rest == 11  # type: ignore[union-attr]
    assert library.problems == ()


def test_the_shipped_translation_of_a_replaced_script_is_used_where_it_fits_and_no_fault(
    shipped: Path, own: Path
) -> None:
    put(shipped / "es" / "quiet.yaml", IN_SPANISH)
    put(own / "quiet.yaml", changed(QUIET, "title: Quiet", "title: Our quiet"))
    folders = ScriptFolders(shipped, own)
    assert "quiet" in folders.read().translations["es"]
    put(own / "quiet.yaml", changed(QUIET, "  - rest: 10\n", "  - rest: 11\n"))
    library = folders.read()
    assert (library.translations["es"], library.problems) == ({}, ())


def test_what_editors_leave_beside_a_script_is_no_script(shipped: Path) -> None:
    (shipped / ".#quiet.yaml").symlink_to("nobody@nowhere")
    (shipped / "gone.yaml").symlink_to("nowhere.yaml")
    (shipped / "quiet.yaml~").write_text("half", "utf-8")
    os.mkfifo(shipped / "pipe.yaml")
    library = ScriptFolders(shipped).read()
    assert titles(library) == {"quiet": "Quiet"}
    assert faults(library) == ["pipe.yaml"]


def test_a_folder_that_goes_away_for_a_moment_silences_nothing(shipped: Path, tmp_path: Path) -> None:
    folders = ScriptFolders(shipped)
    folders.read()
    shipped.rename(tmp_path / "elsewhere")
    assert titles(folders.read()) == {"quiet": "Quiet"}


def test_one_folder_given_twice_is_read_once(shipped: Path) -> None:
    library = ScriptFolders(shipped, shipped).read()
    assert (titles(library), library.own, library.problems) == ({"quiet": "Quiet"}, frozenset(), ())
