"""The folders that scripts lie in: those that a service came with, and those that were written here."""

from __future__ import annotations

from pathlib import Path

from audio.data_folder import DataFolder


def script_folders(scripts: Path, data: Path) -> tuple[Path, ...]:
    """Both folders, in the order in which a later one takes the place of an earlier."""
    return scripts, DataFolder(data).scripts
