"""The transport of an exercise: one vector at a time, as in the W3C Timing Object.

A vector says: from the shared-clock second `at` on, the position (seconds of the timeline) is `position`, and
moves with `velocity` 0 or 1. A course is a row of vectors, each in force until the next; so a change a little
ahead, a hold of ten seconds and its end, and the way a question without an answer leads, all stand in the
course beforehand. A phone that has the course needs no server to follow it.

All functions are pure. Times are seconds of the shared clock, positions are seconds of the timeline.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from exercises.timeline import SPOKEN, Cue, Timeline, seconds

EPSILON_S = 1e-6
"""Far below one sample; what differs by less is the same moment."""


@dataclass(frozen=True)
class Vector:
    """Position and velocity from the shared-clock second `at` on."""

    position: float
    velocity: Literal[0, 1]
    at: float

    def position_at(self, now: float) -> float:
        """The position at `now`; before `at`, that of `at`."""
        return self.position + self.velocity * max(0.0, now - self.at)


@dataclass(frozen=True)
class Course:
    """Vectors by rising `at`, at least one. Exactly one is in force at any moment."""

    vectors: tuple[Vector, ...]

    def vector_at(self, now: float) -> Vector:
        """The vector in force at `now`; before all of them, the first."""
        started = [v for v in self.vectors if v.at <= now + EPSILON_S]
        return started[-1] if started else self.vectors[0]

    def position_at(self, now: float) -> float:
        """Seconds of the timeline at `now`."""
        return self.vector_at(now).position_at(now)

    def since(self, now: float) -> Course:
        """The same course without what is over at `now`; a vector that moves is anchored at `now` afresh."""
        first = self.vector_at(now)
        later = self.vectors[self.vectors.index(first) + 1 :]
        if first.velocity and first.at < now:
            first = Vector(first.position_at(now), 1, now)
        return Course((first, *later))

    def then(self, *vectors: Vector) -> Course:
        """The course up to the first of `vectors`, then those; whatever stood later is dropped."""
        return Course((*(v for v in self.vectors if v.at < vectors[0].at - EPSILON_S), *vectors))

    def when(self, position: float, after: float) -> float | None:
        """The first time from `after` on at which the course, moving, is at `position`."""
        ends = [*(v.at for v in self.vectors[1:]), math.inf]
        for vector, end in zip(self.vectors, ends, strict=True):
            at = vector.at + position - vector.position
            begin = max(vector.at, after)
            if vector.velocity and begin - EPSILON_S <= at <= end + EPSILON_S:
                return max(at, after)
        return None

    def leaves(self, start: float, end: float, after: float) -> float | None:
        """The first time from `after` on at which the course, moving or by a leap, is not from `start` to `end`."""
        ends = [*(v.at for v in self.vectors[1:]), math.inf]
        for vector, until in zip(self.vectors, ends, strict=True):
            begin = max(vector.at, after)
            if begin >= until - EPSILON_S:
                continue
            position = vector.position_at(begin)
            if not start - EPSILON_S <= position < end - EPSILON_S:
                return begin
            if vector.velocity and begin + end - position <= until + EPSILON_S:
                return begin + end - position
        return None

    def shifted(self, by: float) -> Course:
        """The same course on a clock that shows `by` seconds more."""
        return Course(tuple(Vector(v.position, v.velocity, v.at + by) for v in self.vectors))


@dataclass(frozen=True)
class Span:
    """From `start` to `end` in seconds of the timeline, `end` exclusive."""

    start: float
    end: float


@dataclass(frozen=True)
class Beat:
    """A question of consent inside the exercise: its cue, when it begins to be asked, when the time is up."""

    cue: int
    asked: float
    until: float


@dataclass(frozen=True)
class Touch:
    """A touch by way of two phones: the line that invites to it, the silence that waits for both, its end."""

    invited: float
    start: float
    end: float


@dataclass(frozen=True)
class Fork:
    """A leap of the course from `at` to `to`, unless both have agreed to go on."""

    at: float
    to: float


@dataclass(frozen=True)
class Layout:
    """The layout of a timeline that conducting needs, in seconds.

    lines      slots of spoken lines
    sounding   slots of anything spoken, the words of a breath included
    beats      questions of consent before the return
    moves      each look, reach or touch, from the line that invites to it, to its end
    touches    those of them that wait for both phones
    """

    length: float
    return_at: float
    lines: tuple[Span, ...]
    sounding: tuple[Span, ...]
    beats: tuple[Beat, ...]
    moves: tuple[Span, ...]
    touches: tuple[Touch, ...]

    @classmethod
    def of(cls, timeline: Timeline) -> Layout:
        """Measure a timeline."""
        cues = timeline.cues
        return_at = seconds(next(part.start for part in timeline.parts if part.name == "return"))
        asked = [i for i, cue in enumerate(cues) if cue.kind == "decision" and seconds(cue.start) < return_at]
        holds = [i for i, cue in enumerate(cues) if cue.kind == "hold"]
        return cls(
            length=seconds(timeline.length),
            return_at=return_at,
            lines=tuple(_span(cue) for cue in cues if cue.kind == "line"),
            sounding=tuple(_span(cue) for cue in cues if cue.kind in SPOKEN),
            beats=tuple(Beat(i, _invited(cues, i), seconds(cues[i].end)) for i in asked),
            moves=tuple(Span(_invited(cues, i), seconds(cues[i].end)) for i in holds),
            touches=tuple(
                Touch(_invited(cues, i), seconds(cues[i].start), seconds(cues[i].end))
                for i in holds
                if cues[i].move == "touch"
            ),
        )

    def spoken_at(self, position: float) -> Span | None:
        """The slot in which a voice is heard at `position`."""
        return next((s for s in self.sounding if s.start <= position + EPSILON_S < s.end), None)

    def line_start(self, position: float) -> float:
        """The beginning of the current line, or of the last one that was heard; the beginning if none was."""
        return max((s.start for s in self.lines if s.start <= position + EPSILON_S), default=0.0)

    def forks(self, agreed: Iterable[int], lower_from: float | None) -> tuple[Fork, ...]:
        """The place that no answer leads to: the return, once the time of a question is up.

        After a rung down at `lower_from`, questions that have not begun are no longer asked; the course
        leaves for the return where they would have begun.
        """
        result = []
        for beat in self.beats:
            if beat.cue in agreed:
                continue
            unasked = lower_from is not None and beat.asked >= lower_from - EPSILON_S
            result.append(Fork(beat.asked if unasked else beat.until, self.return_at))
        return tuple(f for f in result if f.at < f.to - EPSILON_S)

    def passed_over(self, lower_from: float | None) -> tuple[Span, ...]:
        """The looks, reaches and touches that a rung down leaves out: those whose invitation has not begun."""
        if lower_from is None:
            return ()
        return tuple(span for span in self.moves if span.start >= lower_from - EPSILON_S)


def _span(cue: Cue) -> Span:
    return Span(seconds(cue.start), seconds(cue.end))


def _invited(cues: tuple[Cue, ...], index: int) -> float:
    """The beginning of the line that leads to cue `index`."""
    return seconds(max((c.start for c in cues[:index] if c.kind == "line"), default=cues[index].start))


def unfold(course: Course, forks: Iterable[Fork]) -> Course:
    """The course with the leap of every fork that it comes to."""
    ends = [*(v.at for v in course.vectors[1:]), math.inf]
    result: list[Vector] = []
    for vector, end in zip(course.vectors, ends, strict=True):
        result.append(vector)
        while vector.velocity:
            ahead = [f for f in forks if f.at >= vector.position - EPSILON_S and f.to > f.at + EPSILON_S]
            if not ahead:
                break
            fork = min(ahead, key=lambda f: f.at)
            at = vector.at + max(0.0, fork.at - vector.position)
            if at >= end - EPSILON_S:
                break
            vector = Vector(fork.to, 1, at)
            result.append(vector)
    return Course(tuple(result))


def still(course: Course, at: float) -> Course:
    """Rest from `at` on, wherever the course is then."""
    return course.then(Vector(course.position_at(at), 0, at))


def going(course: Course, at: float) -> Course:
    """Move on from `at` on, from wherever the course is then."""
    return course.then(Vector(course.position_at(at), 1, at))


def leap(course: Course, to: float, at: float, moving: bool) -> Course:
    """Be at the position `to` from `at` on."""
    return course.then(Vector(to, 1 if moving else 0, at))


def line_end(course: Course, layout: Layout, soon: float) -> float:
    """The time at which the line that sounds at `soon` is over; `soon` itself if none does."""
    span = layout.spoken_at(course.position_at(soon))
    reached = course.when(span.end, soon) if span and course.vector_at(soon).velocity else None
    return soon if reached is None else reached


def hold(course: Course, layout: Layout, soon: float, seconds_: float | None) -> tuple[Course, float | None]:
    """Rest after the current line, for some seconds or until released; also when the hold ends by itself."""
    at = line_end(course, layout, soon)
    held = still(course, at)
    if seconds_ is None:
        return held, None
    return going(held, at + seconds_), at + seconds_


def interject(course: Course, layout: Layout, at: float, seconds_: float, go_on: bool) -> Course:
    """Make room for a line that is spoken from `at` on; a line that it breaks into is heard again after."""
    position = course.position_at(at)
    span = layout.spoken_at(position)
    if span and course.vector_at(at).velocity:
        position = span.start
    quiet = course.then(Vector(position, 0, at))
    return going(quiet, at + seconds_) if go_on else quiet
