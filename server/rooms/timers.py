"""One greenlet that wakes rooms: each room has one time at which it wants to be called, always the last it named."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import Event

LONGEST_SLEEP_S = 60.0


class Timers:
    """Wakings by room. A room that names a later time leaves its entry, which is put off when it comes up."""

    def __init__(self, clock: Callable[[], float], wake: Callable[[str], None]):
        self._clock, self._wake = clock, wake
        self._wanted: dict[str, float] = {}
        self._queued: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []
        self._changed = Event()
        self._greenlet: Any = None

    def start(self) -> None:
        """Begin to wake."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Wake nobody any more."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def set(self, room: str, at: float) -> None:
        """Wake a room at this time, and not at the one it named before."""
        self._wanted[room] = at
        if at < self._queued.get(room, float("inf")):
            self._queued[room] = at
            heapq.heappush(self._heap, (at, room))
            if self._heap[0] == (at, room):
                self._changed.set()

    def drop(self, room: str) -> None:
        """Forget a room."""
        self._wanted.pop(room, None)
        self._queued.pop(room, None)

    def due(self, now: float) -> list[str]:
        """The rooms whose time has come."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            at, room = heapq.heappop(self._heap)
            if self._queued.get(room) != at:
                continue
            del self._queued[room]
            wanted = self._wanted.get(room)
            if wanted is None:
                continue
            if wanted <= now:
                del self._wanted[room]
                found.append(room)
            else:
                self.set(room, wanted)
        return found

    def _run(self) -> None:
        while True:
            now = self._clock()
            for room in self.due(now):
                self._wake(room)
            ahead = self._heap[0][0] - self._clock() if self._heap else LONGEST_SLEEP_S
            self._changed.clear()
            self._changed.wait(min(max(ahead, 0.001), LONGEST_SLEEP_S))
