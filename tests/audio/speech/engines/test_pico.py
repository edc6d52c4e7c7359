"""What Pico is given to read, and that it gives the same for it each time."""

from __future__ import annotations

import numpy as np
import pytest

from audio.speech.engines import pico


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Una taza cerca de la luz.", "Una tasa serca de la lus."),
        ("Cierra, Zoe, y CENA.", "Sierra, Soe, y SENA."),
        (
            "Quédate con el cuerpo, la chimenea y la acción.",
            "Quédate con el cuerpo, la chimenea y la acsión.",
        ),
    ],
)
def test_what_latin_america_says_as_an_s_is_written_as_one(written: str, read: str) -> None:
    assert pico.latin_american(written) == read


@pytest.mark.skipif(not pico.is_there(), reason="py-nanotts has no wheel for this system")
def test_the_same_line_is_the_same_sound_whatever_was_said_before() -> None:
    speaker = pico.open_speaker(pico.voices()[0])
    lines = ("Estás aquí.", "Mira la lámpara, o la ventana, o el suelo.", "Sí.")
    first = [speaker.speak(line, 105).samples for line in lines]
    again = [speaker.speak(line, 105).samples for line in reversed(lines)][::-1]
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))


@pytest.mark.skipif(not pico.is_there(), reason="py-nanotts has no wheel for this system")
def test_nothing_is_clipped() -> None:
    speaker = pico.open_speaker(pico.voices()[0])
    assert np.abs(speaker.speak("¡Quédate aquí, en este cuarto!", 105).samples).max() < 0.95
