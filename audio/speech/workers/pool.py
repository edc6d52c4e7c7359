"""Engines at work in processes of their own: lines in, clips out.

An engine may hang, die or write rubbish. So each runs in a spawned process with one job at a time and a time
limit; a process that breaks the rules is killed and replaced, and the line is tried once more. A process that
nobody has needed for a while is ended, and a new one started when it is needed again.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from audio.errors import VoiceError
from audio.speech.clips.store import Tuning
from audio.speech.clips.synthesis import Line
from audio.speech.engines import Voice

from .voice_process import START_LIMIT_S, STOPPED, Broken, NotOpened, VoiceProcess, kind_of

log = logging.getLogger(__name__)

LINE_LIMIT_S = 12.0
LINE_LIMIT_PER_WORD_S = 1.5
"""A voice may take twice as long as what it says, at the slowest pace."""
CLOSE_LIMIT_S = 0.5
TRIES = 2
MAX_WAITING = 256
"""Jobs in the queue. A room may ask for every wording of an exercise at once; more than that waits outside."""

MOST_OVERTAKEN = 8
"""Jobs for a voice that runs already go before one that needs a process of its own, but no more than so many."""

IDLE_S = 600.0
"""A process that has had nothing to do for so long is ended."""
SPARE_S = 60.0
"""So is one that has a sister that could do its work, after this."""


@dataclass
class _Job:
    """Something for a voice to do; `order` goes to its process as it is."""

    voice: Voice
    order: tuple[Any, ...]
    limit_s: float
    future: Future[Any] = field(default_factory=Future)
    overtaken: int = 0
    """The number of those that came later and were begun before it."""


@dataclass(frozen=True)
class _Resting:
    """A process with nothing to do since this time."""

    process: VoiceProcess
    since: float


def _limit_s(text: str) -> float:
    return LINE_LIMIT_S + LINE_LIMIT_PER_WORD_S * len(text.split())


class VoicePool:
    """A bounded number of worker processes behind one bounded queue; `speak` and `read` return with a Future.

    At once, that is, unless MAX_WAITING jobs wait already: then whoever asks waits for room in the queue.
    nice   by how much its processes give way to all others, from 0 to 19
    clock  tells since when a process has had nothing to do, in seconds
    """

    def __init__(self, workers: int = 0, nice: int = 0, clock: Callable[[], float] = time.monotonic):
        self._nice, self._clock = nice, clock
        self._jobs: list[_Job] = []
        self._changed = threading.Condition()
        self._closed = False
        self._resting: list[_Resting] = []
        self._counts: Counter[Hashable] = Counter()
        """Processes of each kind, those that are being started included."""

        self._processes: set[VoiceProcess] = set()
        self._starting = threading.Lock()
        """Held while a process starts: one that loses its parent in the middle of that complains aloud."""

        self._count = workers or 2 * (os.cpu_count() or 1)
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(self._count)]
        for thread in self._threads:
            thread.start()

    def warm(self, voice: Voice) -> Future[None]:
        """Start as many processes with this voice as there may be, without waiting; the future is of the first."""
        started = [self._submit(voice, ("open",), START_LIMIT_S) for _ in range(self._most(voice))]
        return started[0]

    def speak(self, line: Line, tuning: Tuning) -> Future[np.ndarray]:
        """The line as int16 samples at SAMPLE_RATE; the future raises VoiceError."""
        return self._submit(line.voice, ("speak", line, tuning), _limit_s(line.text))

    def read(self, line: Line, sentence: str, tuning: Tuning) -> Future[np.ndarray]:
        """One sentence as `line` wants it, without its level, for tuning: float32; the future raises VoiceError."""
        return self._submit(line.voice, ("read", line, sentence, tuning), _limit_s(sentence))

    def end_idle(self, now: float) -> None:
        """End the processes that have had nothing to do for IDLE_S, and those that can be spared for SPARE_S."""
        with self._changed:
            gone, kept = [], Counter(self._counts)
            for resting in list(self._resting):
                kind, idle_s = resting.process.kind, now - resting.since
                if idle_s >= IDLE_S or (idle_s >= SPARE_S and kept[kind] > 1):
                    kept[kind] -= 1
                    self._resting.remove(resting)
                    gone.append(resting.process)
        for process in gone:
            self._end(process)

    def _most(self, voice: Voice) -> int:
        """The number of processes that the kind of a voice may have."""
        return min(self._count, voice.processes, os.cpu_count() or 1) if voice.processes else self._count

    def _submit(self, voice: Voice, order: tuple[Any, ...], limit_s: float) -> Future[Any]:
        job = _Job(voice, order, limit_s)
        with self._changed:
            while len(self._jobs) >= MAX_WAITING and not self._closed:
                self._changed.wait()
            self._jobs.append(job)
            self._changed.notify_all()
        return job.future

    def close(self) -> None:
        """Let running jobs finish, drop waiting ones, and end the processes."""
        self._close()
        for thread in self._threads:
            thread.join()
        for resting in self._resting:
            self._end(resting.process)
        self._resting.clear()

    def abandon(self) -> None:
        """End the processes without waiting for the lines that they are in the middle of."""
        self._close()
        with self._starting:
            processes = list(self._processes)
        for process in processes:
            process.release()
        until = time.monotonic() + CLOSE_LIMIT_S
        for process in processes:
            process.wait(until)

    def _close(self) -> None:
        with self._changed:
            self._closed = True
            for job in self._jobs:
                job.future.cancel()
            self._jobs.clear()
            self._changed.notify_all()

    def _next(self) -> tuple[_Job, VoiceProcess | None] | None:
        """The job to do next and the process for it, None for a new one; None instead when it is over."""
        with self._changed:
            while not self._closed:
                if found := self._for_resting() or self._for_another():
                    self._changed.notify_all()
                    return found
                self._changed.wait()
            return None

    def _for_resting(self) -> tuple[_Job, VoiceProcess] | None:
        """The job that has waited longest of those that a process can do which has nothing to do."""
        for job in self._candidates():
            for resting in reversed(self._resting):
                if resting.process.kind == kind_of(job.voice):
                    self._begin(job)
                    self._resting.remove(resting)
                    return job, resting.process
        return None

    def _candidates(self) -> list[_Job]:
        """The jobs that may be next: all, or the oldest alone once too many went before it."""
        if self._jobs and self._jobs[0].overtaken >= MOST_OVERTAKEN and self._may_start(self._jobs[0]):
            return self._jobs[:1]
        return self._jobs

    def _may_start(self, job: _Job) -> bool:
        """Tell whether a process of its kind may be started or has nothing to do; else waiting for it would be idle."""
        kind = kind_of(job.voice)
        rests = any(resting.process.kind == kind for resting in self._resting)
        return rests or self._counts[kind] < self._most(job.voice)

    def _begin(self, job: _Job) -> None:
        """Take a job out of the queue; those before it were overtaken."""
        for before in self._jobs[: self._jobs.index(job)]:
            before.overtaken += 1
        self._jobs.remove(job)

    def _for_another(self) -> tuple[_Job, None] | None:
        """The job that has waited longest of those for which one more process may be started."""
        for job in self._candidates():
            if self._counts[kind_of(job.voice)] < self._most(job.voice):
                self._begin(job)
                self._counts[kind_of(job.voice)] += 1
                return job, None
        return None

    def _run(self) -> None:
        """One of the pool's threads: does jobs, and replaces a process when it breaks."""
        while found := self._next():
            job, process = found
            if job.future.set_running_or_notify_cancel():
                process = self._do(job, process)
            elif process is None:
                self._discount(kind_of(job.voice))
            if process:
                with self._changed:
                    self._resting.append(_Resting(process, self._clock()))
                    self._changed.notify_all()

    def _do(self, job: _Job, process: VoiceProcess | None) -> VoiceProcess | None:
        """Do a job; gives the process that can do the next one, if there is one. What it counts for is held."""
        error: VoiceError | None = None
        for attempt in range(1, TRIES + 1):
            try:
                process = process or self._start(job.voice)
                job.future.set_result(process.ask(job.voice, job.order, job.limit_s))
                return process
            except VoiceError as found:
                error = found
                if self._closed:
                    break
                log.warning("a line failed at try %d: %s", attempt, error)
                if process and isinstance(error, Broken):
                    self._forget(process)
                    process.kill()
                    process = None
        told = f"{error} It was tried twice; start the exercise again."
        job.future.set_exception(error if self._closed and error else VoiceError(told))
        if isinstance(error, NotOpened):
            self._give_up(kind_of(job.voice), told)
        if process is None:
            self._discount(kind_of(job.voice))
        return process

    def _give_up(self, kind: Hashable, told: str) -> None:
        """Fail every job of a kind that waits for what could not be opened, rather than try it for each of them."""
        with self._changed:
            same = [job for job in self._jobs if kind_of(job.voice) == kind]
            self._jobs = [job for job in self._jobs if kind_of(job.voice) != kind]
            self._changed.notify_all()
        for job in same:
            if job.future.set_running_or_notify_cancel():
                job.future.set_exception(VoiceError(told))

    def _start(self, voice: Voice) -> VoiceProcess:
        self._make_room()
        with self._starting:
            if self._closed:
                raise VoiceError(STOPPED)
            try:
                process = VoiceProcess(voice, self._nice)
            except OSError as error:
                raise VoiceError(f"The voice could not be started ({error.strerror}).") from error
            self._processes.add(process)
        return process

    def _make_room(self) -> None:
        """End the process that has rested longest, where there would be more of them than workers."""
        with self._changed:
            crowded = self._resting and sum(self._counts.values()) > self._count
            resting = self._resting.pop(0) if crowded else None
        if resting:
            self._end(resting.process)

    def _discount(self, kind: Hashable) -> None:
        with self._changed:
            self._counts[kind] -= 1
            self._changed.notify_all()

    def _forget(self, process: VoiceProcess) -> None:
        with self._starting:
            self._processes.discard(process)

    def _end(self, process: VoiceProcess) -> None:
        """End a process that was taken out of those that rest."""
        self._forget(process)
        process.release()
        process.wait(time.monotonic() + CLOSE_LIMIT_S)
        self._discount(process.kind)
