"""Requests of the service to the studio besides files: clips, a typed line as bytes, a natural voice installed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from audio.errors import RecordingRefused, VoiceError
from audio.recordings.recorded import Recorded


@dataclass(frozen=True)
class SpeechRequest:
    """One line to be spoken: `voice` is a voice's id, the pace in words a minute, the gap between sentences.

    `pitch` is in semitones above the voice's own.
    recorded  the take that is heard instead of the voice, where somebody has read this line
    as_written  whether the list of pronunciations leaves it alone
    """

    text: str
    voice: str
    rate_wpm: float
    gap_s: float
    pitch: int = 0
    recorded: Recorded | None = None
    as_written: bool = False

    def to_json(self) -> dict[str, Any]:
        """The wording as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class KeptClip:
    """A clip in the store, and how long it is from its first word on."""

    key: str
    seconds: float


@dataclass(frozen=True)
class SpokenLine:
    """A line that is kept nowhere: the bytes of its FLAC, and how long it is from its first word on."""

    flac: bytes
    seconds: float


_LOOK_S = 0.5
"""The interval at which whoever waits looks whether somebody still waits with them."""


class PendingAnswer:
    """One order that is answered once."""

    def __init__(self) -> None:
        self._event: dict[str, Any] | None = None
        self._changed = threading.Condition()

    @property
    def done(self) -> bool:
        """Tell whether the answer is there, of whatever kind."""
        return self._event is not None

    def update(self, event: dict[str, Any]) -> None:
        """Take in what the studio process reported."""
        with self._changed:
            self._event = event
            self._changed.notify_all()

    def wait(self, limit_s: float, is_gone: Callable[[], bool] = lambda: False) -> dict[str, Any]:
        """The answer; raises VoiceError, or RecordingRefused where it is about a recording.

        is_gone  tells whether nobody waits any more: then it raises as well
        """
        until = time.monotonic() + limit_s
        with self._changed:
            while self._event is None and (left := until - time.monotonic()) > 0 and not is_gone():
                self._changed.wait(min(left, _LOOK_S))
            event = self._event
        if event is None:
            raise VoiceError("The voice takes too long. Try again in a minute.")
        if event["event"] == "failed" and event.get("code"):
            raise RecordingRefused(event["code"], event["message"])
        if event["event"] == "failed":
            raise VoiceError(event["message"])
        return event


class Installation:
    """A natural voice on its way: how many bytes of how many, whether it is there, or a sentence if it failed.

    `then` is called once it is there.
    """

    def __init__(self, then: Callable[[], object] = lambda: None) -> None:
        self._then = then
        self.done_bytes = 0
        self.whole_bytes = 0
        self.state = "coming"
        self.message = ""

    def update(self, event: dict[str, Any]) -> None:
        """Take in what the studio process reported."""
        match event["event"]:
            case "progress":
                self.done_bytes, self.whole_bytes = event["done"], event["whole"]
            case "failed":
                self.state, self.message = "failed", event["message"]
            case _:
                self.state = "ready"
                self._then()
