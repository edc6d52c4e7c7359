"""The natural voices of the catalogue as seen from this system: what one lacks here, and which is worth installing."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from audio.speech.engines import Voice
from audio.speech.installation.catalog import PIPER, NaturalVoice, catalogue

NEEDS_PIPER = (
    "This voice needs a few packages that are not here. Whoever runs this service types make natural in the "
    "project, or installs still-here[natural], and starts it again."
)
NO_PACKAGE = "There is no package for this system that could run this voice."


def lacks(voice: NaturalVoice) -> str:
    """A sentence on what a voice wants of this system that is not there; empty where nothing is missing."""
    if importlib.import_module(voice.engine_module).is_there():
        return ""
    return NEEDS_PIPER if voice.engine == PIPER else NO_PACKAGE


def is_natural(voice: Voice) -> bool:
    """Tell whether it was made from people's sound and not from rules: the catalogue's engines have no others."""
    return voice.engine in {listed.engine_module for listed in catalogue()}


def worth_installing(language: str, voices: Sequence[Voice]) -> NaturalVoice | None:
    """The first of the catalogue that would be the first natural voice of a language here; None if it has one."""
    if any(is_natural(voice) and voice.speaks(language) for voice in voices):
        return None
    return next((voice for voice in catalogue() if voice.speaks(language) and not lacks(voice)), None)


def megabytes(size: int) -> str:
    """Bytes as people read them."""
    return f"{round(size / 1e6)} MB"
