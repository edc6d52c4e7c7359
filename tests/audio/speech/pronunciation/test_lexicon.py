"""The pronunciation list: which entry is read, where it fits, and what else stays as it is written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from audio.speech.clips.store import Tuning
from audio.speech.clips.synthesis import Line, clip_key
from audio.speech.engines import Voice
from audio.speech.pronunciation import lexicon
from audio.speech.pronunciation.lexicon import (
    Entry,
    entries_for,
    own_entries_in,
    project_list,
    respelled,
    said,
    use_own,
)
from exercises.languages import LANGUAGES

VOICE = Voice("low", "Low", "audio.speech.engines.flite", "en-US", "x")
SPANISH = Voice("es-low", "Low", "audio.speech.engines.system", "es", "x")
LISTED = {
    "en": {
        "all": [
            {"word": "reach", "say": "reech"},
            {"word": "either", "say": "eether"},
            {"word": "live", "say": "lyve", "after": "is|it's|^", "before": "now|tonight"},
            {"word": "wind", "say": "wined", "not_after": "the|a"},
            {"word": "good night", "say": "goodnite"},
        ],
        "flite": [{"word": "reach", "say": "reetch"}],
        "low": [{"word": "bow", "say": "bau"}],
        "other": [{"word": "stay", "say": "no"}],
    },
    "es": {"all": [{"word": "stay", "say": "no"}]},
}


@pytest.fixture
def own() -> Iterator[list[Entry]]:
    """A therapist's entries in English, to be filled by a test."""
    entries: list[Entry] = []
    use_own(lambda language: entries if language == "en" else ())
    yield entries
    use_own(lexicon._nothing)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Reach, or reach not.", "Reetch, or reetch not."),
        ("Reaching stays.", "Reaching stays."),
        ("Either bow.", "Eether bau."),
        ("Stay.", "Stay."),
        ("It’s reach-me-down.", "It’s reetch-me-down."),
        ("Reach's end", "Reach's end"),
        ("'Reach,' they said.", "'Reetch,' they said."),
        ("Good  Night, then.", "Goodnite, then."),
    ],
)
def test_the_nearest_entry_is_read_for_whole_words_only(text: str, read: str) -> None:
    assert respelled(text, VOICE, LISTED) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("It is live now.", "It is lyve now."),
        ("It’s live tonight.", "It’s lyve tonight."),
        ("Live now.", "Lyve now."),
        ("“Live now.”", "“Lyve now.”"),
        ("They live now.", "They live now."),
        ("It is live.", "It is live."),
        ("It is, live now, there.", "It is, live now, there."),
        ("The wind, and wind it.", "The wind, and wined it."),
        ("Wind.", "Wined."),
    ],
)
def test_an_entry_may_ask_for_what_stands_around_its_word(text: str, read: str) -> None:
    assert respelled(text, VOICE, LISTED) == read


def test_a_voice_that_is_not_listed_reads_what_is_written() -> None:
    assert (
        respelled("Reach.", Voice("x", "X", "audio.speech.engines.piper", "fr-FR", "x"), LISTED) == "Reach."
    )


def test_a_therapists_own_word_comes_before_the_projects(own: list[Entry]) -> None:
    own += [Entry("reach", "rich"), Entry("reach out", "raytch out")]
    assert respelled("Reach out, or reach.", VOICE, LISTED) == "Raytch out, or rich."


def test_what_one_entry_has_changed_no_other_looks_at_again(own: list[Entry]) -> None:
    own += [Entry("stay", "reach"), Entry("bow low", "either")]
    assert respelled("Stay. Bow low.", VOICE, LISTED) == "Reach. Either."


def test_a_therapists_words_are_for_their_language_alone(own: list[Entry]) -> None:
    own.append(Entry("taza", "tassa"))
    assert said("La taza.", SPANISH) == ("La taza.",)
    assert said("La taza.", VOICE) == ("La tassa.",)


def test_a_line_carries_what_is_said_and_its_clip_is_another_for_it(own: list[Entry]) -> None:
    before = Line("Stay with Niamh.", VOICE, 105, 1.2)
    own.append(Entry("Niamh", "Neev"))
    after = Line("Stay with Niamh.", VOICE, 105, 1.2)
    assert (before.said, after.said) == (("Stay with Niamh.",), ("Stay with Neev.",))
    assert after.text == before.text
    assert clip_key(before, Tuning()) != clip_key(after, Tuning())
    assert clip_key(Line("Stay.", VOICE, 105, 1.2), Tuning()) == clip_key(
        Line("Stay.", VOICE, 105, 1.2), Tuning()
    )


def test_a_line_may_be_said_as_it_is_written(own: list[Entry]) -> None:
    own.append(Entry("stay", "no"))
    assert Line("Stay.", VOICE, 105, 1.2, as_written=True).said == ("Stay.",)


def test_each_sentence_of_a_line_has_a_start_of_its_own() -> None:
    voice = Voice("x", "X", "audio.speech.engines.system", "en", "x")
    assert said("Sit down. Content to sit? Stay.", voice) == ("Sit down.", "Cun-tent to sit?", "Stay.")


def test_a_file_depends_on_the_words_that_it_has(own: list[Entry]) -> None:
    own += [Entry("kettle", "kettel"), Entry("stay", "staay")]
    assert own_entries_in(["Stay here.", "Sit."], "en") == (own[1],)
    assert own_entries_in(["Stay here."], "es") == ()


def test_every_entry_of_the_projects_own_list_can_be_read() -> None:
    assert set(project_list()) <= set(LANGUAGES)
    for language, by_name in project_list().items():
        for name in by_name:
            voice = Voice(name, "X", f"audio.speech.engines.{name}", language, "x")
            for entry in entries_for(voice, project_list()):
                assert entry.word.strip() == entry.word != entry.say
                list(entry.places(f"{entry.word} {entry.word}."))
