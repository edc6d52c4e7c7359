"""Sound that is made before anybody asks: sentences by which a voice is chosen, and a usual exercise of a slow one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audio.recipe import Recipe
from audio.speech.engines import Voice
from audio.studio.requests import SpeechRequest
from exercises.languages import LANGUAGES
from exercises.library import Library
from exercises.model import Exercise
from server.context import StillHere
from server.i18n.catalog import translate

from .choices import fields, parse, speaking_of
from .recipes import recipe_for

SENTENCE = "You are in this room. That is enough."
NOT_TODAY = "Not today, then. That’s a good answer."
SAYABLE = {"preview": SENTENCE, "not-today": NOT_TODAY}
"""The sentences that a page can have said besides an exercise."""
GAP_S = 0.6
HEARD = ("voice", "pace", "pitch")
"""The fields of a form that can be heard in one sentence."""


def preview_of(voice: Voice, pace: int, pitch: int, sentence: str = SENTENCE) -> SpeechRequest:
    """The sentence in a voice's own language, at a pace (words a minute) and a pitch (semitones)."""
    language = voice.language.split("-")[0]
    words = translate(sentence, language) if language in LANGUAGES else sentence
    return SpeechRequest(words, voice.id, float(pace), GAP_S, pitch)


def make_ahead(site: StillHere) -> None:
    """Have the studio make what can be asked for first, where that is wished."""
    if site.settings.previews_ahead:
        site.studio.ahead(first_choices(site.library, site.voices), usual_recipes(site.library, site.voices))


def first_choices(library: Library, voices: Sequence[Voice]) -> list[SpeechRequest]:
    """Every preview that is one choice away from an exercise as it is, voice by voice, the default's first."""
    known = {voice.id: voice for voice in voices}
    places = list(known)
    asked = {
        (places.index(voice), int(pace), int(pitch))
        for language in LANGUAGES
        for exercise in library.in_language(language)
        for voice, pace, pitch in _one_away(exercise, voices)
    }
    return [preview_of(known[places[place]], pace, pitch) for place, pace, pitch in sorted(asked)]


def usual_recipes(library: Library, voices: Sequence[Voice]) -> list[Recipe]:
    """The first exercise of each language whose default voice is slow, as it is when nothing is chosen."""
    found, slow = [], {voice.id for voice in voices if voice.slow}
    for language in LANGUAGES:
        usual = next((one for one in library.in_language(language) if not one.first_with_therapist), None)
        if usual and speaking_of(voices, language)[0].id in slow:
            found.append(recipe_for(usual, parse(usual, voices, {}), "mp3"))
    return found


def _one_away(exercise: Exercise, voices: Sequence[Voice]) -> Iterator[tuple[str, ...]]:
    offered = {field.name: field for field in fields(exercise, voices)}
    usual = {name: offered[name].default for name in HEARD}
    for name in HEARD:
        for option in offered[name].options:
            yield tuple({**usual, name: option.value}[heard] for heard in HEARD)
