"""The folders that scripts lie in: those that a service came with, and those that were written here."""

from __future__ import annotations

from pathlib import Path

OWN = "scripts"
"""The folder of the data folder with the scripts that were written here."""


def script_folders(scripts: Path, data: Path) -> tuple[Path, ...]:
    """Both folders, in the order in which a later one takes the place of an earlier."""
    return scripts, data / OWN
