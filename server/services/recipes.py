"""From what somebody chose to what is made of it."""

from __future__ import annotations

from audio.recipe import Format, Recipe, Texture
from audio.recordings.voice_selection import SelectedVoice
from exercises.model import Exercise

from .choices import Choices


def recipe_for(
    exercise: Exercise, choices: Choices, kind: Format, selected: SelectedVoice | None = None
) -> Recipe:
    """The recipe of one file of sound; `selected` is who is heard, the chosen voice alone if None."""
    selected = selected or SelectedVoice(choices.voice)
    return Recipe(
        exercise=exercise,
        length_s=choices.length,
        setting=choices.setting,
        voice=selected.voice,
        recorded=selected.recorded,
        texture=Texture(bell=choices.bell == "soft", bed=choices.bed),
        lead_in_s=choices.lead_in,
        kind=kind,
        pace=choices.pace,
        pitch=choices.pitch,
        words=choices.words,
        reading=choices.reading,
    )
