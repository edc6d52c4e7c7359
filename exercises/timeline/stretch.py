"""The stretch: one factor for all rests and whole cycles for each breath, so that the sum is the length."""

from __future__ import annotations

import math

from ..errors import ChoiceError
from ..model import BreathSpec, Exercise
from .cues import SAMPLE_RATE, samples
from .items import Item

LEAD_IN_S = 4.0

MIN_STRETCH = 0.4
MAX_STRETCH = 2.5


def cycle(breath: BreathSpec) -> int:
    """Samples of one breath, in and out."""
    return samples(breath.in_s) + samples(breath.out_s)


def cycle_range(breath: BreathSpec) -> tuple[int, int]:
    """The fewest and the most cycles that a paced breath may have; spoken ones are never lost."""
    low = max(1, breath.spoken, math.ceil(breath.cycles * MIN_STRETCH - 1e-9))
    return low, max(low, math.floor(breath.cycles * MAX_STRETCH + 1e-9))


def _rest_at(item: Item, stretch: float) -> float:
    """Samples of a rest at a stretch."""
    return max(item.least, item.rest * stretch)


def total(items: list[Item], cycles: dict[int, int], rest_stretch: float) -> float:
    """Samples of all items, given the cycles of each breath by its index and the stretch of the rests."""
    fixed = sum(item.fixed for item in items)
    breath = sum(cycle(spec) * cycles[i] for i, item in enumerate(items) if (spec := item.breath))
    return fixed + breath + sum(_rest_at(item, rest_stretch) for item in items if item.rest)


def _stretch_to(items: list[Item], total: float) -> float:
    """The stretch at which the rests come to `total` samples; infinite, or minus that, where none does."""
    free = [item for item in items if item.rest]
    if not free:
        return 1.0 if total == 0 else math.inf * total
    bound = 0.0
    while free:
        stretch = (total - bound) / sum(item.rest for item in free)
        short = [item for item in free if item.rest * stretch < item.least - 1e-6]
        if not short:
            return stretch
        bound += sum(item.least for item in short)
        free = [item for item in free if item not in short]
    return MIN_STRETCH if abs(total - bound) < 1 else -math.inf


def extremes(items: list[Item], lead_in: int) -> tuple[float, float]:
    """The least and the most samples that the items can come to, the lead-in included."""
    ranges = {i: cycle_range(item.breath) for i, item in enumerate(items) if item.breath}
    low = total(items, {i: r[0] for i, r in ranges.items()}, MIN_STRETCH)
    high = total(items, {i: r[1] for i, r in ranges.items()}, MAX_STRETCH)
    return low + lead_in, high + lead_in


def fit(exercise: Exercise, items: list[Item], length: int, lead_in: int) -> tuple[dict[int, int], float]:
    """Whole cycles for each breath, and the factor for the rests, that make the sum the length."""
    low, high = extremes(items, lead_in)
    if not low <= length <= high:
        extra = max(0, lead_in - samples(LEAD_IN_S))
        shortest, longest = math.ceil((low - extra) / SAMPLE_RATE), math.floor((high - extra) / SAMPLE_RATE)
        raise ChoiceError(f"{exercise.title} can be from {shortest} to {longest} seconds long.")
    breaths = {i: item.breath for i, item in enumerate(items) if item.breath}
    rests = sum(item.rest for item in items)
    fixed = lead_in + sum(item.fixed for item in items)
    natural = rests + sum(cycle(b) * b.cycles for b in breaths.values())
    wish = (length - fixed) / natural if natural else 1.0
    cycles = {}
    for i, breath in breaths.items():
        least, most = cycle_range(breath)
        cycles[i] = min(most, max(least, round(breath.cycles * wish)))

    def stretch() -> float:
        left = length - fixed - sum(cycle(breaths[i]) * n for i, n in cycles.items())
        return _stretch_to(items, left)

    for i in sorted(breaths, key=lambda i: -cycle(breaths[i]) * breaths[i].cycles):
        least, most = cycle_range(breaths[i])
        while stretch() > MAX_STRETCH and cycles[i] < most:
            cycles[i] += 1
        while stretch() < MIN_STRETCH and cycles[i] > least:
            cycles[i] -= 1
    if not MIN_STRETCH <= stretch() <= MAX_STRETCH:
        raise ChoiceError(
            f"{exercise.title} cannot be {length / SAMPLE_RATE:g} seconds long; choose another length."
        )
    return cycles, stretch()


def durations_of(items: list[Item], cycles: dict[int, int], stretch: float, total: int) -> list[int]:
    """Samples of each item; the rounding of the rests is carried along so that the sum is `total`."""
    durations, rest_done, placed = [], 0.0, 0
    for i, item in enumerate(items):
        if item.rest:
            rest_done += _rest_at(item, stretch)
            duration = round(rest_done) - placed
            placed += duration
        elif item.breath:
            duration = cycle(item.breath) * cycles[i]
        else:
            duration = item.fixed
        durations.append(duration)
    if rest_done and sum(durations) != total:
        last = max(i for i, item in enumerate(items) if item.rest)
        durations[last] += total - sum(durations)
    return durations
