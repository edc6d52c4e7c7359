"""Tests of hibari's texts and paces, and of its further voices, installed from a file server of our own."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audio.errors import VoiceError
from audio.speech.engines import Voice, hibari, home, use_home
from audio.speech.installation.catalog import find_natural
from audio.speech.installation.install import install
from tests.support.file_server import files_served

pytestmark = pytest.mark.skipif(
    not hibari.is_there(), reason="the natural voice has no package for this system"
)
NAME = "hibari-emma"


def bundled_model() -> bytes:
    """The model inside the package: of the same make as the others, which are too far away for a test."""
    from hibari.voices import voice_path

    return Path(voice_path("heart")).read_bytes()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Voice]:
    """A further voice as `voices install` brings it, with the bundled model in the place of its own."""
    from hibari import voices as theirs

    def never(*_: object) -> str:
        raise AssertionError("the engine fetched something by itself")

    monkeypatch.setattr(theirs, "download", never)
    content, entry = bundled_model(), find_natural(NAME)
    digest = hashlib.sha256(content).hexdigest()
    (file,) = entry.files
    entry = dataclasses.replace(entry, files=(dataclasses.replace(file, size=len(content), digest=digest),))
    before = home()
    use_home(tmp_path)
    with files_served({f"/{file.address}": content}) as served:
        install(entry, tmp_path, served.mirror)
        assert [path for path, _ in served.asked] == ["/hibari/bf_emma.int8.onnx"]
    try:
        (found,) = [voice for voice in voices() if voice.id == NAME]
        yield found
    finally:
        use_home(before)


def voices() -> tuple[Voice, ...]:
    return hibari.voices()


def test_an_installed_voice_is_one_more_and_the_characters_stay_first(installed: Voice) -> None:
    assert (installed.language, installed.rank) == ("en-GB", 7)
    assert [voice.id for voice in voices()][:3] == ["hibari-neutral", "hibari-lower", "hibari-higher"]
    assert installed.edition


def test_it_speaks_with_its_own_file_and_says_words_in_its_countrys_way(installed: Voice) -> None:
    speaker = hibari.open_speaker(installed)
    assert np.abs(speaker.speak("You are in this room.", 112).samples).max() > 0.05
    british, american = (
        each._engine.phonemize("Rest for a bath.")[0]
        for each in (speaker, hibari.open_speaker(hibari.voices()[0]))
    )
    assert british != american


def test_a_damaged_model_is_one_plain_sentence(installed: Voice) -> None:
    Path(installed.variant).write_bytes(b"not a model")
    (damaged,) = [voice for voice in voices() if voice.id == NAME]
    hibari._model.cache_clear()
    with pytest.raises(VoiceError, match="install it again"):
        hibari.open_speaker(damaged)


def test_a_sentence_without_an_end_gets_one() -> None:
    assert hibari.speakable("Stay here ,") == "Stay here."
    assert hibari.speakable("Still here?") == "Still here?"
    assert hibari.speakable("“Still here.”") == "“Still here.”"


def test_a_faster_pace_asks_for_more() -> None:
    factors = [hibari.factor_for(pace) for pace in range(90, 131, 5)]
    assert factors == sorted(set(factors))


def test_a_long_sentence_is_read_in_pieces_and_none_of_it_is_lost() -> None:
    whole = ", ".join(f"ðə ɹˈum {n}" for n in range(80))
    pieces = list(hibari.pieces_of(whole))
    assert max(map(len, pieces)) <= 220
    assert " ".join(pieces) == whole


def test_text_without_a_sound_is_no_piece() -> None:
    assert list(hibari.pieces_of("…")) == []
    with pytest.raises(VoiceError, match="without words"):
        hibari.open_speaker(hibari.voices()[0]).speak("…", 112)


def test_the_same_line_is_the_same_samples() -> None:
    speaker = hibari.open_speaker(hibari.voices()[0])
    first = speaker.speak("There is a chair.", 112).samples
    speaker.speak("Something else in between.", 120)
    assert speaker.speak("There is a chair.", 112).samples.tobytes() == first.tobytes()
