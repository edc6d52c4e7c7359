"""Which voice is heard in a language unless another is chosen, and why: for the command line and the page of voices."""

from __future__ import annotations

from collections.abc import Sequence

from audio.speech.engines import DEFAULT_LANGUAGE, Voice, hibari

from .natural_voices import is_natural, worth_installing

CHOSEN = "The setting STILL_HERE_VOICE names it."
NATURAL = "It sounds like a person."
INSTALL = "A natural voice takes its place once it is installed."
NONE = "There is no natural voice for this language that runs here."


def default_of(voices: Sequence[Voice], language: str) -> Voice:
    """The voice that speaks a language; the first of all where none can."""
    return next((voice for voice in voices if voice.speaks(language)), voices[0])


def reasons(voices: Sequence[Voice], language: str, named: str = "") -> tuple[str, ...]:
    """The reasons for the default of a language: a sentence or two.

    `named` is the id that a setting names. What keeps the natural voice of the service from speaking is told as well.
    """
    voice = default_of(voices, language)
    if voice.id == named:
        return (CHOSEN,)
    if is_natural(voice):
        return (NATURAL,)
    lacking = hibari.lacks() if language == DEFAULT_LANGUAGE else ""
    return tuple(filter(None, (lacking, INSTALL if worth_installing(language, voices) else NONE)))
