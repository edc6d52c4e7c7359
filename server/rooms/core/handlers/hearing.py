"""Phones that hear each other: both microphones open, each chirps, and the offset of their outputs follows.

Each phone reports one number: by how much more than planned the other's chirp came after its own, in its microphone.
A delay of a microphone is in both halves of it and goes out. The way through the air is in both reports, with the same
sign, and goes out of half their difference; what is left is how much later the square sounds than the circle.
"""

from __future__ import annotations

from server.rooms.core.protocol.commands import OpenEar, ReportHeard
from server.rooms.core.protocol.messages import ChirpsMessage, ShiftMessage
from server.rooms.core.transition import Work
from server.rooms.core.types import PARTNERS, Partner, other

CHIRP_LEAD_S = 1.5
"""Time for both phones to hear of it and to place their chirps."""
NEAREST_MS, FARTHEST_MS = -3.0, 30.0
"""The way through the air, as half the sum of both reports: a room has ten metres at most, and no way is negative."""


def open_ear(work: Work, seat: Partner, command: OpenEar) -> None:
    """Open or close a phone's ear; when both are open, chirps are due."""
    work.need(work.state.stage == "before", "already_started")
    work.set_phone(seat, ear="open" if command.on else "closed", heard_ms=None)
    if all(work.phone(each).ear == "open" for each in PARTNERS):
        work.set_partners(ear="listening", heard_ms=None)
        _tell(work, dict.fromkeys(PARTNERS, ChirpsMessage(at=work.now + CHIRP_LEAD_S)))


def report(work: Work, seat: Partner, command: ReportHeard) -> None:
    """Take what one phone heard; when both have heard, tell each how much sooner it is to play."""
    work.need(work.phone(seat).ear == "listening", "not_listening")
    work.set_phone(seat, ear="closed", heard_ms=command.ms)
    theirs = work.phone(other(seat))
    if command.ms is not None and theirs.ear == "listening":
        return
    late = (
        None
        if theirs.ear == "listening"
        else square_late_ms(*(work.phone(each).heard_ms for each in PARTNERS))
    )
    work.set_partners(ear="closed", heard_ms=None)
    shifts = (None, None) if late is None else (max(0.0, -late), max(0.0, late))
    _tell(work, {each: ShiftMessage(ms=ms) for each, ms in zip(PARTNERS, shifts, strict=True)})


def square_late_ms(circle_ms: float | None, square_ms: float | None) -> float | None:
    """The delay of the square's output behind the circle's, by both reports; None where they contradict each other."""
    if circle_ms is None or square_ms is None:
        return None
    way = (circle_ms + square_ms) / 2
    return (circle_ms - square_ms) / 2 if NEAREST_MS <= way <= FARTHEST_MS else None


def _tell(work: Work, messages: dict[Partner, ChirpsMessage] | dict[Partner, ShiftMessage]) -> None:
    for seat, message in messages.items():
        work.send(seat, message)
