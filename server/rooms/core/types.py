"""The few words that all modules of a room share."""

from __future__ import annotations

from typing import Literal

Partner = Literal["circle", "square"]
Seat = Literal["circle", "square", "therapist"]
PARTNERS: tuple[Partner, ...] = ("circle", "square")
SEATS: tuple[Seat, ...] = ("circle", "square", "therapist")

Nearest = Literal["guarded", "heavy", "plain"]
"""The state of a person today. Lives on their phone and in the room's memory, nowhere else."""

Output = Literal["timestamp", "latency", "usual", "unknown"]
"""By what a phone knows when its sound is heard: time stamps, a stated latency, a usual one; or not yet."""

SoundFault = Literal["waiting", "interrupted", "stopped", "silent", "voice"]
"""The fault in the sound of a phone that should be heard."""

Ear = Literal["closed", "open", "listening"]
"""The microphone of a phone: open, waiting for the other phone's; or both are, and chirps are on their way."""

Network = Literal["good", "fair", "poor"]
"""The network of a phone, in a word, by the round trips of its clock."""

Setting = Literal["together", "apart"]
Turn = Literal["first", "second"]
Track = Literal["main", "grounding", "close"]

Stage = Literal["before", "under_way", "closing", "ended"]
Phase = Literal[
    "gathering", "preparing", "ready", "playing", "paused", "held", "grounding", "closing", "ended"
]  # fmt: skip
"""The phase that people see; worked out from the state, never stored."""

Participation = Literal["with", "quiet", "grounding"]
"""True if a phone is with the exercise, stopped by hand and silent, or in the grounding exercise."""

AskKind = Literal["start", "resume", "beat"]
PauseCause = Literal["therapist", "couple", "grounding"]
"""The reason why the exercise rests. Never told; it decides whose act it takes to go on."""


def other(seat: Partner) -> Partner:
    """The partner's seat beside this one."""
    return "square" if seat == "circle" else "circle"
