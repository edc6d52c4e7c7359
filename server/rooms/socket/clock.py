"""The shared clock: the answer to a probe, and the epoch that a clock belongs to.

The shared clock is the server's monotonic clock, in seconds. The endpoint reads it twice for each probe: t1 right
after the frame came in, before it is parsed, and t2 right before the answer goes out, past every outbox.
From t0, t1, t2 and the time of arrival a phone works out the offset and its error.

An epoch says which clock it is. It stays the same across a restart where the clock goes on (one boot of one
machine), and is another where it does not; then a phone throws its estimate away and probes afresh.
"""

from __future__ import annotations

import hashlib

from server.rooms.core.protocol.commands import Probe
from server.rooms.core.protocol.messages import ProbeAnswer


def answer(probe: Probe, t1: float, t2: float, epoch: str) -> ProbeAnswer:
    """The answer to a probe that came in at `t1` and is about to go out at `t2`."""
    return ProbeAnswer(id=probe.id, t0=probe.t0, t1=t1, t2=max(t1, t2), epoch=epoch)


def epoch_of(clock_name: str) -> str:
    """The id of a clock from whatever names it: the machine's boot id, or random bytes where there is none."""
    return hashlib.sha256(clock_name.encode()).hexdigest()[:12]


def shift_between(kept_mono: float, kept_wall: float, mono: float, wall: float, same_epoch: bool) -> float:
    """Seconds that this clock shows more than the one of a snapshot; by wall-clock time where the clock is another.

    The wall clock may be off by a little, but by the same for both phones, so they stay in step.
    """
    return 0.0 if same_epoch else (mono - kept_mono) - (wall - kept_wall)
