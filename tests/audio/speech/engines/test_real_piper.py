"""A real voice of Piper from the file server to the ear: installed, spoken, killed in the middle, started again."""

from __future__ import annotations

import dataclasses
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audio.speech.calibration.tuning import tune, tuned_to
from audio.speech.clips.store import Tuning
from audio.speech.clips.synthesis import Line
from audio.speech.engines import Voice, home, piper, use_home
from audio.speech.installation.catalog import CARD, NaturalVoice, find_natural
from audio.speech.installation.install import install
from audio.speech.workers.pool import VoicePool
from tests.support import real_piper
from tests.support.file_server import files_served

pytestmark = pytest.mark.skipif(
    not (piper.is_there() and real_piper.folder()),
    reason="a real voice of Piper and its packages are not here",
)
LINE = "You are in this room, and there is a chair."


def listed() -> NaturalVoice:
    """The entry of the catalogue without its card, which the package has in another edition."""
    entry = find_natural(real_piper.NAME)
    return dataclasses.replace(
        entry, files=tuple(file for file in entry.files if not file.name.endswith(CARD))
    )


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    """The voice as `voices install` brings it from a file server: checked by the digests of the catalogue."""
    folder, entry, files = tmp_path_factory.mktemp("voices"), listed(), real_piper.files()
    with files_served({f"/{file.address}": files[file.name] for file in entry.files}) as served:
        install(entry, folder, served.mirror)
    before = home()
    use_home(folder)
    (found,) = piper.voices()
    yield found
    use_home(before)


@pytest.fixture
def pool() -> Iterator[VoicePool]:
    running = VoicePool(1)
    yield running
    running.close()


def line(voice: Voice) -> Line:
    return Line(LINE, voice, 112, 1.0)


def test_the_installed_voice_is_the_one_of_the_catalogue(voice: Voice) -> None:
    assert voice.id == real_piper.VOICE == find_natural(real_piper.NAME).voice_id
    assert voice.language == "en-US"
    assert listed().is_installed(Path(voice.variant).parent)


def test_it_is_killed_in_the_middle_of_a_line_and_the_line_is_said_all_the_same(
    voice: Voice, pool: VoicePool
) -> None:
    pool.speak(line(voice), Tuning()).result()
    (process,) = pool._processes
    pid = process._process.pid
    assert pid
    again = [pool.speak(line(voice), Tuning()) for _ in range(2)]
    os.kill(pid, signal.SIGKILL)
    assert all(np.abs(future.result()).max() > 1000 for future in again)
    (other,) = pool._processes
    assert other._process.pid != pid


def test_a_tuning_that_was_kept_is_as_good_after_a_restart(voice: Voice) -> None:
    """It draws the length of each sound anew, so no two readings are as long: they are a tenth apart at times."""
    lengths = []
    kept: Tuning | None = None
    for _ in range(2):
        running = VoicePool(1)
        try:
            kept = kept or tune(running, voice)
            lengths.append(len(running.speak(line(voice), tuned_to(kept, voice, 112)).result()))
        finally:
            running.close()
    assert lengths[1] == pytest.approx(lengths[0], rel=0.2)
