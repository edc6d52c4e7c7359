"""Names of what was made, by everything that it is made from."""

from __future__ import annotations

import hashlib
import json

from audio.speech.engines import Voice, engine_version

FINISH = 8
"""Raised whenever clips come out different for the same input, so that kept ones are not used."""


def digest(*made_from: object) -> str:
    """A name for whatever is made from these values, as long as clips are made as they are now."""
    return hashlib.sha256(json.dumps([FINISH, *made_from], ensure_ascii=True).encode()).hexdigest()


def voice_key(voice: Voice) -> list[object]:
    """Everything about a voice that can be heard."""
    own = [voice.id, voice.engine, voice.variant, voice.pitch, voice.edition, voice.soft]
    return [*own, engine_version(voice)]
