"""`make run` on a system for which the natural voice has no package: everything else is installed all the same."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NATURAL = ("hibari-tts", "onnxruntime")

# stands in for the python of the new environment: writes down what is to be installed, and refuses a list that names
# what has no package here
_PYTHON = """#!/bin/sh
case "$*" in
  *"-m pip"*)
    for list; do :; done
    echo "$list" >> {log}
    if {refuses} && grep -qE '^(hibari-tts|onnxruntime)' "$list"; then exit 1; fi
    cp "$list" {folder}/installed.txt;;
  *) exec {python} "$@";;
esac
"""


def made(folder: Path, refuses: bool) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """The output of `make` when it installed into `folder`, and the lines of requirements that it came to."""
    python = folder / "bin" / "python"
    python.parent.mkdir()
    python.write_text(
        _PYTHON.format(
            log=folder / "log", folder=folder, python=sys.executable, refuses="true" if refuses else "false"
        )
    )
    python.chmod(0o755)
    done = subprocess.run(
        ["make", f"VENV={folder}", f"PYTHON={sys.executable}", f"{folder}/run.done"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    return done, (folder / "installed.txt").read_text().splitlines()


pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not here")


def test_with_the_package_everything_is_installed(tmp_path: Path) -> None:
    done, installed = made(tmp_path, refuses=False)
    assert done.returncode == 0, done.stderr
    assert installed == (ROOT / "requirements.txt").read_text().splitlines()


def test_without_it_all_the_rest_is(tmp_path: Path) -> None:
    done, installed = made(tmp_path, refuses=True)
    assert done.returncode == 0, done.stderr
    wanted = (ROOT / "requirements.txt").read_text().splitlines()
    assert installed == [line for line in wanted if not line.startswith(NATURAL)]
    assert (tmp_path / "run.done").exists()
