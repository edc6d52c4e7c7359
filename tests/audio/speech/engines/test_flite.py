"""Tests of flite: what it reads, where its program is installed."""

from __future__ import annotations

import pytest

from audio.speech.engines import flite


@pytest.mark.skipif(not flite.voices(), reason="flite is not installed")
@pytest.mark.parametrize(
    ("accented", "plain"), [("A café.", "A cafe."), ("A naïve piñata.", "A naive pinata.")]
)
def test_flite_reads_letters_with_accents_as_plain_ones(accented: str, plain: str) -> None:
    speaker = flite.open_speaker(flite.voices()[0])
    try:
        said, wanted = speaker.speak(accented, 105), speaker.speak(plain, 105)
    finally:
        speaker.close()
    assert len(said.samples) == len(wanted.samples)
