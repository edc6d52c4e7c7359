"""Tunings that were measured beforehand, for voices at the versions that many machines have.

A voice that is listed need not speak before it is heard. Any other voice, version or passage has another key, and is
measured where it runs. `python -m audio.speech.calibration.measured` measures every voice of this machine anew.
"""

from __future__ import annotations

import functools
import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

from audio.files import write_whole
from audio.speech.engines import Voice, engine_version, voice_list

from .tuning import Tuning, tune, tuning_key

FILE = Path(__file__).with_name("measured.json")


@functools.cache
def entries() -> dict[str, dict[str, Any]]:
    """What was measured, by `tuning_key`: the voice, the version of its engine, and the fields of its tuning."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
    return found


def measured(voice: Voice) -> Tuning | None:
    """The tuning of a voice that was measured beforehand, or None."""
    entry = entries().get(tuning_key(voice))
    return Tuning(*entry["tuning"]) if entry else None


def measure_all() -> None:
    """Write the file anew from the voices of this machine, those that come whole with their tuning excepted."""
    from audio.speech.workers.pool import VoicePool

    pool, found = VoicePool(2), {}
    try:
        for voice in voice_list():
            if voice.gain is None:
                tuning = list(astuple(tune(pool, voice)))
                found[tuning_key(voice)] = {
                    "voice": voice.id,
                    "engine": engine_version(voice),
                    "tuning": tuning,
                }
    finally:
        pool.close()
    write_whole(FILE, (json.dumps(found, indent=1) + "\n").encode())


if __name__ == "__main__":
    measure_all()
