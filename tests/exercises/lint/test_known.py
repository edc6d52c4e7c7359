"""The list of scripts that were looked at: in step with scripts and rules, and no way around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from exercises.errors import ScriptError
from exercises.library import load_script
from exercises.lint import known
from exercises.lint.known import LIST, SCRIPTS, digest_of, is_known, listed
from tests.support.scripts import QUIET, changed, fitted


def test_the_list_is_in_step() -> None:
    assert LIST.read_text("utf-8") == listed(), "run `python -m exercises.lint.known`"


def test_a_changed_script_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "quiet.yaml"
    path.write_text(fitted(changed(QUIET, "Look round the room.", "Forgive each other.")), "utf-8")
    with pytest.raises(ScriptError, match="harm"):
        load_script(path)


def test_other_rules_make_the_list_count_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "known.txt"
    own.write_text(f"{'0' * 64}\n{digest_of(QUIET)}\n", "utf-8")
    monkeypatch.setattr(known, "LIST", own)
    known._known.cache_clear()
    assert not is_known(QUIET)
    known._known.cache_clear()


def test_a_translation_is_known_beside_its_own_original_alone() -> None:
    doorway, dishes = (SCRIPTS / f"{name}.yaml" for name in ("doorway", "dishes"))
    spanish = (SCRIPTS / "es" / "doorway.yaml").read_text("utf-8")
    assert is_known(doorway.read_text("utf-8"), spanish)
    assert not is_known(dishes.read_text("utf-8"), spanish)
    assert not is_known(doorway.read_text("utf-8") + "# changed\n", spanish)
