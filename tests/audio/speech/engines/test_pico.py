"""Text that Pico is given to read, and that it gives the same for it each time."""

from __future__ import annotations

import subprocess
import sys

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


_SPEAK_TWICE = """
from audio.speech.engines import pico

lines = ("Estás aquí.", "Mira la lámpara, o la ventana, o el suelo.", "Sí.")
speaker = pico.open_speaker(pico.voices()[0])
first = [speaker.speak(line, 105).samples.tobytes() for line in lines]
again = [speaker.speak(line, 105).samples.tobytes() for line in reversed(lines)]
print(first == again[::-1])
"""


@pytest.mark.skipif(not pico.is_there(), reason="py-nanotts has no wheel for this system")
def test_the_same_line_is_the_same_sound_whatever_was_said_before() -> None:
    """In a process of its own, as voices speak: the library's sound depends on what a used heap holds."""
    said = subprocess.run([sys.executable, "-c", _SPEAK_TWICE], capture_output=True, text=True, check=True)
    assert said.stdout == "True\n"


@pytest.mark.skipif(not pico.is_there(), reason="py-nanotts has no wheel for this system")
def test_nothing_is_clipped() -> None:
    speaker = pico.open_speaker(pico.voices()[0])
    assert np.abs(speaker.speak("¡Quédate aquí, en este cuarto!", 105).samples).max() < 0.95
