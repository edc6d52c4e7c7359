"""A breath that a therapist leads by taps: each tap is a turn of it, first in, then out, and so on.

Two taps make one half; from the second on the phones follow, and go on by themselves until `until`. Pure: times are
seconds of the shared clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

Half = Literal["in", "out"]

LEAST_S, MOST_S = 2.0, 8.0
"""Bounds of one half; a hand that is quicker or slower is followed as far as these."""
BOUNCE_S = 0.5
"""A tap so soon after another is the same one: pedals bounce."""


@dataclass(frozen=True)
class Breath:
    """A led breath as phones follow it.

    at            a moment at which an in-breath begins; the others follow from it
    in_s, out_s   the lengths of its halves
    since, until  when it takes the place of the exercise's own breaths; an in-breath would begin at `until`
    """

    at: float
    in_s: float
    out_s: float
    since: float
    until: float


@dataclass(frozen=True)
class Leading:
    """What is known of a hand that taps.

    tapped  when it last did
    half    which half began with that
    until   after this a tap begins anew
    breath  the breath that it makes; None after the first tap
    """

    tapped: float
    half: Half
    until: float
    breath: Breath | None = None


def after_tap(leading: Leading | None, now: float) -> Leading:
    """The leading after a tap at `now`."""
    if leading is None or now >= leading.until:
        return Leading(now, "in", now + MOST_S)
    if now - leading.tapped < BOUNCE_S:
        return leading
    length = round(min(MOST_S, max(LEAST_S, now - leading.tapped)), 3)
    breath = leading.breath or Breath(now, length, length, now, now)
    half: Half
    if leading.half == "in":
        half, breath = "out", replace(breath, in_s=length, at=now - length)
    else:
        half, breath = "in", replace(breath, out_s=length, at=now)
    until = _end(breath, now + MOST_S)
    return Leading(now, half, until, replace(breath, until=until))


def ended(leading: Leading | None, at: float) -> Leading | None:
    """The leading that is over at `at` at the latest; None where no phone follows it yet."""
    if leading is None or leading.breath is None:
        return None
    until = min(leading.until, at)
    return replace(leading, until=until, breath=replace(leading.breath, until=until))


def _end(breath: Breath, soonest: float) -> float:
    """The first beginning of an in-breath from `soonest` on."""
    cycle = breath.in_s + breath.out_s
    return breath.at + math.ceil((soonest - breath.at) / cycle - 1e-9) * cycle
