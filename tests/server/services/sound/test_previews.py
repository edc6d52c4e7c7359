"""Which previews are made before anybody asks for one."""

from __future__ import annotations

from audio.speech.engines import Voice, voice_list
from exercises.library import load_library
from server.services.sound.choices import PACES, PITCHES, fields
from server.services.sound.previews import first_choices, preview_of, usual_recipes

LIBRARY = load_library()
VOICES = voice_list()
FIRST = first_choices(LIBRARY, VOICES)


def test_a_usual_exercise_is_made_ahead_in_each_language_whose_default_voice_is_slow() -> None:
    dora = Voice("kokoro-dora", "Dora", "audio.speech.engines.kokoro", "es-419", "", rank=99, slow=True)
    assert usual_recipes(LIBRARY, VOICES) == []
    (recipe,) = usual_recipes(LIBRARY, (*VOICES[:1], dora, *VOICES[1:]))
    assert recipe.voice == dora.id
    assert recipe.exercise.language == "es"
    assert recipe.length_s == recipe.exercise.usual_length_s


def test_a_slow_voice_that_is_not_the_default_has_nothing_made_ahead() -> None:
    slow = Voice("slow", "Slow", "audio.speech.engines.kokoro", "es-419", "", slow=True)
    assert usual_recipes(LIBRARY, (*VOICES, slow)) == []


def test_every_voice_is_among_the_first_choices_and_the_default_comes_first() -> None:
    in_order = list(dict.fromkeys(wording.voice for wording in FIRST))
    assert in_order == [voice.id for voice in VOICES]


def test_none_is_made_twice() -> None:
    assert len(set(FIRST)) == len(FIRST)


def test_every_pace_and_every_pitch_of_the_default_voice_is_among_them() -> None:
    default = [wording for wording in FIRST if wording.voice == VOICES[0].id]
    assert {wording.rate_wpm for wording in default} >= set(PACES)
    assert {wording.pitch for wording in default} == {int(pitch) for pitch in PITCHES}


def test_what_a_form_shows_at_first_is_one_of_them_in_every_language() -> None:
    known = {voice.id: voice for voice in VOICES}
    for language in ("en", "es"):
        for exercise in LIBRARY.in_language(language):
            usual = {field.name: field.default for field in fields(exercise, VOICES)}
            shown = preview_of(known[usual["voice"]], int(usual["pace"]), int(usual["pitch"]))
            assert shown in FIRST
            assert known[shown.voice].speaks(language)


def test_a_voice_says_it_in_its_own_language() -> None:
    for voice in VOICES:
        words = preview_of(voice, 105, 0).text
        assert words == (
            "Estás en este cuarto. Con eso basta."
            if voice.speaks("es")
            else "You are in this room. That is enough."
        )
