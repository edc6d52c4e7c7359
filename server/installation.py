"""Location of this installation, a checkout or an installed package, and what follows from that."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

from platformdirs import user_data_path

NAME = "still-here"
ROOT = Path(__file__).parents[1]
"""The folder that holds our packages, with the pages beside them."""
WEB = ROOT / "web"
_PROJECT = ROOT / "pyproject.toml"


def is_checkout() -> bool:
    """Tell whether the packages lie in a checkout of the project."""
    return _PROJECT.is_file()


def default_data() -> Path:
    """The folder that keeps what the service keeps: `data` here for a checkout, else the user's own."""
    return Path("data") if is_checkout() else user_data_path(NAME, appauthor=False)


def version() -> str:
    """The version of what runs here."""
    if is_checkout():
        found = re.search(r'^version = "([^"]+)"', _PROJECT.read_text("utf-8"), re.MULTILINE)
        return found.group(1) if found else "unknown"
    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "unknown"


def command() -> str:
    """The words that start a command here, as whoever typed one knows them."""
    typed = Path(sys.argv[0]).stem
    return NAME if typed == NAME else "python -m server"
