"""A lease of a service on its rooms: what it may believe of it, as time goes by. Pure.

A service asks Redis every RENEW_S for LEASE_S more, counted from before it asked, so that it never believes in its
lease for longer than Redis does. Where that time has passed without an answer there are two reasons, and they want
opposite things:

    Redis is away       nobody else can take the rooms either, so exercises go on
    the service stood   paused, swapped out, a machine asleep: another may have its rooms by now, so it asks first

It knows them apart by whether it has tried, just now, and failed. Beside that each room has a generation, which grows
with each owner; Redis takes no write of an older one. So whatever a service believes, nothing it writes counts once
another has the room.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

LEASE_S, RENEW_S = 3.0, 1.0
TRIED_S = 2.5
"""A failure longer ago than this was before the service stood still: it tries again at least every two seconds."""
STAYS_S = 2.0
"""A room that has just come stays at least so long, so that it is never passed to and fro."""

Standing = Literal["held", "away", "doubtful"]


@dataclass(frozen=True)
class Lease:
    """Knowledge of a service. Times are of its own clock, in seconds."""

    until: float = float("-inf")
    failed_at: float = float("-inf")

    def renewed(self, asked_at: float) -> Lease:
        """Redis gave it LEASE_S, asked for at this time."""
        return Lease(max(self.until, asked_at + LEASE_S))

    def failed(self, now: float) -> Lease:
        """Redis did not answer."""
        return replace(self, failed_at=now)

    def standing(self, now: float) -> Standing:
        """Whether to act on a room: as owner, because nobody could be asked, or only after asking."""
        if now < self.until:
            return "held"
        return "away" if now - self.failed_at < TRIED_S else "doubtful"


def may_pass_on(taken_at: float, now: float) -> bool:
    """Tell whether a room that another service is asked for may go there by now."""
    return now - taken_at >= STAYS_S
