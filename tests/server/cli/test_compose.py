"""A script composed by its file's path: what may be a file becomes one, and what may not says why in one sentence."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from server.cli.main import main

SCRIPTS = Path(__file__).parents[3] / "exercises/scripts"


def script(folder: Path, original: str, *changes: tuple[str, str]) -> Path:
    """A copy of a script of the library under a name of its own, with changes."""
    text = (SCRIPTS / f"{original}.yaml").read_text("utf-8").replace(f"id: {original}", "id: my-own", 1)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "my-own.yaml"
    path.write_text(text, "utf-8")
    return path


def refusal(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The only line that composing a file says; no sound comes of it."""
    out = path.with_suffix(".wav")
    assert main(["compose", str(path), "--out", str(out), "--data", str(path.parent / "data")]) == 1
    assert not out.exists()
    return capsys.readouterr().err.strip()


def test_a_script_outside_of_the_library_is_composed_by_its_path(tmp_path: Path) -> None:
    path, out = script(tmp_path, "doorway"), tmp_path / "my-own.wav"
    arguments = ["--length", "66", "--voice", "neutral", "--out", str(out), "--data", str(tmp_path / "data")]
    assert main(["compose", str(path), *arguments]) == 0
    with wave.open(str(out)) as sound:
        assert sound.getnframes() == 66 * sound.getframerate()


def test_a_file_with_a_typo_names_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = script(tmp_path, "doorway", ("- rest:", "- rset:"))
    line = path.read_text("utf-8").split("- rset:")[0].count("\n") + 1
    said = refusal(path, capsys)
    assert f"my-own.yaml:{line}:" in said
    assert 'did you mean "rest"?' in said


def test_a_file_with_a_harmful_line_is_not_composed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = script(tmp_path, "doorway", ("- rest:", '- say: "You have to forgive them tonight."\n  - rest:'))
    line = path.read_text("utf-8").split("You have to forgive")[0].count("\n") + 1
    assert f"my-own.yaml:{line}:" in refusal(path, capsys)


def test_a_piece_that_asks_both_as_it_goes_is_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = next(
        path.stem for path in sorted(SCRIPTS.glob("*.yaml")) if "level: 2" in path.read_text("utf-8")
    )
    assert "a file cannot ask" in refusal(script(tmp_path, asking), capsys)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refusal(tmp_path / "nothing.yaml", capsys)
    assert len(said.splitlines()) == 1
    assert "nothing.yaml" in said
