"""Which voice speaks a language, and the sentence that says why."""

from __future__ import annotations

import dataclasses

import pytest

from audio.speech.engines import Voice, flite, hibari, kokoro, pico, system
from server.services.voices.default_voice import CHOSEN, INSTALL, NATURAL, NONE, default_of, reasons

PERSON = Voice("hibari-neutral", "Natural voice", hibari.NAME, "en-US", "heart", rank=9)
RULES = Voice("neutral", "Neutral voice", system.NAME, "en", "x")
CLEARER = Voice("flite-lower", "Clearer voice", flite.NAME, "en-US", "rms", rank=1)
SPANISH = Voice("es-clearer", "Clearer voice", pico.NAME, "es-419", "x", rank=1)
DORA = Voice("kokoro-dora", "Dora", kokoro.NAME, "es-419", "x", rank=4)
LACKING = "It does not load here."


@pytest.fixture(autouse=True)
def _nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hibari, "lacks", lambda: "")
    for engine in (hibari, kokoro):
        monkeypatch.setattr(engine, "is_there", lambda: True)


def test_the_first_that_speaks_a_language_is_its_default() -> None:
    voices = (PERSON, RULES, SPANISH)
    assert default_of(voices, "en") == PERSON
    assert default_of(voices, "es") == SPANISH
    assert default_of(voices, "fr") == PERSON


def test_a_natural_voice_needs_no_other_reason() -> None:
    assert reasons((PERSON, RULES), "en") == (NATURAL,)
    assert reasons((DORA, SPANISH), "es") == (NATURAL,)


def test_until_there_is_one_it_can_be_installed() -> None:
    assert reasons((PERSON, SPANISH), "es") == (INSTALL,)


def test_a_voice_that_a_setting_names_speaks_for_that_reason() -> None:
    assert reasons((RULES, PERSON), "en", "neutral") == (CHOSEN,)
    assert reasons((RULES, PERSON, SPANISH), "es", "neutral") == (INSTALL,)


def test_what_keeps_the_natural_voice_from_speaking_is_said_in_its_own_language_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hibari, "lacks", lambda: LACKING)
    monkeypatch.setattr(hibari, "is_there", lambda: False)
    assert reasons((CLEARER, RULES, SPANISH), "en")[0] == LACKING
    assert LACKING not in reasons((CLEARER, RULES, SPANISH), "es")


def test_a_language_without_a_natural_voice_says_so() -> None:
    italian = dataclasses.replace(RULES, id="it", language="it")
    assert reasons((italian,), "it") == (NONE,)
