"""From what somebody chose to what is made of it."""

from __future__ import annotations

from audio.recipe import Format, Recipe, Texture
from audio.recordings.voice_selection import Cast
from exercises.model import Exercise

from .choices import Choices


def recipe_for(exercise: Exercise, choices: Choices, kind: Format, cast: Cast | None = None) -> Recipe:
    """The recipe of one file of sound; `cast` is who is heard, the chosen voice alone if None."""
    cast = cast or Cast(choices.voice)
    return Recipe(
        exercise=exercise,
        length_s=choices.length,
        setting=choices.setting,
        voice=cast.voice,
        recorded=cast.recorded,
        texture=Texture(bell=choices.bell == "soft", bed=choices.bed),
        lead_in_s=choices.lead_in,
        kind=kind,
        pace=choices.pace,
        pitch=choices.pitch,
        words=choices.words,
        reading=choices.reading,
    )
