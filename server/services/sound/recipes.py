"""Recipes: from what somebody chose to what is made of it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from audio.recipe import Format, Recipe, Texture, own_words_of
from audio.recordings.voice_selection import RECORDED, SelectedVoice, VoiceSelector
from audio.speech.pronunciation.lexicon import Entry
from exercises.model import Exercise
from exercises.recordable import heard_lines
from exercises.timeline import Timeline, plan
from exercises.timeline.fewer_words import HowMany, with_words

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


def keyed(exercise: Exercise, choices: Choices, kind: Format, selector: VoiceSelector) -> tuple[Recipe, str]:
    """The recipe of one file of sound, with whoever is heard in it now, and its key."""
    choices = as_read(exercise, choices, selector)
    # takes of wordings that this file has not change nothing of it
    lines = heard_lines(timeline_for(exercise, choices)) if choices.voice == RECORDED else ()
    selected = selector.select(choices.voice, lines, exercise.language)
    return _keyed(exercise, choices, kind, selected, own_words_of(exercise))


@lru_cache(maxsize=256)
def _keyed(
    exercise: Exercise, choices: Choices, kind: Format, selected: SelectedVoice, own_words: tuple[Entry, ...]
) -> tuple[Recipe, str]:
    # `own_words` are looked up by the key itself; here they tell when that has become another
    recipe = recipe_for(exercise, choices, kind, selected)
    return recipe, recipe.key()


@lru_cache(maxsize=256)
def _planned(
    exercise: Exercise, length: int, lead_in: int, pace: int, words: HowMany, reading: int
) -> Timeline:
    return with_words(plan(exercise, length, lead_in, pace, reading=reading), words)


def as_read(exercise: Exercise, choices: Choices, selector: VoiceSelector) -> Choices:
    """The choices in the reading that is heard: the recorded voice has what was read."""
    reading = selector.reading(choices.voice, exercise, choices.reading)
    return choices if reading == choices.reading else replace(choices, reading=reading)


def timeline_for(exercise: Exercise, choices: Choices) -> Timeline:
    """The timeline of choices that name the reading that is heard; the last ones are remembered."""
    return _planned(exercise, choices.length, choices.lead_in, choices.pace, choices.words, choices.reading)
